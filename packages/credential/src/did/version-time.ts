/** Moments as did:webvh writes them (did:webvh 1.0, Read, 4: UTC, said so). */

const form = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(?:Z|\+00:00)$/

/** Milliseconds since the epoch; absent when the text is no UTC time of ISO 8601, or no day of the calendar. */
export function findVersionTime(text: string): number | undefined {
  const [, day, time, fraction = ''] = form.exec(text) ?? []
  if (day === undefined || time === undefined) return undefined
  const at = Date.parse(`${day}T${time}${fraction}Z`)
  // A parser may take the 31st of a month of 30 days for the 1st of the next.
  return Number.isNaN(at) || new Date(at).getUTCDate() !== Number(day.slice(-2)) ? undefined : at
}

/** A moment in seconds since the epoch, as `versionTime`. */
export function writeVersionTime(seconds: number): string {
  return `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`
}
