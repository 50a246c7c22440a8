/** The book of an authority: what it issued, and what it revoked. No secret stands in it. */
import { join } from 'node:path'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '@facet-id/credential/json'
import { readText, writeWhole } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'

/** Times are seconds since the epoch. */
export interface Issued {
  /** Hexadecimal, as our reader has it. */
  readonly serialNumber: string
  readonly purpose: string
  readonly name: string
  readonly notAfter: number
  readonly revokedAt?: number
}

export interface Book {
  /** The organization that the authority is called by. */
  readonly name: string
  /** Of the revocation list that was written last. */
  readonly listNumber: number
  readonly issued: readonly Issued[]
}

const FORM = 'facet-authority-1'

export function bookIn(directory: string): string {
  return join(directory, 'issued.json')
}

/** @throws {FacetError} `file_unusable` */
export async function readBook(directory: string): Promise<Book> {
  const text = await readText(bookIn(directory))
  try {
    return bookOf(readJsonObject(text))
  } catch (cause) {
    throw new FacetError('file_unusable', `${bookIn(directory)} is no book of an authority`, { cause })
  }
}

/** @throws {FacetError} `file_unusable` */
export async function writeBook(directory: string, book: Book): Promise<void> {
  await writeWhole(bookIn(directory), `${JSON.stringify({ form: FORM, ...book }, null, 2)}\n`)
}

function bookOf(object: JsonObject): Book {
  const { form, name, listNumber, issued } = object
  if (form !== FORM || typeof name !== 'string' || typeof listNumber !== 'number' || !isJsonArray(issued))
    throw new FacetError('file_unusable', 'The book is of another form')
  return { name, listNumber, issued: issued.map(issuedOf) }
}

function issuedOf(value: JsonValue): Issued {
  if (!isJsonObject(value)) throw new FacetError('file_unusable', 'A line of the book is no object')
  const { serialNumber, purpose, name, notAfter } = value
  const revokedAt = findMember(value, 'revokedAt')
  if (
    typeof serialNumber !== 'string' ||
    typeof purpose !== 'string' ||
    typeof name !== 'string' ||
    typeof notAfter !== 'number' ||
    (revokedAt !== undefined && typeof revokedAt !== 'number')
  )
    throw new FacetError('file_unusable', 'A line of the book is of another form')
  return { serialNumber, purpose, name, notAfter, ...(revokedAt === undefined ? {} : { revokedAt }) }
}
