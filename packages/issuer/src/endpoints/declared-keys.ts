/**
 * Whether the key that the metadata declares is the signer's: with another, nobody could verify what is issued. What a
 * signer holds is found out by a signature that is good for nothing else.
 */
import { utf8 } from '@facet-id/credential/base64url'
import type { SignatureCheck, Verdict } from '@facet-id/credential/jose'
import { IssuerError } from '../error.ts'
import { signerFor, waysOf } from '../issuance/known-by.ts'
import type { IssuerPorts } from '../ports.ts'
import type { IssuerSettings } from '../settings.ts'

/** No signing input of any token: it has no dots. */
const PROBE = utf8('facet issuer: is the declared key that of the signer?')

/**
 * Refuses at once where the ports answer at once; otherwise the promise rejects with it. A signer that cannot be asked
 * now has said nothing.
 *
 * @throws {IssuerError} `settings_invalid`
 */
export function checkDeclaredKeys(settings: IssuerSettings, ports: IssuerPorts): Promise<void> | undefined {
  const known = waysOf(settings).find(({ by }) => by === 'jwt_vc_issuer')
  if (known?.by !== 'jwt_vc_issuer') return undefined
  const signer = signerFor(known, ports)
  const checkOf = (signature: Uint8Array): SignatureCheck => ({
    alg: signer.alg,
    key: known.publicJwk,
    data: PROBE,
    signature,
  })
  const made = signer.sign(PROBE)
  if (made instanceof Promise) {
    return heard(made.then((signature) => ports.checkSignatures([checkOf(signature)])))
  }
  const verdicts = ports.checkSignatures([checkOf(made)])
  if (verdicts instanceof Promise) return heard(verdicts)
  judge(verdicts)
  return undefined
}

function heard(verdicts: Promise<readonly Verdict[]>): Promise<void> {
  const judged = verdicts.then(judge, () => {})
  // Whoever signs next hears of it; until then nobody need listen.
  judged.catch(() => {})
  return judged
}

function judge([verdict]: readonly Verdict[]): void {
  if (verdict === 'valid') return
  throw new IssuerError(
    'settings_invalid',
    'The publicJwk of knownBy must be the key of the signer: nobody could verify what is issued otherwise',
  )
}
