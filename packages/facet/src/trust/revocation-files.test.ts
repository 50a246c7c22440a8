import { copyFile, rm, writeFile } from 'node:fs/promises'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createAuthority, issueCertificate, revokeCertificate } from '../ca/authority.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { openRevocationFiles } from './revocation-files.ts'

const temporary = temporaryDirectory()

test('X509-23 a revocation list that its authority replaced counts at once; one that cannot be read changes nothing', async () => {
  const ca = { directory: temporary.in('ca'), environment: {}, now: () => 1_800_000_000 }
  await createAuthority(ca, { name: 'Utopia', days: 100 })
  const { serialNumber } = await issueCertificate(ca, { purpose: 'issuer', name: 'Bar', dns: [], days: 10 })
  const file = temporary.in('ca/revoked.pem')
  const files = await openRevocationFiles([file])
  const first = await files.lists()
  expect(first.map(({ revoked }) => [...revoked])).toEqual([[]])
  expect(await files.lists()).toBe(first)

  await revokeCertificate(ca, serialNumber)
  const second = await files.lists()
  expect(second.map(({ revoked }) => [...revoked])).toEqual([[serialNumber]])
  expect(await files.lists()).toBe(second)

  await copyFile(file, temporary.in('copy.pem'))
  await writeFile(file, 'half a li')
  expect(await files.lists()).toBe(second)
  await rm(file)
  expect(await files.lists()).toBe(second)
  await copyFile(temporary.in('copy.pem'), file)
  expect(await files.lists()).toEqual(second)
})

test('X509-23 a list that cannot be read at the start is an error, not a list of nobody', async () => {
  expect(await outcomeOf(() => openRevocationFiles([temporary.in('none.pem')]))).toBe('file_unusable')
  await writeFile(temporary.in('other.pem'), 'no list')
  expect(await outcomeOf(() => openRevocationFiles([temporary.in('other.pem')]))).toBe('pem_malformed')
  expect(await (await openRevocationFiles([])).lists()).toEqual([])
})
