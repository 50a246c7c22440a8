/** What `facet help` prints. */
export const help = `facet — issue, hold, show in part, verify, revoke

  facet demo [--once] [--json] [--data DIR]
      The whole story in one process: three parties that know each other only by
      URL and link. Without --once the servers stay up until Ctrl-C.

  facet issuer serve [--development] [--public-url URL] [--port N] [--status-ttl SECONDS]
                     [--known-by HOW] [--json] [--data DIR]
      HOW wallets find its key: did (in the DID itself) or address (published there).
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

  facet verifier serve --issuer ISSUER [--issuer ISSUER …] [--vct TYPE] [--development]
                       [--public-url URL] [--port N] [--json] [--data DIR]
      ISSUER is a DID, or the https URL of one that is known by its address.
  facet verifier ask [--over AGE] [--nationality CODE] [--query FILE] [--json] [--data DIR]
  facet verifier result TRANSACTION [--wait SECONDS] [--json] [--data DIR]

  --data DIR        where a party keeps its state (default: .facet/<party>)
  --json            data for programs
  --yes             agree without being asked
  --development     plain http on loopback is accepted; never use it elsewhere
  --public-url URL  the https address under which the world reaches a service

  FACET_KEY_FILE            the key of an issuer or verifier (default: <DIR>.key)
  FACET_PASSPHRASE_FILE     the passphrase of a wallet; without it the terminal asks
  FACET_TRACE               set: errors show where they happened
  NO_COLOR                  set: no colour

  Exit codes: 0 it was done; 1 it was refused or failed, the last line says why;
  130 it was stopped.
`
