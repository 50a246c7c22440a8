/** Reads the examples of RFC 9901 as they are kept: YAML, where `!sd` marks what becomes disclosable. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PublicJwk } from '@facet-id/credential/jose'
import type { PrivateJwk } from '@facet-id/crypto/node'
import { isMap, isScalar, isSeq, parse, parseDocument } from 'yaml'
import type { Marked } from '../interop/marked-claims.ts'

export interface Specification {
  readonly name: string
  readonly claims: Marked
  readonly keyBinding: boolean
  readonly decoys: boolean
  /** How it is sent. */
  readonly form: 'compact' | 'flattened' | 'general'
}

export interface Settings {
  readonly issuer: PrivateJwk<PublicJwk>
  readonly holder: PrivateJwk<PublicJwk>
  readonly nonce: string
  readonly verifier: string
  readonly iat: number
}

export function specificationsIn(folder: string): readonly Specification[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readSpecification(name, readFileSync(join(folder, name, 'specification.yml'), 'utf8')))
}

export function settingsIn(folder: string): Settings {
  const settings = parse(readFileSync(join(folder, 'settings.yml'), 'utf8'))
  return {
    issuer: settings.key_settings.issuer_keys[0],
    holder: settings.key_settings.holder_key,
    nonce: settings.key_binding_nonce,
    verifier: settings.identifiers.verifier,
    iat: settings.iat,
  }
}

function readSpecification(name: string, text: string): Specification {
  // Tags that YAML does not know are warned of, and read here.
  const document = parseDocument(text, { logLevel: 'error' })
  if (document.errors.length > 0) throw new Error(`${name} is no YAML`)
  const { holder_disclosed_claims: wanted, ...rest } = document.toJS() as Record<string, unknown>
  return {
    name,
    claims: markedOf(document.get('user_claims', true), false, wanted),
    keyBinding: rest.key_binding === true,
    decoys: rest.add_decoy_claims === true,
    form: rest.serialization_format !== 'json' ? 'compact' : jsonFormOf(name),
  }
}

/** The examples say which JSON form they mean in their names only. */
function jsonFormOf(name: string): 'flattened' | 'general' {
  return name.endsWith('general') ? 'general' : 'flattened'
}

/** What a holder's wish says of a claim: `true`, something inside it, or (`null`, `{}`) it by itself. */
function markedOf(node: unknown, conceal: boolean, wanted: unknown): Marked {
  const mark = { conceal, show: wanted !== undefined && wanted !== false }
  if (isMap(node)) {
    const members = node.items.map(({ key, value }) => {
      if (!isScalar(key)) throw new Error('a claim is named by a text')
      const name = String(key.value)
      return [name, markedOf(value, key.tag === '!sd', memberOf(wanted, name))] as const
    })
    return { ...mark, holds: { members } }
  }
  if (isSeq(node)) {
    const elements = node.items.map((item, index) =>
      markedOf(item, Object(item).tag === '!sd', memberOf(wanted, index)),
    )
    return { ...mark, holds: { elements } }
  }
  if (!isScalar(node)) throw new Error('a value of YAML that is none of JSON')
  return { ...mark, holds: { scalar: node.value as string | number | boolean | null } }
}

function memberOf(wanted: unknown, name: string | number): unknown {
  return typeof wanted === 'object' && wanted !== null ? Reflect.get(wanted, name) : undefined
}
