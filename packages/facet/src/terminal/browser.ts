/**
 * Sends the person to an authorization server by the browser, and waits at an address on this machine for the way back
 * (RFC 8252 §7.3). The address is good once, for one answer; whether it is the right one the holder looks at.
 */
import type { HolderPorts } from '@facet-id/holder'
import { serve } from '@facet-id/http/node'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { openBrowser } from './open-browser.ts'
import { createErrorOutput, type Terminal } from './output.ts'

type Authorize = NonNullable<HolderPorts['authorize']>

export interface WayBack {
  readonly redirectUri: string
  readonly authorize: Authorize
  close(): Promise<void>
}

export interface BrowserWishes {
  /** Whether the browser of this machine is opened; otherwise the address is told. */
  readonly open: boolean
  /** Seconds that are waited. */
  readonly wait: number
}

/** What issuers register for this wallet: the port may be any (RFC 8252 §7.3). */
export const LOOPBACK_REDIRECT = 'http://127.0.0.1/back'

/** @throws {HttpError} where nothing can be listened at */
export async function waitOnLoopback(terminal: Terminal, { open, wait }: BrowserWishes): Promise<WayBack> {
  let arrived: ((url: string) => void) | undefined
  const { port, close } = await serve(async (request) => answer(request), {
    host: '127.0.0.1',
    port: 0,
    cors: false,
    onUnforeseen: () => {},
  })
  const redirectUri = `http://127.0.0.1:${port}/back`

  function answer({ method, url }: WireRequest): WireResponse {
    const { pathname, search, searchParams } = new URL(url)
    // Whoever passes by without a state has nothing to tell.
    if (method !== 'GET' || pathname !== '/back' || !searchParams.has('state'))
      return page(404, 'There is nothing here.')
    if (arrived === undefined) return page(410, 'This was used before. You may close this page.')
    arrived(`${redirectUri}${search}`)
    arrived = undefined
    return page(200, 'You may close this page, and go back to your wallet.')
  }

  return {
    redirectUri,
    close,
    async authorize({ url }) {
      const output = createErrorOutput(terminal)
      output.line('Log in and agree in your browser, at')
      output.line(url)
      if (open) openBrowser(url)
      const back = new Promise<string | undefined>((resolve) => {
        const timer = setTimeout(() => {
          arrived = undefined
          resolve(undefined)
        }, wait * 1000)
        arrived = (at) => {
          clearTimeout(timer)
          resolve(at)
        }
      })
      return back
    },
  }
}

/** The browser comes back to somewhere else, and the person brings the address from there. */
export function comingBackTo(redirectUri: string, terminal: Terminal): WayBack {
  return {
    redirectUri,
    close: async () => {},
    authorize({ id, url }) {
      const output = createErrorOutput(terminal)
      output.line('Log in and agree in your browser, at')
      output.line(url)
      output.line(`and then: facet wallet resume ${id} --back ADDRESS, the address at which it came back.`)
      return undefined
    },
  }
}

function page(status: number, words: string): WireResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'",
    },
    body: `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Facet</title><p>${words}</p></html>\n`,
  }
}
