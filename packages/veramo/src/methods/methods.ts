/** The methods of DIDs that can be made here. */
import type { MethodName } from '../custody/kept-did.ts'
import { jwk } from './jwk.ts'
import { key } from './key.ts'
import type { DidMethod } from './method.ts'
import { web } from './web.ts'

const methods: Readonly<Record<MethodName, DidMethod>> = { jwk, key, web }

export const allMethods: readonly DidMethod[] = Object.values(methods)

export function methodOf(name: MethodName): DidMethod {
  return methods[name]
}
