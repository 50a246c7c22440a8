/**
 * A role in fastify: `await app.register(fastifyRole(verifier.handle, { publicUrl }))`. Fastify looks for no route and
 * reads no body of what is the role's, and its hooks after the first do not see the answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handle } from '@facet-id/protocol/wire'
import { type MountOptions, mountRole } from '../node/mount.ts'
import { pathsOf } from '../owned-paths.ts'

/** What is used of an instance of fastify, said without its types: whoever uses fastify has them. */
export interface FastifyScope {
  addHook(name: 'onRequest', hook: OnRequest): unknown
  addHook(name: 'preClose', hook: (done: () => void) => void): unknown
}

type OnRequest = (
  request: { readonly raw: IncomingMessage },
  reply: { readonly raw: ServerResponse; hijack(): unknown },
  done: () => void,
) => void

/** @throws {HttpError} `option_refused` */
export function fastifyRole(
  handle: Handle,
  options: MountOptions,
): (app: FastifyScope, _: unknown, done: () => void) => void {
  const mounted = mountRole(handle, options)
  const isOurs = pathsOf(options.publicUrl)
  const plugin = (app: FastifyScope, _: unknown, done: () => void): void => {
    app.addHook('onRequest', ({ raw }, reply, next) => {
      if (!isOurs(raw.url ?? '')) {
        next()
        return
      }
      reply.hijack()
      mounted(raw, reply.raw)
    })
    app.addHook('preClose', (closed) => {
      mounted.close()
      closed()
    })
    done()
  }
  // Not in a scope of its own: requests that no route of the scope takes would not come by.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
