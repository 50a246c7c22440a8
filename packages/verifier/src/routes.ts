/** Which endpoint answers at an address. */
import { VerifierError } from './error.ts'

export type Endpoint = 'requests' | 'responses' | 'results'

export interface Route {
  readonly endpoint: Endpoint
  /** Empty for results, and for answers that go to one address: which is meant stands in no address then. */
  readonly requestId: string
}

const ROUTE = /^\/(?:(requests|responses)\/([A-Za-z0-9_-]{1,64})|(results|responses))$/

/** @throws {VerifierError} `endpoint_unknown` */
export function routeOf(url: string, baseUrl: string): Route {
  const [path = ''] = url.split('?', 1)
  const [, ofOne, requestId = '', ofAll] = path.startsWith(baseUrl)
    ? (ROUTE.exec(path.slice(baseUrl.length)) ?? [])
    : []
  const endpoint = ofOne ?? ofAll
  if (endpoint === 'requests' || endpoint === 'responses' || endpoint === 'results')
    return { endpoint, requestId }
  throw new VerifierError('endpoint_unknown', 'Nothing answers at this path')
}
