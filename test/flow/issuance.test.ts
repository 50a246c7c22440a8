import { generateEncryptionKey, jweOpenerOf, sealJwe } from '@facet-id/crypto/node'
import type { Encryption, HolderPorts } from '@facet-id/holder'
import { defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { ProtocolError } from '@facet-id/protocol/error'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type Changes, ISSUER, type MemoryStage, memoryStage } from './memory.ts'
import { personConfiguration, specimen } from './specimen.ts'
import { askedOf } from './steps.ts'

const issuerKey = generateEncryptionKey()
const encryption: Encryption = {
  seal: sealJwe,
  generateKey() {
    const { publicJwk, privateJwk } = generateEncryptionKey()
    return { publicJwk, open: jweOpenerOf(privateJwk) }
  },
}

/** An issuer that does everything, and a wallet that takes it. */
function everything(changes: Changes = {}): MemoryStage {
  const consent: HolderPorts['consent'] = {
    toFetch: () => ({ agreed: true }),
    toReceive: () => ({ agreed: true, ...stage.person }),
    toReplace: () => ({ agreed: true }),
    toPresent: ({ items }) => ({ agreed: items.length > 0 }),
  }
  const stage = memoryStage({
    ...changes,
    holder: { consent, encryption, ...changes.holder },
    issuer: {
      ports: {
        encryption: {
          seal: sealJwe,
          keys: [
            {
              publicJwk: { ...issuerKey.publicJwk, kid: 'e1', alg: 'ECDH-ES' },
              open: jweOpenerOf(issuerKey.privateJwk),
            },
          ],
        },
        subjectClaims: () => ({ answer: 'claims', claims: specimen }),
        ...changes.issuer?.ports,
      },
      settings: {
        notifications: true,
        authorization: { ...issuerDefaults.authorization, refreshLifetime: 86_400 },
        encryption: { requests: 'required', responses: 'required' },
        ...changes.issuer?.settings,
      },
    },
  })
  return stage
}

async function offered({ issuer, person }: MemoryStage): Promise<string> {
  const { link, txCode } = await issuer.offer({
    configurationId: 'person',
    claims: specimen,
    by: 'reference',
  })
  if (txCode !== undefined) person.txCode = txCode
  return link
}

async function told({ issuer }: MemoryStage): Promise<readonly string[]> {
  const events: string[] = []
  for await (const { event } of issuer.notifications()) events.push(event)
  return events
}

test('FCT-1, VCI-4.1.3-1, VCI-10-1, VCI-11.1-1 by reference, in a batch, encrypted, told, shown, topped up and told again', async () => {
  const stage = everything({ holderSettings: { topUpBelow: 4 } })
  const { holder, sent, time } = stage
  const { credentials } = await holder.accept(await offered(stage))
  expect(credentials).toMatchObject([{ copies: 4, copiesLeft: 4 }])
  const credentialId = credentials[0]?.credentialId ?? ''
  expect(sent.at(0)?.url.startsWith(`${ISSUER}/`)).toBe(true)
  const asked = sent.filter(({ url }) => url === `${ISSUER}/credential`)
  expect(asked.map(({ headers }) => headers['content-type'])).toEqual(['application/jwt'])
  expect(await told(stage)).toEqual(['credential_accepted'])

  expect(await holder.due()).toEqual([])
  expect(await holder.present((await askedOf(stage)).link)).toMatchObject({ accepted: true })
  expect(await holder.due()).toEqual([{ due: 'topUp', credentialId }])
  time.advance(issuerDefaults.tokenLifetime + 1)
  expect((await holder.topUp(credentialId)).credentials).toMatchObject([
    { credentialId, copies: 7, copiesLeft: 7 },
  ])
  expect(await told(stage)).toEqual(['credential_accepted', 'credential_accepted'])
  for (let shown = 0; shown < 7; shown++)
    expect(await holder.present((await askedOf(stage)).link)).toMatchObject({ accepted: true })

  await holder.forget(credentialId)
  expect((await told(stage)).toSorted()).toEqual([
    'credential_accepted',
    'credential_accepted',
    'credential_deleted',
    'credential_deleted',
  ])
})

test('VCI-9.2-4 by the defaults of both sides, what is approved after ten minutes is collected', async () => {
  const configurations = { person: { ...personConfiguration, approval: 'required' } } as const
  const stage = memoryStage({ issuer: { settings: { configurations } } })
  const { link, txCode = '' } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  stage.person.txCode = txCode
  const { waiting } = await stage.holder.accept(link)
  stage.time.advance(600)
  for await (const { issuanceId } of stage.issuer.deferred()) await stage.issuer.approve(issuanceId)
  const { credentials } = await stage.holderAgain().resume(waiting[0]?.id ?? '')
  expect(credentials).toHaveLength(1)
  expect(await stage.holder.pending()).toEqual([])
})

test('VCI-8.3-12, VCI-8.3-13 an answer that is lost once costs neither the person nor the operator anything', async () => {
  let lost = 0
  const stage = everything({
    around: ({ send }) => ({
      async send(request) {
        const answer = await send(request)
        if (request.url !== `${ISSUER}/credential` || lost++ > 0) return answer
        throw new ProtocolError('peer_timed_out', 'No answer came')
      },
    }),
  })
  const { holder, issuer, sent } = stage
  const link = await offered(stage)
  expect(await outcomeOf(() => holder.accept(link))).toBe('peer_timed_out')
  const [{ id } = { id: '' }] = await holder.pending()
  expect((await holder.resume(id)).credentials).toMatchObject([{ copies: 4, copiesLeft: 4 }])
  expect(sent.filter(({ url }) => url === `${ISSUER}/token`)).toHaveLength(1)
  const issued: number[] = []
  for await (const { entries } of issuer.issuances()) issued.push(entries.length)
  expect(issued).toEqual([4])
  expect(await told(stage)).toEqual(['credential_accepted'])
  expect(await holder.present((await askedOf(stage)).link)).toMatchObject({ accepted: true })
})

