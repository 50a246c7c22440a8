export {
  type Authority,
  createAuthority,
  type IssueWishes,
  issueCertificate,
  revokeCertificate,
} from './authority.ts'
export { type Issued, readBook } from './book.ts'
export type { CertificatePurpose } from './certificate-writer.ts'
