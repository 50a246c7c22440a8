/** What each command takes, in one place. `help.ts` tells it to people; a test compares the two. */

/** `switch` stands alone; `value` is followed by one; `values` may be repeated. */
export type OptionForms = Readonly<Record<string, 'switch' | 'value' | 'values'>>

export interface Syntax {
  /** The one word besides options; in brackets when it may be left out. Absent: there is none. */
  readonly word?: string
  readonly options: OptionForms
}

const anywhere = { data: 'value', json: 'switch' } as const
const serving = {
  ...anywhere,
  port: 'value',
  'public-url': 'value',
  'federation-authority': 'values',
  development: 'switch',
  did: 'value',
  keys: 'value',
} as const
/** What an issuer is; the file says what is beyond these. */
const issuing = {
  config: 'value',
  profile: 'value',
  'status-ttl': 'value',
  'known-by': 'value',
  certificate: 'value',
  'certificate-key': 'value',
  'second-opinion-every': 'value',
} as const
/** For what may need keys that are elsewhere. */
const keyed = {
  ...anywhere,
  keys: 'value',
  development: 'switch',
  'witness-folder': 'value',
  wait: 'value',
} as const
/** Documents about types, for what judges credentials. */
const typed = { 'type-document': 'values', 'type-publisher': 'values' } as const
/** For a wallet that talks to somebody. */
const meeting = {
  ...anywhere,
  ...typed,
  yes: 'switch',
  'yes-undetermined': 'switch',
  development: 'switch',
  trust: 'value',
} as const
/** Whom a rule of a list is about: one of these. */
const party = { issuer: 'value', verifier: 'value', block: 'value', json: 'switch' } as const
const attested = { copies: 'value', 'wallet-provider': 'value', 'client-id': 'value' } as const
const receiving = {
  ...meeting,
  ...attested,
  'tx-code': 'value',
  configuration: 'values',
  open: 'switch',
  redirect: 'value',
  wait: 'value',
} as const

type Command =
  | 'demo'
  | 'inspect'
  | `issuer ${'serve' | 'check' | 'offer' | 'list' | 'revoke' | 'grants' | 'revoke-grant' | 'notifications'}`
  | `issuer ${'deferred' | 'approve' | 'deny' | 'status' | 'resume'}`
  | `wallet ${'request' | 'due' | 'top-up' | 'notify'}`
  | `wallet ${'accept' | 'list' | 'present' | 'log' | 'pending' | 'resume' | 'abandon' | 'forget' | 'card'}`
  | `verifier ${'serve' | 'ask' | 'result' | 'receive' | 'returned' | 'check' | 'judge'}`
  | `did ${'create' | 'list' | 'show' | 'rotate' | 'add-service' | 'remove-service' | 'move' | 'deactivate'}`
  | `did ${'export' | 'import' | 'witness' | 'publish' | 'resolve' | 'explain'}`
  | `key ${'create' | 'convert'}`
  | 'signer serve'
  | `trust ca ${'create' | 'issue' | 'revoke' | 'show'}`
  | `trust list ${'create' | 'add' | 'remove' | 'sign' | 'show' | 'verify'}`
  | `trust ${'show' | 'reload' | 'explain'}`

