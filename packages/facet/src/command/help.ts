/** What `facet help` prints. */
export const help = `facet — issue, hold, show in part, verify, revoke

  facet demo [--once] [--json] [--data DIR]
      The whole story in one process: three servers that know each other only by
      URL and link. Without --once they stay up until Ctrl-C.

  facet issuer serve [--data DIR] [--port N] [--public-url URL] [--development]
  facet issuer offer --claims FILE [--no-tx-code] [--json] [--data DIR]
  facet issuer list [--json] [--data DIR]
  facet issuer revoke ISSUANCE [--data DIR]

  facet wallet accept LINK [--tx-code CODE] [--copies N] [--yes] [--data DIR]
  facet wallet list [--json] [--data DIR]
  facet wallet present LINK [--yes] [--data DIR]
  facet wallet log [--json] [--data DIR]

  facet verifier serve --issuer DID [--issuer DID …] [--vct TYPE] [--data DIR]
                       [--port N] [--public-url URL] [--development]
  facet verifier ask [--over 18] [--nationality CODE] [--query FILE] [--data DIR]
  facet verifier result TRANSACTION [--wait SECONDS] [--json] [--data DIR]

  --data DIR        where a party keeps its state (default: .facet/<party>)
  --development     plain http on loopback is accepted; never use it elsewhere

  FACET_KEY_FILE            the key of an issuer or verifier (default: <DIR>.key)
  FACET_PASSPHRASE_FILE     the passphrase of a wallet; without it the terminal asks
  NO_COLOR                  no colour
`
