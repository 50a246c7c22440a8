/** A request that cannot be made: what its maker asked for is not what a wallet could be asked. */
import { VerifierError } from '../error.ts'

/** `request_unfit`. @param why of what was wished, in words: it goes on after "The request cannot be made:" */
export function unfit(why: string, cause?: unknown): VerifierError {
  return new VerifierError('request_unfit', `The request cannot be made: ${why}`, { cause })
}