export const syntax: Readonly<Record<Command, Syntax>> = {
  demo: { options: { ...anywhere, once: 'switch' } },

  inspect: { word: '[TOKEN]', options: { key: 'value', json: 'switch' } },

  'issuer serve': { options: { ...serving, ...issuing } },
  'issuer check': {
    options: { ...issuing, 'public-url': 'value', development: 'switch', json: 'switch' },
  },
  'issuer offer': {
    options: {
      ...anywhere,
      claims: 'value',
      configuration: 'values',
      'authorization-code': 'switch',
      subject: 'value',
      server: 'value',
      'by-reference': 'switch',
      qr: 'switch',
      'tx-code': 'value',
      'tx-code-length': 'value',
      'tx-code-hint': 'value',
      'no-tx-code': 'switch',
    },
  },
  'issuer list': { options: anywhere },
  'issuer revoke': { word: 'ISSUANCE', options: anywhere },
  'issuer grants': { options: anywhere },
  'issuer revoke-grant': { word: 'GRANT', options: anywhere },
  'issuer notifications': { options: anywhere },
  'issuer deferred': { options: anywhere },
  'issuer approve': { word: 'ISSUANCE', options: anywhere },
  'issuer deny': { word: 'ISSUANCE', options: anywhere },
  'issuer status': { options: anywhere },
  'issuer resume': { word: 'CONFIGURATION', options: anywhere },

  'wallet accept': { word: 'LINK', options: receiving },
  'wallet request': { word: 'ISSUER', options: receiving },
  'wallet list': { options: anywhere },
  'wallet present': { word: 'LINK', options: meeting },
  'wallet log': {
    options: {
      ...anywhere,
      verifier: 'value',
      vct: 'value',
      event: 'value',
      from: 'value',
      before: 'value',
      export: 'switch',
      delete: 'switch',
    },
  },
  'wallet pending': { options: anywhere },
  'wallet resume': { word: '[ISSUANCE]', options: { ...receiving, back: 'value' } },
  'wallet due': { options: anywhere },
  'wallet top-up': { word: 'CREDENTIAL', options: { ...meeting, ...attested } },
  'wallet notify': { word: '[ISSUANCE]', options: { ...anywhere, development: 'switch' } },
  'wallet abandon': { word: 'ISSUANCE', options: anywhere },
  'wallet forget': { word: 'CREDENTIAL', options: anywhere },
  'wallet card': {
    word: 'CREDENTIAL',
    options: {
      ...anywhere,
      ...typed,
      development: 'switch',
      out: 'value',
      language: 'value',
      'color-scheme': 'value',
      contrast: 'value',
      orientation: 'value',
    },
  },

  'verifier serve': {
    options: {
      ...serving,
      ...typed,
      issuer: 'values',
      vct: 'value',
      trust: 'value',
      'known-by': 'values',
      certificate: 'value',
      'certificate-key': 'value',
      attestation: 'value',
      'client-id': 'value',
      profile: 'value',
      mode: 'value',
      webhook: 'value',
      'webhook-secret': 'value',
      'require-status': 'switch',
      'no-end-needed': 'switch',
      'accept-withheld': 'switch',
    },
  },
  'verifier ask': {
    word: '[WORDS]',
    options: {
      ...anywhere,
      over: 'value',
      nationality: 'value',
      dcql: 'value',
      mode: 'value',
      as: 'value',
      'same-device': 'switch',
      session: 'value',
      'return-to': 'value',
      page: 'value',
      origin: 'value',
      unsigned: 'switch',
      'by-value': 'switch',
      at: 'value',
      'transaction-data': 'value',
      reference: 'value',
      qr: 'switch',
    },
  },
  'verifier judge': {
    word: 'FILE',
    options: {
      nonce: 'value',
      audience: 'value',
      issuer: 'values',
      vct: 'value',
      'status-list': 'values',
      workers: 'value',
      json: 'switch',
    },
  },
  'verifier receive': {
    word: 'TRANSACTION',
    options: { ...anywhere, parameters: 'value', answer: 'value' },
  },
  'verifier returned': { word: 'CODE', options: { ...anywhere, session: 'value' } },
  'verifier check': { options: { ...anywhere, profile: 'value' } },
  'verifier result': { word: 'TRANSACTION', options: { ...anywhere, wait: 'value' } },

  'did create': {
    options: {
      ...keyed,
      method: 'value',
      alias: 'value',
      alg: 'value',
      domain: 'value',
      path: 'value',
      portable: 'switch',
      witness: 'values',
      threshold: 'value',
    },
  },
  'did list': { options: anywhere },
  'did show': { word: 'NAME', options: anywhere },
  'did rotate': { word: 'NAME', options: { ...keyed, overlap: 'value' } },
  'did add-service': { word: 'NAME', options: { ...keyed, id: 'value', type: 'value', endpoint: 'value' } },
  'did remove-service': { word: 'NAME', options: { ...keyed, id: 'value' } },
  'did move': { word: 'NAME', options: { ...keyed, domain: 'value', path: 'value' } },
  'did deactivate': { word: 'NAME', options: { ...keyed, yes: 'switch' } },
  'did export': { word: 'NAME', options: { ...anywhere, out: 'value' } },
  'did import': { word: 'FILE', options: anywhere },
  'did witness': { word: 'FILE', options: { ...anywhere, keys: 'value', yes: 'switch' } },
  'did publish': { word: 'NAME', options: { ...anywhere, out: 'value' } },
  'did resolve': { word: 'DID', options: { json: 'switch', development: 'switch' } },
  'did explain': { word: 'DID', options: { json: 'switch', development: 'switch' } },

  'key create': { options: { alg: 'value', out: 'value' } },
  'key convert': { word: 'FILE', options: { to: 'value', out: 'value' } },

  'signer serve': { options: { ...anywhere, keys: 'value' } },
  'trust ca create': { word: 'DIR', options: { name: 'value', days: 'value', json: 'switch' } },
  'trust ca issue': {
    word: 'DIR',
    options: { purpose: 'value', name: 'value', dns: 'values', key: 'value', days: 'value', json: 'switch' },
  },
  'trust ca revoke': { word: 'DIR', options: { serial: 'value', json: 'switch' } },
  'trust ca show': { word: 'DIR', options: { json: 'switch' } },

  'trust list create': { word: 'DIR', options: { name: 'value', environment: 'value', json: 'switch' } },
  'trust list add': {
    word: 'DIR',
    options: { ...party, vct: 'values', claim: 'values', purpose: 'value' },
  },
  'trust list remove': { word: 'DIR', options: party },
  'trust list sign': { word: 'DIR', options: { days: 'value', json: 'switch' } },
  'trust list show': { word: 'DIR', options: { json: 'switch' } },
  'trust list verify': {
    word: 'FILE',
    options: { signer: 'values', name: 'value', environment: 'value', json: 'switch' },
  },

  'trust show': { word: '[FILE]', options: { ...anywhere, development: 'switch' } },
  'trust reload': { options: anywhere },
  'trust explain': {
    word: 'FILE',
    options: {
      development: 'switch',
      issuer: 'value',
      vct: 'value',
      'client-id': 'value',
      query: 'value',
      certificate: 'value',
      json: 'switch',
    },
  },
}
