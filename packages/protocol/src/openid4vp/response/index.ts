export { readRedirectResponse, redirectLocation } from './authorization-response.ts'
export {
  encryptedResponseRequest,
  type PostedResponse,
  readPostedResponse,
  readResponsePayload,
  writeResponsePayload,
} from './encrypted-response.ts'
