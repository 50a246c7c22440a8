/**
 * Reading back: nothing leaves that an engine of another make cannot read, or reads differently. Of each
 * configuration it reads the first copy after a start, before any other is handed out, and from then on
 * one by chance now and then. Where it disagrees the configuration is stopped.
 */
import {
  type CopyToRead,
  checkSeen,
  configurationStopped,
  isSampled,
  opinionDiffers,
} from '../issuance/second-opinion.ts'
import { stopConfiguration } from '../issuance/stopped-store.ts'
import type { IssuerPorts, SecondOpinion } from '../ports.ts'
import type { IssuerSettings } from '../settings.ts'

export interface ReadingBack {
  /**
   * Returns once these copies may be handed out.
   *
   * @throws {IssuerError} `second_opinion_differs`, `configuration_stopped`; nothing of them may leave then
   */
  read(configurationId: string, copies: readonly CopyToRead[]): Promise<void>
  /** The next copy of that configuration is the first again. */
  beginAgain(configurationId: string): void
}

/** For one process: every node of an issuer reads a first copy of its own. */
export function createReadingBack(ports: IssuerPorts, settings: IssuerSettings): ReadingBack {
  const { secondOpinion } = ports
  /** By configuration: the reading of its first copy, under way or done. A failed one is forgotten. */
  const firsts = new Map<string, Promise<void>>()

  async function readFirst(configurationId: string, copy: CopyToRead, ask: SecondOpinion): Promise<void> {
    const reading = readOne(configurationId, copy, ask)
    firsts.set(configurationId, reading)
    try {
      await reading
    } catch (error) {
      if (firsts.get(configurationId) === reading) firsts.delete(configurationId)
      throw error
    }
  }

  async function readOne(configurationId: string, copy: CopyToRead, ask: SecondOpinion): Promise<void> {
    try {
      checkSeen(await ask(copy.credential), copy.draft)
    } catch (cause) {
      throw opinionDiffers(configurationId, await stop(configurationId, cause, ports))
    }
  }

  return {
    async read(configurationId, copies) {
      if (secondOpinion === undefined) return
      const [first, ...others] = copies
      if (first === undefined) return
      const known = firsts.get(configurationId)
      if (known === undefined) await readFirst(configurationId, first, secondOpinion)
      else await passed(known)
      const open = known === undefined ? others : copies
      const sampled = open.filter(() => isSampled(settings.secondOpinionEvery, ports.random))
      await Promise.all(sampled.map((copy) => readOne(configurationId, copy, secondOpinion)))
    },

    beginAgain(configurationId) {
      firsts.delete(configurationId)
    },
  }
}

/** Whoever waited for the first copy of another is told that nothing is issued, and not why. */
async function passed(reading: Promise<void>): Promise<void> {
  try {
    await reading
  } catch (cause) {
    throw Object.assign(configurationStopped(), { cause })
  }
}

/** Yields all that went wrong: where the stop cannot be kept, the operator hears of both. */
async function stop(configurationId: string, cause: unknown, ports: IssuerPorts): Promise<unknown> {
  try {
    await ports.store.commit([stopConfiguration({ configurationId, stoppedAt: ports.now() }, ports.hash)])
    return cause
  } catch (notKept) {
    return new AggregateError([cause, notKept], 'The stop could not be kept either')
  }
}
