/** Name constraints (RFC 5280 §4.2.1.10): below this authority, only such names, and none of those. */
import type { GeneralSubtree, NameConstraints as Read } from '@peculiar/asn1-x509'
import { malformed } from './asn1.ts'
import { type GeneralName, readBaseName } from './general-name.ts'
import { type DistinguishedName, isWithinName } from './name.ts'

export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** What is held against the constraints. */
export interface Named {
  readonly subject: DistinguishedName
  readonly subjectAltNames: readonly GeneralName[]
}

/** @throws {TrustError} `der_malformed` */
export function readNameConstraints({ permittedSubtrees, excludedSubtrees }: Read): NameConstraints {
  if (permittedSubtrees === undefined && excludedSubtrees === undefined) {
    throw malformed('constraints on names constrain nothing')
  }
  return {
    permitted: permittedSubtrees?.map(readSubtree) ?? [],
    excluded: excludedSubtrees?.map(readSubtree) ?? [],
  }
}

/** Whether all names of a certificate lie within the constraints of an authority above it. */
export function obeysNameConstraints(named: Named, { permitted, excluded }: NameConstraints): boolean {
  return namesOf(named).every((name) => {
    if (excluded.some((base) => isSameKind(base, name) && isExcludedBy(name, base))) return false
    const ofKind = permitted.filter((base) => isSameKind(base, name))
    return ofKind.length === 0 || ofKind.some((base) => isWithin(name, base))
  })
}

/** RFC 5280 §4.2.1.10: minimum is always 0 and maximum absent, so a subtree is its base. */
function readSubtree({ base, minimum, maximum }: GeneralSubtree): GeneralName {
  if (minimum !== 0 || maximum !== undefined) throw malformed('a constraint on names has more than a base')
  return readBaseName(base)
}

/** An empty subject is no name. */
function namesOf({ subject, subjectAltNames }: Named): readonly GeneralName[] {
  return subject.parts.length === 0
    ? subjectAltNames
    : [{ kind: 'directory', name: subject }, ...subjectAltNames]
}

function isSameKind(a: GeneralName, b: GeneralName): boolean {
  return a.kind === b.kind && (a.kind !== 'other' || b.kind !== 'other' || a.form === b.form)
}

/** A name of a kind that cannot be followed might be anything: it counts as excluded, and as not permitted. */
function isExcludedBy(name: GeneralName, base: GeneralName): boolean {
  const canFollow = name.kind === 'dns' || name.kind === 'directory'
  return !canFollow || isWithin(name, base)
}

function isWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'dns' && base.kind === 'dns') return isWithinDomain(name.name, base.name)
  if (name.kind === 'directory' && base.kind === 'directory') return isWithinName(name.name, base.name)
  return false
}

/**
 * §4.2.1.10: a name with any number of labels put in front, and so all names for an empty one. A dot in front has no
 * meaning there for DNS names; authorities write it, as for URIs, to mean what lies below and not the domain itself.
 */
function isWithinDomain(name: string, base: string): boolean {
  if (base === '' || name === base) return true
  return name.endsWith(base.startsWith('.') ? base : `.${base}`)
}
