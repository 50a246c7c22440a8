/**
 * The part of XML that pictures need (XML 1.0 §2, Namespaces §3 as far as prefixes go), read strictly
 * and within bounds: elements, attributes and text.
 *
 * Document types, entities of one's own, processing instructions and CDATA are refused: programs differ
 * on what they mean, and what is checked here must be what is drawn elsewhere (specs/decisions/0010).
 */
import { CredentialError } from '../../error.ts'

export interface XmlElement {
  readonly name: string
  /** In the order of the text, references resolved. */
  readonly attributes: ReadonlyMap<string, string>
  /** Texts with their references resolved; comments are left out. */
  readonly children: readonly (XmlElement | string)[]
}

/** Characters of a picture. */
export const xmlLength = 262_144
const xmlElements = 5000
const xmlDepth = 64
const xmlAttributes = 64

/**
 * Reads a document: one element, with a declaration, comments and blanks around it.
 *
 * @throws {CredentialError} `svg_refused`
 */
export function readXml(text: string): XmlElement {
  if (text.length > xmlLength) throw refused('it is longer than is drawn')
  // XML 1.0 §2.2: what no document may hold; halves of characters are among it.
  if (/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/u.test(text))
    throw refused('it holds characters of control')
  const reading: Reading = { text, at: 0, elements: 0 }
  skipDeclaration(reading)
  skipAround(reading)
  const root = readElements(reading)
  skipAround(reading)
  if (reading.at !== text.length) throw refused('something follows its end')
  return root
}

/** Text as it stands in a document, between elements or in an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}

export function refused(why: string): CredentialError {
  return new CredentialError('svg_refused', `The picture is not drawn: ${why}`)
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

interface Reading {
  readonly text: string
  at: number
  elements: number
}

interface Open {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: (XmlElement | string)[]
}

/** A stack instead of recursion: how deep strangers nest is not for our own stack to bear. */
function readElements(reading: Reading): XmlElement {
  const open: Open[] = []
  for (;;) {
    const inner = open.at(-1)
    if (inner !== undefined) readText(reading, inner)
    if (startsWith(reading, '<!--')) skipComment(reading)
    else if (startsWith(reading, '</')) {
      const closed = readEnd(reading, open)
      const outer = open.at(-1)
      if (outer === undefined) return closed
      outer.children.push(closed)
    } else {
      const { element, isEmpty } = readStart(reading, open.length)
      const outer = open.at(-1)
      if (!isEmpty) open.push(element)
      else if (outer === undefined) return element
      else outer.children.push(element)
    }
  }
}

function readText(reading: Reading, { children }: Open): void {
  const end = reading.text.indexOf('<', reading.at)
  if (end === -1) throw refused('an element has no end')
  if (end === reading.at) return
  const raw = reading.text.slice(reading.at, end)
  if (raw.includes(']]>')) throw refused('"]]>" stands in a text')
  const text = resolve(raw)
  const last = children.at(-1)
  // A comment between two texts leaves one text: else a placeholder could hide around it.
  if (typeof last === 'string') children[children.length - 1] = last + text
  else children.push(text)
  reading.at = end
}

const nameForm = /[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?/y
const attributeForm =
  /[ \t\r\n]+([A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y
const startEnd = /[ \t\r\n]*(\/?)>/y
const endForm = /<\/([A-Za-z0-9_:.-]+)[ \t\r\n]*>/y

function readStart(reading: Reading, depth: number): { readonly element: Open; readonly isEmpty: boolean } {
  if (!startsWith(reading, '<')) throw refused('an element is expected')
  reading.at++
  const [name] = match(nameForm, reading) ?? []
  if (name === undefined) throw refused('it holds more than elements, attributes, texts and comments')
  if (++reading.elements > xmlElements || depth >= xmlDepth)
    throw refused('it has too many elements, or too deep')
  const attributes = new Map<string, string>()
  for (
    let found = match(attributeForm, reading);
    found !== undefined;
    found = match(attributeForm, reading)
  ) {
    const [, attribute = '', double, single] = found
    if (attributes.has(attribute)) throw refused('an attribute stands twice in one element')
    if (attributes.size >= xmlAttributes) throw refused('an element has too many attributes')
    attributes.set(attribute, resolve(double ?? single ?? ''))
  }
  const end = match(startEnd, reading)
  if (end === undefined) throw refused('an element cannot be read')
  return { element: { name, attributes, children: [] }, isEmpty: end[1] === '/' }
}

function readEnd(reading: Reading, open: Open[]): XmlElement {
  const [, name] = match(endForm, reading) ?? []
  const closed = open.pop()
  if (closed === undefined || closed.name !== name) throw refused('an element ends that did not begin')
  return closed
}

function skipDeclaration(reading: Reading): void {
  if (!startsWith(reading, '<?xml ')) return
  const declaration = match(
    /<\?xml version=["']1\.[01]["'](?: encoding=["'][Uu][Tt][Ff]-8["'])?(?: standalone=["'](?:yes|no)["'])? ?\?>/y,
    reading,
  )
  if (declaration === undefined) throw refused('its declaration is not that of XML in UTF-8')
}

function skipAround(reading: Reading): void {
  match(/[ \t\r\n]*/y, reading)
  while (startsWith(reading, '<!--')) {
    skipComment(reading)
    match(/[ \t\r\n]*/y, reading)
  }
}

/** §2.5: two hyphens end a comment, and nothing else may follow them. */
function skipComment(reading: Reading): void {
  const end = reading.text.indexOf('--', reading.at + 4)
  if (end === -1 || reading.text[end + 2] !== '>') throw refused('a comment has no end')
  if (reading.text.slice(reading.at, end).includes('{{')) throw refused('a placeholder stands in a comment')
  reading.at = end + 3
}

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five references that need no declaration, and characters by number. */
function resolve(raw: string): string {
  return raw.replace(/&([^;&]*)(;?)/g, (_, name: string, end: string) => {
    const character = end === ';' ? (own(predefined, name) ?? byNumber(name)) : undefined
    if (character === undefined) throw refused('it names something that it does not declare')
    return character
  })
}

function byNumber(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name) ?? []
  const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16)
  const isCharacter =
    code === 0x09 ||
    code === 0x0a ||
    code === 0x0d ||
    (code >= 0x20 && code < 0x7f) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return isCharacter ? String.fromCodePoint(code) : undefined
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function startsWith({ text, at }: Reading, what: string): boolean {
  return text.startsWith(what, at)
}

/** Matches a sticky expression where the reading stands, and moves past it. */
function match(form: RegExp, reading: Reading): RegExpExecArray | undefined {
  form.lastIndex = reading.at
  const found = form.exec(reading.text)
  if (found === null) return undefined
  reading.at = form.lastIndex
  return found
}
