/**
 * A role in express: `app.use(expressRole(verifier.handle, { publicUrl }))`, before any body parser.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handle } from '@facet-id/protocol/wire'
import { type MountOptions, mountRole } from '../node/mount.ts'

/** What express takes, said without its types: whoever uses express has them. */
export type ExpressMiddleware = ((
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void) & {
  /** Ends the answers that go on, so that the server can close. */
  close(): void
}

/** @throws {HttpError} `option_refused` */
export function expressRole(handle: Handle, options: MountOptions): ExpressMiddleware {
  return mountRole(handle, options)
}
