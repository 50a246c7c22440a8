/** What of certificates an engine without a platform reads; bundled and run there. */
export { beginPath, checksOfPath, readCertificate, readRevocationList } from '@facet-id/trust/x509'
