/**
 * What a picture may be made of: shapes, texts, colours and pictures that it brings along. What is not
 * named here is not drawn, whatever it is. draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.2.2, §7.9.
 */
import { isWithin, valueForms } from './attribute-value.ts'
import { findPicture } from './data-uri.ts'
import { refused, type XmlElement } from './xml.ts'

/**
 * There is no style sheet, no marker, mask, pattern or filter among them: the first is a language of its
 * own, and the others draw a shape again for each point or tile of another one (specs/decisions/0010).
 */
export const shapes: readonly string[] = ['circle', 'ellipse', 'line', 'path', 'polygon', 'polyline', 'rect']
const paints = ['clipPath', 'linearGradient', 'radialGradient', 'stop']
const groups = ['svg', 'g', 'defs', 'use', 'image']
/** Where text is drawn, and with it the values of claims. */
export const textElements: readonly string[] = ['text', 'tspan', 'title', 'desc']

const elements: ReadonlySet<string> = new Set([...shapes, ...paints, ...groups, ...textElements])

const namespaces: Readonly<Record<string, string>> = {
  xmlns: 'http://www.w3.org/2000/svg',
  'xmlns:xlink': 'http://www.w3.org/1999/xlink',
}

const referring: ReadonlySet<string> = new Set(['use', 'image', 'linearGradient', 'radialGradient'])
const fragment = /^#[A-Za-z_][A-Za-z0-9_.-]*$/

/**
 * Refuses an element that is not drawn, for its name or for one of its attributes.
 *
 * @throws {CredentialError} `svg_refused`
 */
export function checkElement({ name, attributes }: XmlElement): void {
  if (!elements.has(name)) throw refused('it holds an element that is not drawn')
  for (const [attribute, value] of attributes) checkAttribute(name, attribute, value)
}

function checkAttribute(element: string, attribute: string, value: string): void {
  if (value.includes('{{')) throw refused('a placeholder stands in an attribute')
  if (Object.hasOwn(namespaces, attribute)) {
    if (namespaces[attribute] !== value) throw refused('it is no picture in SVG')
    return
  }
  if (attribute === 'href' || attribute === 'xlink:href') {
    checkReference(element, value)
    return
  }
  const form = valueForms.get(attribute)
  if (form === undefined) throw refused('an element has an attribute that is not drawn')
  if (!isWithin(form, value)) throw refused('an attribute has a value that is not drawn')
}

/** §5.5.1.2.2: a picture that is fetched from somewhere tells there that it is looked at. */
function checkReference(element: string, value: string): void {
  if (!referring.has(element)) throw refused('an element has an attribute that is not drawn')
  if (element === 'image' ? findPicture(value) === undefined : !fragment.test(value)) {
    throw refused('it refers to something outside of it')
  }
}
