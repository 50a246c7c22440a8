export type { JweRecipient, OpenJwe, SealJwe } from '../jose/ports.ts'
export { bareEncryptionJwk, type EncryptionJwk, readEncryptionJwk } from './encryption-key.ts'
export {
  type Jwe,
  type JweEncryption,
  type JweHeader,
  type JweRules,
  jweEncryptions,
  readJwe,
  writeJwe,
  writeJweHeader,
} from './jwe.ts'
