/** The methods of DIDs that can be made here. */
import type { MethodName } from '../custody/kept-did.ts'
import { jwk } from './jwk.ts'
import type { DidMethod } from './method.ts'
import { web } from './web.ts'

export const methods: Readonly<Partial<Record<MethodName, DidMethod>>> = { jwk, web }

export function methodOf(name: MethodName): DidMethod {
  const found = methods[name]
  if (found === undefined) throw new Error(name)
  return found
}
