import { PRE_AUTHORIZED_CODE_GRANT } from '@facet-id/protocol/oauth'
import { readOfferLink } from '@facet-id/protocol/openid4vci'
import { outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { codeOf } from '../wallet.test-support.ts'
import { ISSUER, specimen, world } from '../world.test-support.ts'

test('VCI-4.1-1, HAIP-4-7, VCI-4.1.1-1, VCI-4.1.1-6, VCI-4.1.1-9 an offer says whose it is, of what, and how its codes look', async () => {
  const { offer, link, txCode } = await world().offer()
  expect(offer).toEqual({
    credential_issuer: ISSUER,
    credential_configuration_ids: ['person'],
    grants: {
      [PRE_AUTHORIZED_CODE_GRANT]: {
        'pre-authorized_code': expect.stringMatching(/^[\w-]{43}$/),
        tx_code: { input_mode: 'numeric', length: 6 },
      },
    },
  })
  expect(txCode).toMatch(/^[0-9]{6}$/)
  expect(readOfferLink(link)).toEqual({ by: 'value', offer })
})

test('VCI-4.1.1-10 the link holds neither the transaction code nor anything about the person', async () => {
  const { link, txCode = '', issuanceId } = await world().offer({ txCodeLength: 12 })
  const said = decodeURIComponent(link)
  for (const secret of [txCode, issuanceId, 'Anna', 'Eriksson', 'Zenith', 'UTO'])
    expect(said).not.toContain(secret)
})

test('VCI-4.1.1-7 no two offers have a code or an id in common', async () => {
  const here = world()
  const made = await Promise.all(Array.from({ length: 200 }, () => here.offer()))
  const codes = made.map(codeOf)
  expect(new Set(codes).size).toBe(200)
  expect(new Set(made.map(({ issuanceId }) => issuanceId)).size).toBe(200)
})

test('a transaction code is as long as asked, and none is asked for with length 0', async () => {
  const here = world()
  for (const txCodeLength of [4, 8, 32]) {
    const { txCode, offer } = await here.offer({ txCodeLength })
    expect(txCode).toHaveLength(txCodeLength)
    expect(offer.grants[PRE_AUTHORIZED_CODE_GRANT]?.tx_code).toEqual({
      input_mode: 'numeric',
      length: txCodeLength,
    })
  }
  const { txCode, offer } = await here.offer({ txCodeLength: 0 })
  expect(txCode).toBeUndefined()
  expect(offer.grants[PRE_AUTHORIZED_CODE_GRANT]).not.toHaveProperty('tx_code')
})

test.each([-1, 1, 3, 33, 4.5, 1e9, Number.NaN, Number.POSITIVE_INFINITY])(
  'a transaction code of %d digits is refused, and nothing is kept',
  async (txCodeLength) => {
    const here = world()
    expect(await outcomeOf(() => here.offer({ txCodeLength }))).toBe('settings_invalid')
    expect(await here.state.rests()).toEqual([])
  },
)

test('each digit of a transaction code is as likely as any other: bytes that do not divide are thrown away', async () => {
  const drawn = [Uint8Array.of(255, 254, 253, 252, 251, 250), Uint8Array.of(249, 7, 250, 10, 0, 199)]
  const digits = (bytes: number) => (bytes === 6 ? (drawn.shift() ?? random(bytes)) : random(bytes))
  const { txCode } = await world({ ports: { random: digits } }).offer()
  expect(txCode).toMatch(/^97009[0-9]$/)
})

test('an offer of a configuration that is not there is refused', async () => {
  const here = world()
  for (const configurationId of ['passport', '', '__proto__', 'constructor']) {
    const outcome = await outcomeOf(() => here.offer({ configurationId }))
    expect(outcome).toBe('configuration_unknown')
  }
  expect(await here.state.rests()).toEqual([])
})

test('what the operator does with the claims after the offer changes nothing in it', async () => {
  const here = world()
  const claims = structuredClone(specimen) as Record<string, string>
  const offering = here.offer({ claims })
  claims.family_name = 'Changed'
  await offering
  expect(JSON.stringify(await here.state.rests())).toContain('Eriksson')
})

test('VCI-4.1.1-9 a transaction code of letters has none that look alike, and words say where it is found', async () => {
  const here = world()
  const description = 'In the letter that we sent you'
  const { txCode, offer } = await here.offer({
    txCodeMode: 'text',
    txCodeLength: 32,
    txCodeDescription: description,
  })
  expect(txCode).toMatch(/^[2-9A-HJKMNP-Z]{32}$/)
  expect(offer.grants[PRE_AUTHORIZED_CODE_GRANT]?.tx_code).toEqual({
    input_mode: 'text',
    length: 32,
    description,
  })
  expect(await outcomeOf(() => here.offer({ txCodeDescription: 'x'.repeat(301) }))).toBe('settings_invalid')
})
