/** What `facet help` prints. */
export const help = `facet — issue, hold, show in part, verify, revoke

  facet demo [--once] [--json] [--data DIR]
      The whole story in one process: three parties that know each other only by
      URL and link. Without --once the servers stay up until Ctrl-C.

  facet issuer serve [--development] [--public-url URL] [--port N] [--status-ttl SECONDS]
                     [--did METHOD] [--keys SOURCE] [--json] [--data DIR]
  facet issuer offer --claims FILE [--configuration ID] [--no-tx-code] [--json] [--data DIR]
  facet issuer list [--json] [--data DIR]
  facet issuer revoke ISSUANCE [--json] [--data DIR]

  facet wallet accept LINK [--tx-code CODE] [--copies N] [--yes] [--development]
                      [--json] [--data DIR]
  facet wallet list [--json] [--data DIR]
  facet wallet present LINK [--yes] [--development] [--json] [--data DIR]
  facet wallet log [--json] [--data DIR]
  facet wallet forget CREDENTIAL [--json] [--data DIR]
  facet wallet pending [--json] [--data DIR]
  facet wallet resume [ISSUANCE] [--tx-code CODE] [--copies N] [--yes] [--development]
                      [--json] [--data DIR]
  facet wallet abandon ISSUANCE [--json] [--data DIR]
      What was interrupted waits: see it, go on with it, or give it up.

  facet verifier serve --issuer DID [--issuer DID …] [--vct TYPE] [--development]
                       [--public-url URL] [--port N] [--did METHOD] [--keys SOURCE]
                       [--json] [--data DIR]
  facet verifier ask [--over AGE] [--nationality CODE] [--query FILE] [--json] [--data DIR]
  facet verifier result TRANSACTION [--wait SECONDS] [--json] [--data DIR]

  facet did create [--method METHOD] [--alias NAME] [--alg ALG] [--domain HOST] [--path PATH]
                   [--portable] [--witness DID …] [--threshold N] [--keys SOURCE]
                   [--development] [--json] [--data DIR]
      METHOD: jwk (default), key, peer, web, webvh. ALG: ES256 (default), EdDSA.
  facet did list [--json] [--data DIR]
  facet did show NAME [--json] [--data DIR]
  facet did rotate NAME [--overlap DAYS] [--keys SOURCE] [--development] [--json] [--data DIR]
      Fresh keys; what the old ones signed is verified for so long (default: 366 days).
  facet did add-service NAME --id ID --type TYPE --endpoint URL [--keys SOURCE]
                        [--development] [--json] [--data DIR]
  facet did remove-service NAME --id ID [--keys SOURCE] [--development] [--json] [--data DIR]
  facet did move NAME --domain HOST [--path PATH] [--keys SOURCE] [--development] [--json]
                 [--data DIR]
  facet did deactivate NAME [--yes] [--keys SOURCE] [--development] [--json] [--data DIR]
  facet did export NAME --out FILE [--json] [--data DIR]
  facet did import FILE [--json] [--data DIR]
  facet did publish NAME --out DIR [--json] [--data DIR]
      Writes the files that a web server must serve for a did:web or did:webvh.
  facet did resolve DID [--development] [--json]
  facet did explain DID [--development] [--json]
      How a DID is resolved, step by step, in words.
  NAME is an alias or a DID. A running service is asked; otherwise the data is opened.

  facet key create --out FILE [--alg ALG]
  facet key convert FILE --to FORM --out FILE
      Keys in files: PEM and JWK are read; FORM is sealed or pem, both under a passphrase.

  facet signer serve --keys SOURCE [--json] [--data DIR]
      Holds keys in a process of its own; others sign with --keys signer:DIR.

  --data DIR        where a party keeps its state (default: .facet/<party>)
  --json            data for programs
  --yes             agree without being asked
  --development     plain http on loopback is accepted; never use it elsewhere
  --public-url URL  the https address under which the world reaches a service
  --did METHOD      what a service is called when it is made: jwk (default), key, web, webvh
  --keys SOURCE     where keys are: store (default), file:PATH, keyring:DIR,
                    pkcs11:MODULE?token=LABEL, signer:DIR

  FACET_KEY_FILE            the key of an issuer or verifier (default: <DIR>.key)
  FACET_PASSPHRASE_FILE     the passphrase of a wallet; without it the terminal asks
  FACET_KEYS_PASSPHRASE_FILE
                            the passphrase of key files, keyrings and exported DIDs
  FACET_PIN_FILE            the PIN of a PKCS #11 token
  FACET_TRACE               set: errors show where they happened
  NO_COLOR                  set: no colour

  Exit codes: 0 it was done; 1 it was refused or failed, the last line says why;
  130 it was stopped.
`
