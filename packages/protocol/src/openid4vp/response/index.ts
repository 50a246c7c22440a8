export { readRedirectResponse, redirectLocation } from './authorization-response.ts'
export {
  encryptedResponseRequest,
  type PostedResponse,
  readPostedResponse,
  readResponsePayload,
  writeResponsePayload,
} from './encrypted-response.ts'
export { findRefusal, type Refusal } from './refusal.ts'
export { type AnswerPlace, answerPlaceOf } from './response-mode.ts'
