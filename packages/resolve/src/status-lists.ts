/**
 * The status of credentials, out of lists that are fetched once and kept for as long as their
 * issuers say. Whoever hosts a list sees that somebody fetched it, and not for which credential.
 */
import type { KeyMechanism, StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import { type StatusReference, statusAt } from '@facet-id/credential/status-list'
import type { CertificateIdentity } from '@facet-id/trust'
import { createKeptLists } from './kept-lists.ts'
import {
  fetchStatusList,
  type ListIssuer,
  type StatusList,
  type StatusListAnswer,
  type StatusListBounds,
  type StatusListPorts,
} from './status-list.ts'

export interface StatusLists {
  /**
   * What the issuer's list says of one entry. Never rejects, and never says more than was found out:
   * a list that cannot be had or believed leaves the status `undetermined` or `refused`.
   */
  statusOf(of: StatusQuestion): Promise<StatusAnswer>
  /**
   * The whole list, to be taken along to where nothing can be fetched; as it is kept, so it may be as old as its issuer
   * lets it be. Never rejects.
   */
  listOf(of: Omit<StatusQuestion, 'reference'> & { readonly uri: string }): Promise<StatusListAnswer>
}

export interface StatusQuestion {
  /** Who issued the credential: a DID, unless `by` says otherwise. */
  readonly issuer: string
  /** How the issuer is known; `did` when absent. */
  readonly by?: KeyMechanism
  /** What its certificate proved; absent unless it is known by one. */
  readonly certificate?: CertificateIdentity
  readonly reference: StatusReference
}

export interface StatusListOptions extends StatusListPorts {
  /** Those that differ from the defaults. */
  readonly bounds?: Partial<StatusListBounds>
}

const defaults: StatusListBounds = {
  minTtl: 1,
  maxTtl: 86_400,
  defaultTtl: 300,
  maxAge: 604_800,
  skew: 60,
  failureTtl: 1,
  maxKeptBytes: 67_108_864,
}

export function createStatusLists({ bounds: given, ...ports }: StatusListOptions): StatusLists {
  const bounds = { ...defaults, ...given }
  const kept = createKeptLists(bounds.maxKeptBytes)
  const underWay = new Map<string, Promise<StatusListAnswer>>()

  const fetchAndKeep = async (key: string, uri: string, issuer: ListIssuer): Promise<StatusListAnswer> => {
    const from = ports.now()
    const answer = await fetchStatusList({ uri, ...issuer }, ports, bounds)
    const keepFor = 'list' in answer ? answer.list.keepFor : bounds.failureTtl
    kept.keep(key, answer, { from, until: from + keepFor })
    return answer
  }

  const listFor = async (uri: string, issuer: ListIssuer): Promise<StatusListAnswer> => {
    // A list is believed of one issuer only, so what another one's credential brings is kept apart.
    const key = `${uri} ${issuer.by} ${issuer.issuer}`
    const known = kept.find(key, ports.now())
    if (known !== undefined) return known
    const begun = underWay.get(key)
    if (begun !== undefined) return begun
    const fetching = fetchAndKeep(key, uri, issuer).finally(() => underWay.delete(key))
    underWay.set(key, fetching)
    return fetching
  }

  const listOf: StatusLists['listOf'] = ({ uri, issuer, by = 'did', certificate }) =>
    listFor(uri, { issuer, by, ...(certificate === undefined ? {} : { certificate }) })
  return {
    listOf,
    async statusOf({ reference: { uri, idx }, ...issuer }) {
      const answer = await listOf({ uri, ...issuer })
      return 'list' in answer ? statusIn(answer.list, idx) : answer
    },
  }
}

/** §8.3: an index that is out of bounds is refused. */
function statusIn({ bits, bytes, expiresAt }: StatusList, idx: number): StatusAnswer {
  try {
    const status = statusAt(bytes, bits, idx)
    return { status, ...(expiresAt === undefined ? {} : { listExpiresAt: expiresAt }) }
  } catch {
    return { refused: 'The status list has no entry for the credential.' }
  }
}
