/**
 * The thirty rules that implementations of these texts most often get wrong, as their public issue lists show: each has
 * a row, and tests that begin with its id. Whoever takes the last of them away is told what they are about to break.
 */
import { expect, test } from 'vitest'
import { allClaims, allRows } from './requirements.ts'
import { root } from './tree.ts'

const rules: readonly (readonly [mistake: string, ids: readonly string[]])[] = [
  ['the well-known text is appended to the path', ['VCI-12.2.2-1', 'VCI-12.2.2-2', 'ASM-3.1-1']],
  ['one rule for well-known addresses that have two', ['SVC-4-1', 'FED-9-1']],
  [
    'a nonce in a token response or an error, and invalid_proof for a stale one',
    ['VCI-7.2-4', 'VCI-8.3.1-7'],
  ],
  ['codes of older drafts, or invalid_request for everything', ['VCI-8.3.1-2', 'VCI-8.3.1-3', 'VCI-8.3.1-8']],
  ['credential_configuration_id where identifiers were given', ['VCI-8.2-2', 'VCI-6.2-3']],
  ['one old proof in the place of proofs', ['VCI-8.2-6', 'VCI-8.2-9']],
  [
    'an authorization response without iss, or one that nobody compares',
    ['ISS-2-1', 'ISS-2.4-1', 'ISS-2.4-2'],
  ],
  ['nonces of DPoP at the token endpoint alone', ['DPOP-8-1', 'DPOP-8.2-1', 'DPOP-9-1', 'DPOP-9-2']],
  [
    'an endpoint as the audience of an attested wallet, and iss of a draft demanded',
    ['ABCA-5.1-2', 'ABCA-4-07'],
  ],
  [
    'an answer encrypted blindly, or to a key that anybody put there',
    ['VCI-8.2-12', 'VCI-8.2-13', 'VCI-10-2'],
  ],
  ['copies matched by their place, and batches without a bound', ['VCI-8.3-5', 'VCI-12.2.4-17']],
  ['a vp_token that is a text, or holds one', ['VP-8.1-1', 'VP-8.1-2']],
  ['values passed over, or of another kind', ['VP-6.4.1-4']],
  ['claim sets passed over, and all claims demanded', ['VP-6.4.1-3']],
  ['a place that is not there fails the whole request', ['VP-7-1', 'VCI-C-4']],
  ['one credential that does not match stops the search', ['VP-6.4.2-4', 'VP-6.4.2-2']],
  ['an ancestor left out of what is shown, or too much shown', ['VP-7-2', 'VP-6.4-1', 'VP-6.4.1-1']],
  ['a path read as a list of claims', ['VCI-C-1', 'VCI-C-2']],
  ['transaction data decoded before they are hashed', ['VP-TD-6', 'VP-TD-8']],
  ['disclosures that belong to nothing are taken', ['SDJ-7.1-14']],
  ['digests that stand twice are taken, and decoys refused', ['SDJ-7.1-13', 'SDJ-7.1-7']],
  ['a certificate compared with iss by its names, or with nothing', ['SVC-2.5-2', 'SVC-2.5-5']],
  ['the old type of credentials in one of its places', ['SVC-2.2.1-1', 'VCI-A.3-1', 'VP-B.3.4-1']],
  ['a status list that inflates without end, and one form of its header', ['TSL-4.1-5', 'TSL-4.1-1']],
  ['a response code that any session may bring, or often', ['VP-14.3-1', 'HAIP-5.1-5', 'HAIP-5.1-7']],
  [
    'a client id without its prefix, or an origin with a slash, as audience',
    ['VP-5.9-5', 'VP-B.3.6-2', 'VP-A.4-2'],
  ],
  [
    'redirects followed, and addresses checked by their scheme alone',
    ['DWEB-5', 'WVH-T1', 'SVC-7.1-1', 'NET-21'],
  ],
  ['time and hash of a key binding that nobody looks at', ['SDJ-7.3-2']],
  ['the old place of display and claims, and format in details', ['VCI-12.2.4-19', 'VCI-5.1.1-4']],
  [
    'unknown parameters refused, and a request that is fetched once',
    ['VP-5-4', 'VP-5-7', 'VP-5-8', 'VP-8.3-3'],
  ],
]

const rows = new Set(allRows(root).map(({ id }) => id))
const shown = new Set(allClaims(root).map(({ id }) => id))

test('there are thirty of them', () => {
  expect(rules).toHaveLength(30)
})

test.each(rules)('%s: that is shown not to be so here', (_, ids) => {
  for (const id of ids) expect([id, rows.has(id), shown.has(id)]).toEqual([id, true, true])
})
