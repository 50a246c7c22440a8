export type { Asker, ProofOfAsker } from './asker.ts'
export { chosenItems } from './choice.ts'
export {
  type ConsentQuery,
  type ConsentRequest,
  type ConsentSet,
  consent,
  type PresentationChoice,
  type PresentationConsent,
  type PresentationDecision,
  type PresentationItem,
} from './consent.ts'
export type { AskedTooMuch } from './over-asking.ts'
export type { Presented } from './presented.ts'
export type { ConsentWarning, ConsentWarningCode } from './warnings.ts'
