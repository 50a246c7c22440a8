/**
 * Pictures as `data:` URIs, in templates and in claims. draft-ietf-oauth-sd-jwt-vc-19 §2.2.2.4, §7.9:
 * kinds that hold no code, of a bounded size.
 */
import { readBase64url } from '../../base64url.ts'
import { CredentialError } from '../../error.ts'
import type { JsonValue } from '../../json.ts'
import { findPictureSize } from './picture-size.ts'

/** Pictures of points only: one in SVG is a document, and would have to be read like one. */
export type PictureMediaType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

export interface DataUri {
  readonly mediaType: PictureMediaType
  /** As it was read: it holds nothing that was not looked at. */
  readonly uri: string
  readonly bytes: Uint8Array
  /** In points. */
  readonly width: number
  readonly height: number
}

/** Characters of one: about 192 KiB of a picture. */
export const dataUriLength = 262_144
/** Points of one: a few bytes can stand for gigabytes of the same colour. */
export const pictureArea = 4_000_000

const form = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]+)={0,2}$/

/**
 * A picture in a claim, such as a portrait.
 *
 * @throws {CredentialError} `data_uri_refused` when it is no base64 `data:` URI of one of the kinds, longer
 *   than {@link dataUriLength}, of more than {@link pictureArea}, or not of the kind that it says
 */
export function readDataUri(claim: JsonValue): DataUri {
  if (typeof claim !== 'string' || claim.length > dataUriLength)
    throw refusedUri('it is no text, or too long')
  const [, kind, base64 = ''] = form.exec(claim) ?? []
  const mediaType = kinds.find((each) => each === kind)
  if (mediaType === undefined || !isPadded(claim, base64))
    throw refusedUri('it is no PNG, JPEG, GIF or WebP in base64')
  const bytes = bytesOf(base64)
  const size = findPictureSize(bytes, mediaType)
  if (size === undefined) throw refusedUri('it holds no picture of the kind that it says')
  if (size.width * size.height > pictureArea) throw refusedUri('it has more points than are drawn')
  return { mediaType, uri: claim, bytes, ...size }
}

/** Absent where `readDataUri` refuses. */
export function findPicture(claim: JsonValue): DataUri | undefined {
  try {
    return readDataUri(claim)
  } catch {
    return undefined
  }
}

const kinds: readonly PictureMediaType[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

function isPadded(uri: string, base64: string): boolean {
  const padding = uri.length - uri.lastIndexOf(base64) - base64.length
  return (base64.length + padding) % 4 === 0
}

function bytesOf(base64: string): Uint8Array {
  try {
    return readBase64url(base64.replaceAll('+', '-').replaceAll('/', '_'))
  } catch (cause) {
    throw refusedUri('its base64 cannot be read', cause)
  }
}

function refusedUri(why: string, cause?: unknown): CredentialError {
  return new CredentialError('data_uri_refused', `A picture in a claim is not used: ${why}`, { cause })
}
