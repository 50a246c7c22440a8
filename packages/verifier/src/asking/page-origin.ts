/** Who asks through a platform: a page, or an app, by the origin that the platform tells to wallets. OpenID4VP 1.0 §A.2. */
import { readHttpUrl, type Scheme } from '@facet-id/protocol/url'
import { unfit } from './unfit.ts'

const WHY = 'an origin is https and a host, in lower case and with nothing behind it, or that of an app'

/** Of an app: `android:apk-key-hash:…`. What follows is the platform's, and is compared as text. */
const APP = /^android:[\x21-\x7E]{1,512}$/

/** As browsers write origins: in lower case, without the port that goes without saying. */
const WRITTEN_OTHERWISE = /[A-Z]|^https:.*:443$|^http:.*:80$/

/** @throws {VerifierError} `request_unfit`: no wallet would find itself asked from there */
export function readPageOrigin(text: string, scheme: Scheme): string {
  if (APP.test(text)) return text
  try {
    const { origin } = readHttpUrl(text, scheme)
    if (origin === text && !WRITTEN_OTHERWISE.test(text)) return origin
  } catch (cause) {
    throw unfit(WHY, cause)
  }
  throw unfit(WHY)
}
