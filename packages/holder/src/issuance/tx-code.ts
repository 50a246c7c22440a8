/**
 * Whether what a person typed can be the transaction code of an offer: a slip is told before it costs one of the few
 * tries that the issuer allows. OpenID4VCI 1.0 §4.1.1.
 */
import type { TxCode } from '@facet-id/protocol/openid4vci'
import { HolderError } from '../error.ts'

/** @throws {HolderError} `tx_code_missing`; the words say what is expected, and nothing of what was typed */
export function checkTxCode(typed: string, { input_mode = 'numeric', length }: TxCode): void {
  if (typed === '') {
    throw new HolderError('tx_code_missing', 'The offer asks for a transaction code; type it and resume')
  }
  if (input_mode === 'numeric' && !/^[0-9]+$/.test(typed)) {
    throw new HolderError('tx_code_missing', 'The transaction code has digits only; type it again and resume')
  }
  if (length !== undefined && [...typed].length !== length) {
    throw new HolderError(
      'tx_code_missing',
      `The transaction code has ${length} characters; type it again and resume`,
    )
  }
}
