/** The window of this package: UTF-8 inside certificates, on every platform under this name. */
declare class TextDecoder {
  constructor(label: 'utf-8', options: { fatal: true; ignoreBOM: true })
  decode(bytes: Uint8Array): string
}
