/** The methods of DIDs that can be made here. */
import type { MethodName } from '../custody/kept-did.ts'
import { jwk } from './jwk.ts'
import { key } from './key.ts'
import type { DidMethod } from './method.ts'
import { peer } from './peer.ts'
import { web } from './web.ts'
import { webvh } from './webvh.ts'

const methods: Readonly<Record<MethodName, DidMethod>> = { jwk, key, peer, web, webvh }

export const allMethods: readonly DidMethod[] = Object.values(methods)

export function methodOf(name: MethodName): DidMethod {
  return methods[name]
}
