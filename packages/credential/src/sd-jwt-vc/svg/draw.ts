/**
 * From a template and the claims of a credential to a picture that can be shown.
 * draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.2.2.
 *
 * The template is read, held against what may be drawn, and written anew: what is shown is what was
 * looked at. Draw the result as a picture (`<img>`), not as a part of a page.
 */
import type { JsonObject, JsonValue } from '../../json.ts'
import { isJsonArray, isJsonObject } from '../../json.ts'
import { selectByPath } from '../../sd-jwt/claims-path.ts'
import type { CredentialType } from '../type-metadata/credential-type.ts'
import { checkElement, checkStyle, textElements } from './allowed.ts'
import { escapeXml, readXml, refused, type XmlElement } from './xml.ts'

/** Characters of one value; more is cut off. */
const valueLength = 300
/** Uses of what stands elsewhere in the picture. */
const referencesCount = 200

/**
 * Draws a template. A placeholder `{{svg_id}}` stands in a text only, and becomes the value with that
 * name, escaped; a value that is absent becomes nothing.
 *
 * @param values by `svg_id`, one for each that the type has: a placeholder for any other refuses the
 *   template. `undefined` where the credential lacks the claim
 * @throws {CredentialError} `svg_refused`
 */
export function drawSvg(template: string, values: ReadonlyMap<string, string | undefined>): string {
  const root = readXml(template)
  if (root.name !== 'svg' || root.attributes.get('xmlns') !== 'http://www.w3.org/2000/svg') {
    throw refused('it is no picture in SVG')
  }
  refuseEchoes(root)
  return writeElement(root, values)
}

/** What the placeholders of a type's templates stand for, out of the claims of one credential. */
export function svgValues(
  { claims: rules }: Pick<CredentialType, 'claims'>,
  claims: JsonObject,
): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>()
  for (const { svg_id, path } of rules) if (svg_id !== undefined) values.set(svg_id, textAt(claims, path))
  return values
}

function textAt(claims: JsonObject, path: Parameters<typeof selectByPath>[1]): string | undefined {
  try {
    const texts = selectByPath(claims, path).flatMap(({ value }) => textOf(value) ?? [])
    return texts.length === 0 ? undefined : texts.join(', ')
  } catch {
    // The claim is not there, or is not what the path expects: there is nothing to draw.
    return undefined
  }
}

function textOf(value: JsonValue): string | undefined {
  if (value === null || isJsonObject(value) || isJsonArray(value)) return undefined
  return String(value)
}

function writeElement(element: XmlElement, values: ReadonlyMap<string, string | undefined>): string {
  checkElement(element)
  const { name, attributes, children } = element
  const written = [...attributes].map(([attribute, value]) => ` ${attribute}="${escapeXml(value)}"`).join('')
  if (children.length === 0) return `<${name}${written}/>`
  const inner = children.map((child) =>
    typeof child === 'string' ? writeText(child, name, values) : writeElement(child, values),
  )
  return `<${name}${written}>${inner.join('')}</${name}>`
}

function writeText(text: string, element: string, values: ReadonlyMap<string, string | undefined>): string {
  if (element === 'style') {
    if (text.includes('{{')) throw refused('a placeholder stands in a style sheet')
    checkStyle(text)
  } else if (!textElements.includes(element)) {
    if (text.trim() !== '') throw refused('a text stands where none is drawn')
  }
  const filled = text.replace(/\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}|\{\{/g, (_, name?: string) => {
    if (name === undefined || !values.has(name))
      throw refused('a placeholder stands for no claim of the type')
    return shown(values.get(name) ?? '')
  })
  return escapeXml(filled)
}

/** A value is somebody's text: nothing in it turns the direction of writing or fills the card. */
function shown(value: string): string {
  const plain = value.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu, ' ')
  const letters = [...plain]
  return letters.length > valueLength ? `${letters.slice(0, valueLength).join('')}…` : plain
}

/**
 * Refuses a `use` of something that uses something in turn: a few lines of that draw a thousand million
 * shapes. Paints that are painted with paints do the same.
 */
function refuseEchoes(root: XmlElement): void {
  const references = new Set<string>()
  const holding = new Set<string>()
  let count = 0
  walk(root, (element, ancestors) => {
    const named = referencesOf(element)
    count += named.length
    for (const id of named) references.add(id)
    // A gradient that takes its colours from another one draws nothing of it.
    if (named.length === 0 || element.name.endsWith('Gradient')) return
    for (const { attributes } of [...ancestors, element]) holding.add(attributes.get('id') ?? '')
  })
  if (count > referencesCount) throw refused('too much of it is drawn more than once')
  for (const id of references)
    if (holding.has(id)) throw refused('something in it is drawn from what is drawn from something else')
}

function referencesOf({ name, attributes }: XmlElement): readonly string[] {
  return [...attributes].flatMap(([attribute, value]) => {
    if (attribute === 'href' || attribute === 'xlink:href') return name === 'image' ? [] : [value.slice(1)]
    return [...value.matchAll(/url\(#([^)]*)\)/g)].map(([, id = '']) => id)
  })
}

function walk(
  root: XmlElement,
  visit: (element: XmlElement, ancestors: readonly XmlElement[]) => void,
): void {
  const open: { readonly element: XmlElement; readonly ancestors: readonly XmlElement[] }[] = [
    { element: root, ancestors: [] },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { element, ancestors } = next
    visit(element, ancestors)
    for (const child of element.children) {
      if (typeof child !== 'string') open.push({ element: child, ancestors: [...ancestors, element] })
    }
  }
}
