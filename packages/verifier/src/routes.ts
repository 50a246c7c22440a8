/** Which endpoint answers at an address. */
import { VerifierError } from './error.ts'

export type Endpoint = 'requests' | 'responses' | 'results'

export interface Route {
  readonly endpoint: Endpoint
  /** Empty for results: which is meant stands in no address. */
  readonly requestId: string
}

const ROUTE = /^\/(?:(requests|responses)\/([A-Za-z0-9_-]{1,64})|(results))$/

/** @throws {VerifierError} `endpoint_unknown` */
export function routeOf(url: string, baseUrl: string): Route {
  const [path = ''] = url.split('?', 1)
  const [, ofOne, requestId = '', results] = path.startsWith(baseUrl)
    ? (ROUTE.exec(path.slice(baseUrl.length)) ?? [])
    : []
  const endpoint = ofOne ?? results
  if (endpoint === 'requests' || endpoint === 'responses' || endpoint === 'results')
    return { endpoint, requestId }
  throw new VerifierError('endpoint_unknown', 'Nothing answers at this path')
}
