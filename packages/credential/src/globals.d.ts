/** The windows of this package: UTF-8, on every platform under these names, and what ECMAScript 2024 adds to texts and 2026 to bytes. */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
  /** Not on every platform. */
  encodeInto?(text: string, into: Uint8Array): { readonly written: number }
}
declare class TextDecoder {
  constructor(label: 'utf-8', options: { fatal: true; ignoreBOM: true })
  decode(bytes: Uint8Array): string
}
interface Uint8Array<TArrayBuffer extends ArrayBufferLike> {
  toBase64?(options: { alphabet: 'base64url'; omitPadding: true }): string
}
interface Uint8ArrayConstructor {
  fromBase64?(text: string, options: { alphabet: 'base64url' }): Uint8Array<ArrayBuffer>
}
interface String {
  /** Whether no half of a surrogate pair stands alone; every engine that runs this has it. */
  isWellFormed(): boolean
}