test('VCI-9.1-1, VCI-9.2-1 what the operator has to approve is waited for, and comes for the keys that were proven', async () => {
  const configurations = { person: { ...personConfiguration, approval: 'required' as const } }
  const stage = everything({ issuer: { settings: { configurations } } })
  const { holder, issuer, time } = stage
  const { waiting } = await holder.accept(await offered(stage))
  const [{ id, notBefore } = { id: '', notBefore: 0 }] = waiting
  expect(notBefore).toBe(time.now() + issuerDefaults.deferral.interval)
  time.advance(issuerDefaults.deferral.interval)
  const again = await holder.resume(id)
  expect(again).toMatchObject({ credentials: [], waiting: [{ id }] })
  for await (const { issuanceId } of issuer.deferred()) await issuer.approve(issuanceId)
  time.advance(issuerDefaults.deferral.interval)
  expect((await holder.resume(id)).credentials).toMatchObject([{ credentialId: id, copies: 4 }])
  expect(await holder.present((await askedOf(stage)).link)).toMatchObject({ accepted: true })
})

test('VCI-9.3-2 what the operator denies is over for the wallet, and nothing of it is left there', async () => {
  const configurations = { person: { ...personConfiguration, approval: 'required' as const } }
  const stage = everything({ issuer: { settings: { configurations } } })
  const { holder, issuer, time } = stage
  const { waiting } = await holder.accept(await offered(stage))
  for await (const { issuanceId } of issuer.deferred()) await issuer.deny(issuanceId)
  time.advance(issuerDefaults.deferral.interval)
  expect(await outcomeOf(() => holder.resume(waiting[0]?.id ?? ''))).toBe('issuance_denied')
  expect(await holder.pending()).toEqual([])
  for (const family of ['order', 'grant', 'key', 'received']) {
    const left: string[] = []
    for await (const { key } of stage.stores.holder.range(`holder/${family}`)) left.push(key)
    expect(left, family).toEqual([])
  }
})

test('VCI-4.1.1-3, VCI-4.1.1-5 without a code of the offer the person’s browser goes to the issuer, and the wallet goes on when it comes back', async () => {
  const redirectUri = 'https://wallet.example/back'
  const clients = { wallet: { name: 'Wallet', redirectUris: [redirectUri] } }
  const visited: string[] = []
  const changes: Changes = {
    holderSettings: { clientId: 'wallet', redirectUri },
    holder: {
      authorize({ url }) {
        visited.push(url)
        return undefined
      },
    },
    issuer: {
      settings: { authorization: { ...issuerDefaults.authorization, clients, refreshLifetime: 86_400 } },
      ports: {
        userAuthentication: {
          begin: ({ flow }) => ({ next: 'page', html: flow }),
          answer: ({ configurationIds }) => ({ next: 'agreed', subject: 'anna', configurationIds }),
        },
      },
    },
  }
  for (const grants of [undefined, {}, { authorization_code: {} }]) {
    const stage = everything(changes)
    const { holder, issuer } = stage
    const offer = {
      credential_issuer: ISSUER,
      credential_configuration_ids: ['person'],
      ...(grants && { grants }),
    }
    const link = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
    expect(await outcomeOf(() => holder.accept(link))).toBe('authorization_pending')
    const [pending] = await holder.pending()
    const back = await agreedAt(visited.at(-1) ?? '', issuer)
    expect(back.startsWith(redirectUri)).toBe(true)
    expect((await holder.resume(pending?.id ?? '', back)).credentials).toMatchObject([{ copies: 4 }])
    expect(await holder.present((await askedOf(stage)).link)).toMatchObject({ accepted: true })
    const [{ credentialId } = { credentialId: '' }] = await holder.credentials()
    expect((await holder.topUp(credentialId)).credentials).toMatchObject([{ copies: 7 }])
  }
})

test('an answer of the credential endpoint that was lost on its way costs no credential where access lasts', async () => {
  let lost = 0
  const stage = everything({
    around: (wire) => ({
      async send(request) {
        const response = await wire.send(request)
        if (request.url === `${ISSUER}/credential` && lost++ === 0)
          return { status: 502, headers: {}, body: '' }
        return response
      },
    }),
  })
  const { holder } = stage
  expect(await outcomeOf(async () => holder.accept(await offered(stage)))).toBe('refused_by_peer')
  const [pending] = await holder.pending()
  expect((await holder.resume(pending?.id ?? '')).credentials).toMatchObject([{ copies: 4 }])
})

/** A person who agrees at the issuer's page, and where the browser is sent then. */
async function agreedAt(url: string, { handle }: MemoryStage['issuer']): Promise<string> {
  const page = await handle({ method: 'GET', url, headers: {} })
  const [cookie = ''] = (page.headers['set-cookie'] ?? '').split(';')
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: ISSUER, cookie }
  const answer = { method: 'POST', url: `${ISSUER}/authorize/answer`, headers } as const
  const { headers: sent } = await handle({ ...answer, body: `flow=${page.body}` })
  return sent.location ?? ''
}
