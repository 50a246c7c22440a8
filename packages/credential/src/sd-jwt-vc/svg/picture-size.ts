/**
 * How many points a picture has, by its first bytes: PNG (RFC 2083 §3, §4.1.1), GIF89a §18, JPEG (T.81 §B.2.2)
 * and WebP (RFC 9649 §2). Nothing of it is unpacked.
 */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Absent when the bytes are no picture of that kind, or one without points. */
export function findPictureSize(
  bytes: Uint8Array,
  mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp',
): PictureSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const size = readers[mediaType](view)
    return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined
  } catch (error) {
    // It ends before it says how large it is.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

type SizeReader = (view: DataView) => PictureSize | undefined

const readers: Readonly<Record<Parameters<typeof findPictureSize>[1], SizeReader>> = {
  'image/png': (view) =>
    view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a && textAt(view, 12, 4) === 'IHDR'
      ? { width: view.getUint32(16), height: view.getUint32(20) }
      : undefined,
  'image/gif': (view) =>
    /^GIF8[79]a$/.test(textAt(view, 0, 6))
      ? { width: view.getUint16(6, true), height: view.getUint16(8, true) }
      : undefined,
  'image/jpeg': sizeOfJpeg,
  'image/webp': sizeOfWebp,
}

/** Segments, each with its length, up to the one that begins a frame. */
function sizeOfJpeg(view: DataView): PictureSize | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    // The points begin, and no frame said how many there are; or a marker that has no length.
    if (marker === 0xda || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9)) return undefined
  }
}

function sizeOfWebp(view: DataView): PictureSize | undefined {
  if (textAt(view, 0, 4) !== 'RIFF' || textAt(view, 8, 4) !== 'WEBP') return undefined
  switch (textAt(view, 12, 4)) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      }
    default:
      return undefined
  }
}

function textAt(view: DataView, at: number, length: number): string {
  return Array.from({ length }, (_, place) => String.fromCharCode(view.getUint8(at + place))).join('')
}
