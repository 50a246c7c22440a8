/** What a wallet in a browser needs of a credential by itself: to read it, select from it, present it and check it. */
export { resolveDidJwk } from '@facet-id/credential/did'
export { checkOf, jwkThumbprint, readJws, readPublicJwk, writeJws } from '@facet-id/credential/jose'
export {
  openStoredSdJwt,
  readClaimsPath,
  selectByPath,
  selectDisclosures,
  writeKeyBindingInput,
  writeSdJwt,
} from '@facet-id/credential/sd-jwt'
export { beginJudgement, nextQuestion, reportOf, takeAnswer } from '@facet-id/credential/sd-jwt-vc'
export { readStatusReference, statusAt } from '@facet-id/credential/status-list'
