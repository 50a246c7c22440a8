/**
 * Publishing of status lists, one list at a time and never twice for nothing: however many ask at
 * once, one publisher is at work and one waits, and who comes later shares the one that waits.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { IssuerError } from '../error.ts'
import { knownByOfList, signerFor } from '../issuance/known-by.ts'
import type { IssuerPorts } from '../ports.ts'
import type { IssuerSettings } from '../settings.ts'
import { draftStatusList, statusBits } from '../status/status-lists.ts'
import { findPublished, type PublishedList, publishList, revokedIn } from '../status/status-store.ts'

export interface Publisher {
  /**
   * Signs the list as it stands now. A revocation that was committed before this call is in it.
   *
   * @throws {IssuerError} `state_contended`
   */
  publish(list: number): Promise<PublishedList>
}

/** Other nodes of the same issuer publish too. Who loses this often against them is told so. */
const PUBLISH_TRIES = 20

export function createPublisher(ports: IssuerPorts, settings: IssuerSettings): Publisher {
  const atWork = new Map<number, AtWork>()

  function start(list: number): Promise<PublishedList> {
    const running = publishOnce(list, ports, settings).finally(() => {
      if (atWork.get(list)?.waiting === undefined) atWork.delete(list)
    })
    atWork.set(list, { running })
    return running
  }

  return {
    publish(list) {
      const now = atWork.get(list)
      if (now === undefined) return start(list)
      // The one at work may have read the list before the caller's revocation: it is not waited for.
      const startNext = (): Promise<PublishedList> => start(list)
      now.waiting ??= now.running.then(startNext, startNext)
      return now.waiting
    },
  }
}

interface AtWork {
  readonly running: Promise<PublishedList>
  waiting?: Promise<PublishedList>
}

async function publishOnce(
  list: number,
  ports: IssuerPorts,
  settings: IssuerSettings,
): Promise<PublishedList> {
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    const standing = await findPublished(ports.store, list)
    const now = ports.now()
    const revoked: number[] = []
    for await (const index of revokedIn(ports.store, list)) revoked.push(index)
    const compressed = await ports.deflate(statusBits(revoked))
    const signer = signerFor(knownByOfList(list, settings), ports)
    const input = draftStatusList(list, compressed, { settings, now, signer })
    const token = writeJws(input, await signer.sign(utf8(input)))
    const published = { token, issuedAt: now }
    if ((await ports.store.commit([publishList(list, published, standing?.version)])).ok) return published
  }
  throw new IssuerError('state_contended', 'The status list was published by others each time; try again')
}
