export type { Sent } from '../credential-request.ts'
export { decrypted, ENCRYPTED_MEDIA_TYPE, encrypted, findEncrypted, plainOf } from './encrypted-message.ts'
export type { ResponseEncryption } from './response-encryption.ts'
