/** A way from a party's certificate to an anchor, and the signatures that make it one. */
import { algorithmOf, type SignatureCheck } from '@facet-id/credential/jose'
import { type Certificate, checkOfCertificate } from '../certificate/certificate.ts'
import { checkOfRevocationList, type RevocationList } from '../certificate/crl.ts'
import { sameName } from '../certificate/name.ts'
import type { PathRules, TrustAnchor } from './path-rules.ts'

/** One way from the party's certificate to one anchor. */
export interface Route {
  /** The party's certificate first, the anchor's last. */
  readonly certificates: readonly Certificate[]
  readonly anchor: TrustAnchor
  /** Lists of authorities on the way, each with the place of the certificates it is about. */
  readonly lists: readonly { readonly about: number; readonly list: RevocationList }[]
}

export function routeTo(
  anchor: TrustAnchor,
  sent: readonly Certificate[],
  { revocationLists = [] }: PathRules,
): Route {
  const lists = sent.flatMap(({ issuer }, about) =>
    revocationLists.filter((list) => sameName(list.issuer, issuer)).map((list) => ({ about, list })),
  )
  return { certificates: [...sent, anchor.certificate], anchor, lists }
}

export function checksOfRoute({ certificates, lists }: Route): readonly SignatureCheck[] {
  const links = certificates.slice(0, -1).flatMap((certificate, at) => {
    const issuer = certificates[at + 1]
    return issuer === undefined ? [] : [checkOfCertificate(certificate, issuer.key)]
  })
  const ofLists = lists.flatMap(({ about, list }) => {
    const issuer = certificates[about + 1]
    return issuer === undefined ? [] : [checkOfRevocationList(list, issuer.key)]
  })
  return [...links, ...ofLists]
}

/** One key, one algorithm: whether a signature is of the kind that the key makes. */
export function isPaired({ alg, key }: SignatureCheck): boolean {
  return algorithmOf(key) === alg
}
