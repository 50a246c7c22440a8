/**
 * Results that are sent: to the one address that the operator chose, and to those that a platform names in code. They
 * rest in the store until they are taken, so that a restart loses none.
 */
import type { Transport } from '@facet-id/protocol/wire'
import type { Identity } from '@facet-id/veramo'
import type { Verifier, WebhookPort } from '@facet-id/verifier'

export interface WebhookOptions {
  /** https, and in development mode loopback too. */
  readonly url: string
  /** Goes along as a bearer token, to this address alone. Absent: none; the result is signed in either case. */
  readonly secret?: string
}

/** Signed with the key of its DID, whatever name it asks under: receivers look it up by its `kid`. */
export function webhookPort(
  webhook: WebhookOptions | undefined,
  { transport, identity }: { readonly transport: Transport; readonly identity: Identity },
): WebhookPort {
  const signer = { ...identity.signer, kid: identity.kid }
  const secret = webhook?.secret
  if (secret === undefined) return { transport, signer }
  return {
    signer,
    transport: {
      send: (request) =>
        transport.send(
          request.url === webhook?.url
            ? { ...request, headers: { ...request.headers, authorization: `Bearer ${secret}` } }
            : request,
        ),
    },
  }
}

const EVERY_MS = 2000

export interface Delivering {
  /** Waits for what is being sent, and sends no more. Rejects never. */
  stop(): Promise<void>
}

/** @param verifier the one that acts now @param onUnforeseen told of what keeps all results from being sent */
export function startDelivering(
  verifier: () => Verifier,
  onUnforeseen: (error: unknown) => void = () => {},
): Delivering {
  let under: Promise<void> | undefined
  const again = (): void => {
    under ??= deliverAll(verifier())
      .catch(onUnforeseen)
      .finally(() => {
        under = undefined
      })
  }
  // A process that has nothing else to do need not wait for it.
  const timer = setInterval(again, EVERY_MS).unref()
  again()
  return {
    async stop() {
      clearInterval(timer)
      await under
    },
  }
}

/** Some are sent at a time: while they are taken there may be more. */
async function deliverAll(verifier: Verifier): Promise<void> {
  while ((await verifier.deliver()).delivered > 0);
}
