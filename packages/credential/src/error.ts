/**
 * Why something was not read as a credential, or not written as one. Codes are stable and meant to be
 * matched; messages are for people and carry no user data.
 */
export type CredentialErrorCode =
  // Encoding
  /** Not base64url without padding, or not its one canonical form (RFC 7515 §2). */
  | 'base64url_malformed'
  /** The bytes are no UTF-8. */
  | 'utf8_malformed'
  /** Not JSON, or JSON that names a number or a text no program can hold (`1e999`, lone surrogates). */
  | 'json_malformed'
  /** JSON, but not an object where an object is asked for. */
  | 'json_not_object'
  /** An object names a member twice. */
  | 'json_name_repeated'
  | 'json_too_deep'
  | 'json_too_large'
  /** A character that base58btc does not have. */
  | 'base58btc_malformed'
  // Keys and signatures
  /** A member of the key is missing, or is not what RFC 7517 and RFC 7518 say it is. */
  | 'jwk_malformed'
  /** Private or symmetric key material where a public key belongs. */
  | 'jwk_private'
  /** A key type, curve, use or algorithm that this release does not take. */
  | 'jwk_unsupported'
  /** Not base58btc of a multicodec and a key of its length, or no point of its curve. */
  | 'multikey_malformed'
  /** A key of a kind that this release does not take, or not for signatures. */
  | 'multikey_unsupported'
  /** Not three parts of canonical base64url, or a part is not what it must be. */
  | 'jws_malformed'
  | 'jws_too_large'
  /** The token is of another kind than the one asked for. */
  | 'jws_typ_unexpected'
  /** The algorithm is not on the list of those that are allowed here. */
  | 'jws_alg_not_allowed'
  /** The header demands that an extension be understood, and it is not. */
  | 'jws_crit_not_understood'
  /** The header brings its own key, certificate or an address to fetch one, where none may. */
  | 'jws_header_forbidden'
  // Encrypted messages
  /** Not five parts of canonical base64url, or a part is not what direct key agreement has there. */
  | 'jwe_malformed'
  | 'jwe_too_large'
  /** Another algorithm than ECDH-ES: passwords, RSA, key wrapping, a shared secret. */
  | 'jwe_alg_not_allowed'
  /** The contents are encrypted in another way than is allowed here. */
  | 'jwe_enc_not_allowed'
  /** The header demands that an extension be understood, and it is not. */
  | 'jwe_crit_not_understood'
  /** The contents are compressed, or the header brings a key or an address to fetch one. */
  | 'jwe_header_forbidden'
  // SD-JWT
  /** Neither the compact form of RFC 9901 §4, with its final `~`, nor a JSON form of §8. */
  | 'sd_jwt_malformed'
  | 'sd_jwt_too_large'
  /** `_sd_alg` names no digest algorithm that this release takes, or stands in the wrong place. */
  | 'sd_alg_not_allowed'
  | 'disclosure_malformed'
  /** The same disclosure was sent twice. */
  | 'disclosure_repeated'
  /** No digest in the credential stands for this disclosure. */
  | 'disclosure_unreferenced'
  /** A disclosure may not bear the name `_sd` or `...`. */
  | 'disclosure_name_forbidden'
  /** A disclosure bears a name that its object already has. */
  | 'disclosure_name_taken'
  /** The same digest stands twice in the credential. */
  | 'digest_repeated'
  /** A list of digests, or a placeholder in an array, is not what RFC 9901 §4.2.4 says it is. */
  | 'digest_malformed'
  | 'disclosures_too_many'
  /** The frame asks to conceal a claim or an element that is not there. */
  | 'frame_names_nothing'
  /** The frame is not built like the claims that it covers. */
  | 'frame_malformed'
  /** The frame asks to conceal a claim that must stay in the clear. */
  | 'frame_protected_claim'
  /** The frame does not conceal what the issuer's own policy says must be concealed. */
  | 'frame_leaves_in_clear'
  /** Claims may not bear the names `_sd`, `_sd_alg` or `...`: RFC 9901 keeps them for itself. */
  | 'claim_name_forbidden'
  | 'claims_path_malformed'
  /** A path asks for a member of something that is no object, or for an element of no array. */
  | 'claims_path_type_mismatch'
  /** A path reaches nothing. */
  | 'claim_absent'
  | 'key_binding_malformed'
  // SD-JWT VC
  | 'vct_missing'
  /** A claim is of the wrong kind: a time that is no number, a name that is no text. */
  | 'claim_malformed'
  /** A claim that must stay in the clear arrived in a disclosure. */
  | 'claim_protected'
  /** A judgement was asked for its report, or given an answer, out of turn. */
  | 'not_ready'
  /** Neither a DID nor an https URL without query and fragment, or a key that cannot be one of it. */
  | 'issuer_malformed'
  /** Issuer metadata, or a set of keys, is not what SD-JWT VC §4.2 and RFC 7517 §5 say, or of another issuer. */
  | 'issuer_metadata_malformed'
  /** A document about a type is not what SD-JWT VC §5.2 to §5.6 say, or is about another type. */
  | 'type_metadata_malformed'
  | 'type_metadata_too_large'
  /** A type extends itself, directly or through others. */
  | 'type_metadata_circular'
  /** More types extend one another than are followed. */
  | 'type_metadata_too_deep'
  /** A type takes back what a type that it extends demands. */
  | 'type_metadata_inheritance'
  /** A credential breaks a rule of its type: a claim lacks, or may or may not be withheld. */
  | 'type_rule_broken'
  /** An integrity value names no digest that is taken. */
  | 'integrity_unsupported'
  /** What was received is not what its integrity value was made over. */
  | 'integrity_mismatch'
  /** A picture holds what is not drawn: code, addresses of others, or what cannot be read. */
  | 'svg_refused'
  /** A claim holds no picture that is shown: another kind, too large, or not what it says. */
  | 'data_uri_refused'
  // Status lists
  /** The claim `status` is there, but is not what it must be. */
  | 'status_malformed'
  | 'status_index_out_of_range'
  /** A width of entries, or a status value, that a status list cannot hold. */
  | 'status_unsupported'
  // DIDs
  /** Not a DID or DID URL, or one whose method reads no key, document or place in it. */
  | 'did_malformed'
  | 'did_method_unsupported'
  /** The short form of a did:peer, whose long form is not known here. */
  | 'did_unknown'
  /** Not a DID document, or not that of the DID that was asked for. */
  | 'did_document_malformed'
  /** An entry of a did:webvh log, or one that was to be written, breaks a rule of the method. */
  | 'did_log_invalid'

/** What every reader and writer of this package throws. Match on `code`, never on the message. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError'
  readonly code: CredentialErrorCode

  constructor(code: CredentialErrorCode, message: string, options?: { readonly cause?: unknown }) {
    // Without a cause the error has no such member, rather than one that is undefined.
    super(message, options?.cause === undefined ? undefined : options)
    this.code = code
  }
}
