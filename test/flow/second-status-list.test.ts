/** Status lists read by another engine, and that engine's by ours. */
import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import { createStatusBits, setStatus, statusAt } from '@facet-id/credential/status-list'
import { deflate, inflate } from '@facet-id/crypto/node'
import { StatusList } from '@sd-jwt/jwt-status-list'
import { expect, test } from 'vitest'

const ENTRIES = 4096

test.each([1, 2, 4, 8] as const)(
  'TSL-4.1-3, TSL-4.1-4 a list of %d bits an entry means the same to a second engine, in both directions',
  async (bits) => {
    const statuses = Array.from({ length: ENTRIES }, (_, index) => (index * 31 + (index >> 3)) % 2 ** bits)
    const ours = createStatusBits(ENTRIES, bits)
    for (const [index, status] of statuses.entries()) setStatus(ours, bits, index, status)

    const readByThem = StatusList.decompressStatusList(writeBase64url(await deflate(ours)), bits)
    expect(statuses.map((_, index) => readByThem.getStatus(index))).toEqual(statuses)

    const theirs = new StatusList([...statuses], bits).compressStatusList()
    const readByUs = await inflate(readBase64url(theirs), (ENTRIES * bits) / 8)
    expect(statuses.map((_, index) => statusAt(readByUs, bits, index))).toEqual(statuses)
  },
)
