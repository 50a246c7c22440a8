export { REQUEST_OBJECT_LENGTH } from '../request/request-object-jwt.ts'
export {
  multisignedPlatformRequest,
  type PlatformProtocol,
  type PlatformRequest,
  platformProtocols,
  type ReadPlatformRequest,
  readPlatformRequest,
  signedPlatformRequest,
  unsignedPlatformRequest,
} from './platform-request.ts'
export {
  isExpectedAt,
  platformAudience,
  readPlatformResponse,
  writeEncryptedPlatformResponse,
  writePlatformResponse,
} from './platform-response.ts'
