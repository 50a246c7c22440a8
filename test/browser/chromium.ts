/**
 * A real Chromium, which comes as a package, and one page of ours, served on loopback: WebCrypto is there only for
 * such a page.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packed from '@sparticuz/chromium'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Bundle } from './bundle.ts'

/** Nothing that looks for the network by itself: tests need none but loopback. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const START_MS = 45_000

export interface OpenedPage {
  readonly page: Page
  /** As the browser says it. */
  readonly version: string
  /** Errors of the page that nothing caught. */
  readonly uncaught: readonly string[]
  close(): Promise<void>
}

/**
 * Opens a page that runs the bundle as a module; or says why there is no Chromium on this machine, which tests
 * tell by a counted skip.
 */
export async function openPage(bundle: Bundle): Promise<OpenedPage | { readonly lacking: string }> {
  const profile = await mkdtemp(join(tmpdir(), 'facet-chromium-'))
  const context = await launch(profile)
  if ('lacking' in context) {
    await rm(profile, { recursive: true, force: true })
    return context
  }
  const server = createServer((request, response) => {
    const path = request.url?.slice(1) ?? ''
    const script = bundle.get(path)
    if (path === '') respond(response, 'text/html', htmlOf(bundle))
    else if (script !== undefined) respond(response, 'text/javascript', script)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // What listens on an address of the network has a port.
  const { port } = server.address() as AddressInfo
  const page = await context.newPage()
  const uncaught: string[] = []
  page.on('pageerror', ({ message }) => uncaught.push(message))
  await page.goto(`http://localhost:${port}/`)
  return {
    page,
    version: context.browser()?.version() ?? 'unknown',
    uncaught,
    async close() {
      await context.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(profile, { recursive: true, force: true })
    },
  }
}

async function launch(profile: string): Promise<BrowserContext | { readonly lacking: string }> {
  try {
    const executablePath = await packed.executablePath()
    return await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS, timeout: START_MS })
  } catch (error) {
    return { lacking: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'for no reason given' }
  }
}

function respond(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text)
}

function htmlOf(bundle: Bundle): string {
  const [entry = ''] = bundle.keys()
  return `<!doctype html><meta charset="utf-8"><title>Facet</title><script type="module" src="/${entry}"></script>`
}
