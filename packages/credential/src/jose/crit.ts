/**
 * The header `crit`: extensions that whoever wrote the token demands to be understood (RFC 7515 §4.1.11).
 *
 * A recipient that does not understand one of them must refuse the token, and so it does with a list that
 * a careful writer never writes: what it was meant to demand is then not known.
 */
import { CredentialError } from '../error.ts'
import { findMember, isJsonArray, type JsonObject } from '../json.ts'

/** RFC 7515 §4.1, RFC 7518 §4 and RFC 7516 §4.1: they are no extensions, and "MUST NOT" be named. */
const standard = [
  ...['alg', 'jku', 'jwk', 'kid', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'typ', 'cty', 'crit'],
  ...['enc', 'zip', 'epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c'],
]

/**
 * The extensions that are demanded, by name, with what the header says of each; `undefined` when none is.
 *
 * @param understood names that the caller acts upon
 * @throws {CredentialError} `jws_crit_not_understood`: an extension that is not among them; also a list that
 * is empty, names something twice, something that is not in the header, or what is no extension
 */
export function readCrit(header: JsonObject, understood: readonly string[]): JsonObject | undefined {
  if (!Object.hasOwn(header, 'crit')) return undefined
  const names = findMember(header, 'crit')
  if (!isJsonArray(names) || names.length === 0) throw notUnderstood('"crit" must be a list that names some')
  const demanded = names.map((name) => {
    if (typeof name !== 'string' || standard.includes(name)) throw notUnderstood('"crit" names what is none')
    const value = findMember(header, name)
    if (value === undefined) throw notUnderstood('"crit" names one that the header does not have')
    if (!understood.includes(name)) throw notUnderstood('they are not known here')
    return [name, value] as const
  })
  if (new Set(names).size !== names.length) throw notUnderstood('"crit" names one of them twice')
  return Object.fromEntries(demanded)
}

function notUnderstood(why: string): CredentialError {
  return new CredentialError(
    'jws_crit_not_understood',
    `The token demands extensions that must be understood: ${why}`,
  )
}
