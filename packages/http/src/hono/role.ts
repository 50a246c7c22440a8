/**
 * A role in hono, or wherever requests are those of the web (`Request`, `Response`):
 * `app.use(honoRole(verifier.handle, { publicUrl }))`. Stands on nothing of Node.
 */
import type { Handle, WireResponse } from '@facet-id/protocol/wire'
import { completeAnswer } from '../complete-answer.ts'
import { answerPreflight } from '../cors.ts'
import { pathsOf } from '../owned-paths.ts'
import { originOf } from '../public-origin.ts'
import { refusalOf } from '../refusal.ts'
import { readWebRequest } from './read-request.ts'
import { webResponse } from './write-response.ts'

export interface WebMountOptions {
  /**
   * The role's own address, as it was configured with it: requests are read under its origin, whatever they say in
   * `Host`, and only what is below its path is the role's, and `/.well-known/`.
   */
  readonly publicUrl: string
  /** Whether pages of any origin may read the answers; true when absent. */
  readonly cors?: boolean
  /** Bytes of a request's body; 1 MiB when absent. */
  readonly maxBodyBytes?: number
  /** Told of what the role threw; peers learn nothing of it. */
  readonly onUnforeseen?: (error: unknown) => void
}

/** What hono takes, said without its types: whoever uses hono has them. */
export type HonoMiddleware = (
  context: { readonly req: { readonly raw: Request } },
  next: () => Promise<void>,
) => Promise<Response | undefined>

const MAX_BODY_BYTES = 1_048_576

/** @throws {HttpError} `option_refused` */
export function honoRole(handle: Handle, options: WebMountOptions): HonoMiddleware {
  const { publicUrl, cors = true, maxBodyBytes = MAX_BODY_BYTES, onUnforeseen = () => {} } = options
  const origin = originOf(publicUrl)
  const isOurs = pathsOf(publicUrl)

  async function answerTo(request: Request, target: string): Promise<WireResponse> {
    const read = await readWebRequest(request, { url: `${origin}${target}`, maxBodyBytes })
    if ('refused' in read) return refusalOf(read.refused)
    return (cors ? answerPreflight(read.request) : undefined) ?? handle(read.request)
  }

  return async ({ req: { raw } }, next) => {
    const { pathname, search } = new URL(raw.url)
    const target = `${pathname}${search}`
    if (!isOurs(target)) {
      await next()
      return undefined
    }
    try {
      return webResponse(completeAnswer(await answerTo(raw, target), cors))
    } catch (error) {
      report(error, onUnforeseen)
      return webResponse(completeAnswer(refusalOf('server_error'), cors))
    }
  }
}

/** A report that fails must not take the answer with it. */
function report(error: unknown, onUnforeseen: (error: unknown) => void): void {
  try {
    onUnforeseen(error)
  } catch {
    // There is nobody left to tell.
  }
}
