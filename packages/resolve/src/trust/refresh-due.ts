/** Many documents, each when it is time. */
import type { FollowedDocument } from './followed-document.ts'

type Followed = Pick<FollowedDocument<unknown>, 'dueAt' | 'believed' | 'refresh'>

/**
 * Fetches what is due, all at once; the caller says how often it looks. Rejects never.
 *
 * @param now seconds since the epoch
 */
export async function refreshDue(documents: readonly Followed[], now: number): Promise<void> {
  await Promise.all(
    documents.filter((document) => isDue(document, now)).map((document) => document.refresh()),
  )
}

/** Also what was fetched in a time to come: then the clock was set back, and says nothing. */
function isDue({ dueAt, believed }: Followed, now: number): boolean {
  return now >= dueAt() || now < (believed()?.fetchedAt ?? now)
}
