/** A server on this machine that gives out files of trust, as a test wants them. */
import { createServer } from 'node:http'
import { afterEach } from 'vitest'

export interface Publisher {
  readonly url: string
  /** Paths that were asked for so far. */
  readonly asked: string[]
  /** By path: what is given out. What is not there is a 404. */
  readonly pages: Map<string, { readonly type: string; readonly body: string | Uint8Array }>
  close(): Promise<void>
}

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

export async function publisher(): Promise<Publisher> {
  const asked: string[] = []
  const pages: Publisher['pages'] = new Map()
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    const page = pages.get(url)
    if (page === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': page.type }).end(page.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  open.push(close)
  return { url: `http://127.0.0.1:${port}`, asked, pages, close }
}
