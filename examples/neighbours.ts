/** The other parties of an example, so that each example shows one role alone. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWallet, startIssuanceNode } from '@facet-id/facet'
import type { MadePlatformRequest } from '@facet-id/verifier'

type PlatformRequest = MadePlatformRequest['request']
type JsonObject = PlatformRequest['data']

export interface Directory {
  /** Where one party keeps its data. */
  in(party: string): string
  remove(): Promise<void>
}

export async function temporaryDirectory(): Promise<Directory> {
  const path = await mkdtemp(join(tmpdir(), 'facet-example-'))
  return { in: (party) => join(path, party), remove: () => rm(path, { recursive: true, force: true }) }
}

/** A port that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

export interface Browser {
  /** The answer to a page of the platform. Cookies are kept. */
  open(url: string): Promise<Response>
  /** What a page that asks shows: its link, and a picture of it for another device. */
  asked(url: string): Promise<{ readonly link: string; readonly picture?: string }>
  /** What `EventSource` hears at an address, until it ends. */
  events(url: string): AsyncIterable<string>
}

export function browser(): Browser {
  let cookie = ''
  const open = async (url: string): Promise<Response> => {
    const response = await fetch(url, { headers: { cookie } })
    cookie = response.headers.get('set-cookie')?.split(';', 1)[0] ?? cookie
    return response
  }
  return {
    open,
    async asked(url) {
      const shown: unknown = await (await open(url)).json()
      return shown as Awaited<ReturnType<Browser['asked']>>
    },
    async *events(url) {
      const { body } = await open(url)
      let text = ''
      for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += part
        const events = text.split('\n\n')
        text = events.pop() ?? ''
        for (const event of events) yield /^data: (.*)$/m.exec(event)?.[1] ?? ''
      }
    },
  }
}

export interface RegistryOffer {
  readonly link: string
  readonly txCode: string
  readonly issuerDid: string
  close(): Promise<void>
}

/** A registry that offers the person credential of a specimen. */
export async function offerFromRegistry(directory: Directory): Promise<RegistryOffer> {
  const node = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
  })
  const { link, txCode = '' } = await node.issuer.offer({
    configurationId: 'person',
    claims: {
      given_name: 'Anna Maria',
      family_name: 'Eriksson',
      birthdate: '1974-08-12',
      nationalities: ['UTO'],
      document_number: 'L898902C3',
      age_equal_or_over: { '18': true },
    },
  })
  return { link, txCode, issuerDid: node.did, close: node.close }
}

export interface WalletWithCredential {
  readonly issuerDid: string
  /** Where the registry says what was revoked. */
  readonly statusListUri: string
  /** The person scans a request, or follows it on the same device, and agrees; where their browser goes on, if it does. */
  show(link: string): Promise<string | undefined>
  /** The same through the platform of a browser, which is stood in for: what it gives back to the page. */
  showToPage(request: PlatformRequest, origin: string): Promise<JsonObject>
  close(): Promise<void>
}

export async function walletWithCredential(directory: Directory): Promise<WalletWithCredential> {
  const registry = await offerFromRegistry(directory)
  const wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: randomUUID(),
    development: true,
    copies: 4,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, txCode: registry.txCode }),
      toPresent: () => ({ agreed: true }),
    },
  })
  const { credentials } = await wallet.holder.accept(registry.link)
  const { status } = await wallet.holder.claims(credentials[0]?.credentialId ?? '')
  return {
    issuerDid: registry.issuerDid,
    statusListUri: /"uri":"([^"]*)"/.exec(JSON.stringify(status))?.[1] ?? '',
    async show(link) {
      const { redirectUri } = await wallet.holder.present(link)
      return redirectUri
    },
    async showToPage({ protocol, data }, origin) {
      const { handOver } = await wallet.holder.presentToPlatform({ protocol, data, origin })
      if (handOver?.by !== 'platform') throw new Error('what a platform asked for goes to the platform')
      return handOver.data
    },
    async close() {
      await wallet.close()
      await registry.close()
    },
  }
}
