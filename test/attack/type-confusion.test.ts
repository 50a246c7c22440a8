/**
 * Every kind of signed token that is read, at the door of every other kind: once with its `typ` exchanged by
 * who may sign there, and once whole, as its own maker wrote it.
 */
import { expect, test } from 'vitest'
import { ISSUER, memoryStage, VERIFIER } from '../flow/memory.ts'
import { askedOf, issuedOn } from '../flow/steps.ts'
import {
  attestationDoor,
  credentialDoor,
  type Door,
  keyBindingDoor,
  parts,
  presentationDoor,
  proofDoor,
  requestDoor,
  statusListDoor,
} from './doors.ts'

interface Kind {
  readonly typ: string
  readonly door: Door
  /** What the door says of another kind. */
  readonly refusal: string
}

const kinds: Readonly<Record<string, Kind>> = {
  'a credential at the wallet': { typ: 'dc+sd-jwt', door: credentialDoor, refusal: 'credential_refused' },
  'a credential at the verifier': { typ: 'dc+sd-jwt', door: presentationDoor, refusal: 'jws_typ_unexpected' },
  'a key binding': { typ: 'kb+jwt', door: keyBindingDoor, refusal: 'jws_typ_unexpected' },
  'a key proof': { typ: 'openid4vci-proof+jwt', door: proofDoor, refusal: 'invalid_proof' },
  'a request': { typ: 'oauth-authz-req+jwt', door: requestDoor, refusal: 'jws_typ_unexpected' },
  'an attestation of a verifier': {
    typ: 'verifier-attestation+jwt',
    door: attestationDoor,
    refusal: 'jws_typ_unexpected',
  },
  'a status list': { typ: 'statuslist+jwt', door: statusListDoor, refusal: 'credential_refused' },
}

/** Kinds that others know; no reader here takes them for its own. */
const foreign = [
  'JWT',
  'jwt',
  'dpop+jwt',
  'at+jwt',
  'vc+sd-jwt',
  'statuslist+cwt',
  'entity-statement+jwt',
  'JOSE',
  '',
]

const typs = [...new Set(Object.values(kinds).map(({ typ }) => typ)), ...foreign]

for (const [name, { typ, door, refusal }] of Object.entries(kinds)) {
  test(`ATK-39 ${name} is taken by its typ, in any case and with application/ before it`, async () => {
    for (const own of [typ, typ.toUpperCase(), `application/${typ}`]) {
      const seen = await door(({ header, payload, sign }) => sign({ ...header, typ: own }, payload))
      expect([own, seen.outcome]).toEqual([own, 'accepted'])
    }
  })

  test(`ATK-39 ${name} is refused with the typ of any other kind, or with none, though who may sign signed it`, async () => {
    for (const other of typs.filter((each) => each !== typ)) {
      const seen = await door(({ header, payload, sign }) => sign({ ...header, typ: other }, payload))
      expect([other, seen.outcome, seen.signaturesChecked]).toEqual([other, refusal, 0])
    }
    const none = await door(({ header: { typ: _, ...header }, payload, sign }) => sign(header, payload))
    expect([none.outcome, none.signaturesChecked]).toEqual([refusal, 0])
  })

  test(`ATK-39 in the place of ${name} a whole token of any other kind is refused`, async () => {
    const tokens = await tokensOfAFlow()
    expect(Object.keys(tokens).sort()).toEqual(
      [...new Set(Object.values(kinds).map((kind) => kind.typ))].sort(),
    )
    for (const [other, token] of Object.entries(tokens)) {
      if (other === typ) continue
      const seen = await door(() => token)
      expect([other, seen.outcome, seen.signaturesChecked]).toEqual([other, refusal, 0])
    }
  })
}

/** One honest token of each kind, by its typ. */
async function tokensOfAFlow(): Promise<Readonly<Record<string, string>>> {
  const tokens: Record<string, string> = {}
  const stage = memoryStage({
    around: (transport) => ({
      async send(request) {
        const response = await transport.send(request)
        if (request.url === `${ISSUER}/credential`) {
          tokens['openid4vci-proof+jwt'] = JSON.parse(request.body ?? '').proofs.jwt[0]
          tokens['dc+sd-jwt'] = parts(JSON.parse(response.body).credentials[0].credential).jwt
        }
        if (request.url.startsWith(`${ISSUER}/status-lists/`)) tokens['statuslist+jwt'] = response.body
        if (request.url.startsWith(`${VERIFIER}/requests/`)) tokens['oauth-authz-req+jwt'] = response.body
        if (request.url.startsWith(`${VERIFIER}/responses/`)) {
          const [presentation = ''] = JSON.parse(
            new URLSearchParams(request.body).get('vp_token') ?? '{}',
          ).person
          tokens['kb+jwt'] = parts(presentation).kb
        }
        return response
      },
    }),
  })
  await issuedOn(stage)
  await stage.holder.present((await askedOf(stage)).link)
  await attestationDoor(({ text }) => {
    tokens['verifier-attestation+jwt'] = text
    return text
  })
  return tokens
}
