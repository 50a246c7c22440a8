/** What `facet help` prints. */
export const help = `facet — issue, hold, show in part, verify, revoke

  facet demo [--once] [--json] [--data DIR]
      The whole story in one process: three parties that know each other only by
      URL and link. Without --once the servers stay up until Ctrl-C.

  facet inspect [TOKEN] [--key FILE] [--json]
      What stands in a credential, a presentation, a status list or another signed
      token, and whether it holds, as far as that needs nobody else; beside it what a
      second engine reads. TOKEN is the token, a file with it, or - for the input. The
      key is that of a did:jwk, or the public JWK in FILE. Personal values are shown.

  facet issuer serve [--config FILE] [--profile WORD] [--development] [--public-url URL]
                     [--port N] [--status-ttl SECONDS] [--known-by HOW]
                     [--certificate FILE --certificate-key FILE] [--second-opinion-every N]
                     [--did METHOD] [--keys SOURCE] [--federation-authority URL …]
                     [--json] [--data DIR]
      FILE says what is issued, how persons log in, where claims come from, whose wallets
      are believed (see the README of this package). HOW: did (default), address, or
      certificate (a chain in PEM, and the key that "facet trust ca issue" sealed).
      WORD: none, or haip, which demands of wallets what HAIP 1.0 does.
  facet issuer check [--config FILE] [--profile WORD] [--development] [--public-url URL]
                     [--status-ttl SECONDS] [--known-by HOW]
                     [--certificate FILE --certificate-key FILE] [--second-opinion-every N]
                     [--json]
      Whether a node could be started so, and all that lacks for its profile. FILE and
      what it names are read; nobody is called, and no port is held.
  facet issuer offer [--claims FILE] [--configuration ID …] [--authorization-code]
                     [--subject NAME] [--server URL] [--by-reference] [--qr]
                     [--tx-code KIND] [--tx-code-length N] [--tx-code-hint TEXT]
                     [--no-tx-code] [--json] [--data DIR]
      With a code in it, for the one whom the claims are about; KIND: numeric (default),
      text or none. With --authorization-code for whoever logs in, or NAME alone; at URL,
      an authorization server of the configuration, where it is not to be the issuer's own.
  facet issuer list [--json] [--data DIR]
  facet issuer revoke ISSUANCE [--json] [--data DIR]
  facet issuer grants [--json] [--data DIR]
  facet issuer revoke-grant GRANT [--json] [--data DIR]
      What wallets may still ask for: see it, and end it. What was issued stays good.
  facet issuer deferred [--json] [--data DIR]
  facet issuer approve ISSUANCE [--json] [--data DIR]
  facet issuer deny ISSUANCE [--json] [--data DIR]
      What waits for your word, or for its claims: the wallet gets it when it asks next.
  facet issuer notifications [--json] [--data DIR]
      What wallets said became of their credentials.
  facet issuer status [--json] [--data DIR]
  facet issuer resume CONFIGURATION [--json] [--data DIR]
      A second engine reads the first credential of each configuration and then one
      in N (100). Where it disagrees the configuration is stopped until you resume it.

  facet wallet accept LINK [--tx-code CODE]
                      [--configuration ID …] [--copies N] [--yes] [--yes-undetermined] [--open]
                      [--redirect URL] [--wait SECONDS] [--wallet-provider DIR]
                      [--client-id ID] [--development] [--trust FILE] [--type-document FILE …]
                      [--type-publisher URL …] [--json] [--data DIR]
      Where the issuer asks its persons itself, the address is told, or opened with --open,
      and the way back waited for on this machine; with --redirect URL the browser comes
      back there, and you resume with the address.
  facet wallet request ISSUER [--tx-code CODE]
                      [--configuration ID …] [--copies N] [--yes] [--yes-undetermined] [--open]
                      [--redirect URL] [--wait SECONDS] [--wallet-provider DIR]
                      [--client-id ID] [--development] [--trust FILE] [--type-document FILE …]
                      [--type-publisher URL …] [--json] [--data DIR]
      Asks an issuer for what it has, without an offer.
  facet wallet list [--json] [--data DIR]
  facet wallet present LINK [--yes] [--yes-undetermined] [--development] [--trust FILE]
                       [--type-document FILE …] [--type-publisher URL …] [--json] [--data DIR]
  facet wallet log [--verifier ID] [--vct TYPE] [--event WORD] [--from DAY] [--before DAY]
                   [--export] [--delete] [--json] [--data DIR]
      Each entry is linked to the one before it, and read only as far as that holds. The
      export can be verified elsewhere; what was deleted is gone, and the rest still holds.
  facet wallet forget CREDENTIAL [--json] [--data DIR]
  facet wallet card CREDENTIAL [--out FILE] [--language TAG] [--color-scheme WORD]
                    [--contrast WORD] [--orientation WORD] [--type-document FILE …]
                    [--type-publisher URL …] [--development] [--json] [--data DIR]
      Draws it in SVG as its type wishes. WORD: light or dark, normal or high, portrait
      or landscape. There are personal values on it; FILE is for its owner alone.
  facet wallet pending [--json] [--data DIR]
  facet wallet resume [ISSUANCE] [--back ADDRESS] [--tx-code CODE]
                      [--configuration ID …] [--copies N] [--yes] [--yes-undetermined] [--open]
                      [--redirect URL] [--wait SECONDS] [--wallet-provider DIR]
                      [--client-id ID] [--development] [--trust FILE] [--type-document FILE …]
                      [--type-publisher URL …] [--json] [--data DIR]
  facet wallet abandon ISSUANCE [--json] [--data DIR]
      What was interrupted, or promised for later, waits: see it, go on, or give it up.
  facet wallet due [--json] [--data DIR]
  facet wallet top-up CREDENTIAL [--copies N] [--yes] [--yes-undetermined]
                      [--wallet-provider DIR] [--client-id ID] [--development] [--trust FILE]
                      [--type-document FILE …] [--type-publisher URL …] [--json] [--data DIR]
  facet wallet notify [ISSUANCE] [--development] [--json] [--data DIR]
      What is to be done by now: fetch what was promised, get more copies before they run
      out, tell issuers what they want to hear.

  facet verifier serve [--issuer ISSUER …] [--vct TYPE] [--trust FILE] [--type-document FILE …]
                       [--type-publisher URL …] [--development] [--public-url URL] [--port N]
                       [--require-status] [--no-end-needed] [--accept-withheld]
                       [--known-by HOW …] [--certificate FILE] [--certificate-key FILE]
                       [--attestation FILE] [--client-id NAME] [--profile WORD] [--mode MODE]
                       [--webhook URL] [--webhook-secret FILE] [--did METHOD] [--keys SOURCE]
                       [--federation-authority URL …]
                       [--json] [--data DIR]
      ISSUER is a DID, or the https URL of one that is known by its address. HOW it is
      known itself: did (default), certificate (its hash), host (which the certificate
      names), attestation, address, federation or registration. --profile haip holds it
      to HAIP. Results of what is asked here go to the webhook, signed, until they are
      taken; the secret goes along as a bearer token.
      A credential must show its end, unless none is needed; one that shows no status
      is taken where none can have been withheld, or with --accept-withheld.
  facet verifier ask [WORDS] [--over AGE] [--nationality CODE] [--dcql FILE] [--mode MODE]
                     [--as NAME] [--same-device] [--session TEXT] [--return-to URL] [--page URL]
                     [--origin URL] [--unsigned] [--by-value] [--at SCHEME]
                     [--transaction-data FILE] [--reference TEXT] [--qr] [--json] [--data DIR]
      WORDS such as "over 18, nationality UTO". MODE: direct_post, direct_post.jwt,
      fragment or query (with --page), dc_api or dc_api.jwt (with --origin). NAME is one
      of those that it is known by. On the same device the result waits for the browser.
  facet verifier result TRANSACTION [--wait SECONDS] [--json] [--data DIR]
      Comes as soon as it is there; over HTTP it is at /results, as events too.
  facet verifier receive TRANSACTION [--parameters TEXT] [--answer FILE] [--json] [--data DIR]
      An answer that came to a page: in its address, or from its platform, as JSON.
  facet verifier returned CODE [--session TEXT] [--json] [--data DIR]
      The browser that asked is back: CODE is the response_code, or the whole address.
  facet verifier check [--profile WORD] [--json] [--data DIR]
      What a running verifier lacks for HAIP, all of it.
  facet verifier judge FILE --nonce NONCE --audience WORD --issuer DID … [--vct TYPE]
                       [--status-list FILE …] [--workers N] [--json]
      Many presentations, one a line of FILE, judged offline by N workers (2). A status
      list is a token in a file, as its issuer published it; the freshest counts, and its
      age is told. What only a fetch could tell is undetermined, and not verified.

  facet trust ca create DIR --name NAME [--days N] [--json]
  facet trust ca issue DIR --purpose PURPOSE --name NAME [--dns HOST …] [--key FILE] [--days N]
                       [--json]
  facet trust ca revoke DIR --serial SERIAL [--json]
  facet trust ca show DIR [--json]
      A development authority: certificates for an issuer, a verifier, status lists, or
      (wallet) a provider of wallets, which --wallet-provider DIR plays in development.

  facet trust list create DIR --name NAME --environment WORD [--json]
  facet trust list add DIR --issuer PARTY | --verifier PARTY | --block PARTY [--vct TYPE …]
                       [--claim PATH …] [--purpose TEXT] [--json]
  facet trust list remove DIR --issuer PARTY | --verifier PARTY | --block PARTY [--json]
  facet trust list sign DIR [--days N] [--json]
  facet trust list show DIR [--json]
  facet trust list verify FILE --signer FILE … --name NAME --environment WORD [--json]
      A list of trusted parties. PARTY is a name, or didMethod=, didDomain=, anchor=,
      certificate= or federation= with its value; PATH is a claim, or a JSON array.

  facet trust show [FILE] [--development] [--json] [--data DIR]
      How it stands with each source of a trust configuration: whether it is believed,
      since when, until when. With FILE what it names is fetched now; without, what the
      verifier in DIR believes is told.
  facet trust reload [--json] [--data DIR]
      The verifier in DIR reads its trust configuration anew, and fetches what is due.
  facet trust explain FILE [--issuer ID --vct TYPE] [--client-id ID --query FILE]
                      [--certificate FILE] [--development] [--json]
      What a trust configuration decides, what each of its sources says, and how old
      it is. What it names at addresses is fetched now.

  facet did create [--method METHOD] [--alias NAME] [--alg ALG] [--domain HOST] [--path PATH]
                   [--portable] [--witness DID …] [--threshold N] [--keys SOURCE]
                   [--witness-folder DIR] [--wait SECONDS] [--development] [--json] [--data DIR]
      METHOD: jwk (default), key, peer, web, webvh. ALG: ES256 (default), EdDSA.
  facet did list [--json] [--data DIR]
  facet did show NAME [--json] [--data DIR]
  facet did rotate NAME [--overlap DAYS] [--keys SOURCE] [--witness-folder DIR]
                   [--wait SECONDS] [--development] [--json] [--data DIR]
      Fresh keys; what the old ones signed is verified for so long (default: 366 days).
  facet did add-service NAME --id ID --type TYPE --endpoint URL [--keys SOURCE]
                        [--witness-folder DIR] [--wait SECONDS] [--development] [--json]
                        [--data DIR]
  facet did remove-service NAME --id ID [--keys SOURCE] [--witness-folder DIR]
                           [--wait SECONDS] [--development] [--json] [--data DIR]
  facet did move NAME --domain HOST [--path PATH] [--keys SOURCE] [--witness-folder DIR]
                 [--wait SECONDS] [--development] [--json] [--data DIR]
  facet did deactivate NAME [--yes] [--keys SOURCE] [--witness-folder DIR] [--wait SECONDS]
                       [--development] [--json] [--data DIR]
      Witnesses who are elsewhere are asked in --witness-folder, and have --wait seconds (600).
  facet did witness FILE [--keys SOURCE] [--yes] [--json] [--data DIR]
      Signs what is asked in a file of such a folder, as the witness that it names.
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

  --trust FILE      whom to believe: a trust configuration
  --type-document FILE   what a type of credentials demands and looks like, as published
  --type-publisher URL   a server whose documents about types are fetched
  --data DIR        where a party keeps its state (default: .facet/<party>)
  --json            data for programs
  --yes             agree without being asked; under --trust, with those who are trusted only
  --yes-undetermined  agree as well where nobody could find out whether to trust them, because
                    a list or a federation was not heard
  --development     plain http on loopback is accepted; never use it elsewhere
  --public-url URL  the https address under which the world reaches a service
  --did METHOD      what a service is called when it is made: jwk (default), key, web, webvh
  --keys SOURCE     where keys are: store (default), file:PATH, keyring:DIR,
                    pkcs11:MODULE?token=LABEL, signer:DIR

  --federation-authority URL  who vouches for a service in a federation: it publishes
                    what it says of itself there (OpenID Federation)

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
