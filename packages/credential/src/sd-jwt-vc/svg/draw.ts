/**
 * From a template and the claims of a credential to a picture that can be shown.
 * draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.2.2.
 *
 * The template is read, held against what may be drawn, and written anew: what is shown is what was
 * looked at, and what it asks for is counted. Draw the result as a picture (`<img>`), not as a part of a page.
 */
import { deceives, replaceDeceiving } from '../../deceiving.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import { isJsonArray, isJsonObject } from '../../json.ts'
import { selectByPath } from '../../sd-jwt/claims-path.ts'
import type { CredentialType } from '../type-metadata/credential-type.ts'
import { checkElement, textElements } from './allowed.ts'
import { findPicture } from './data-uri.ts'
import { checkWork, isForPicture, valueLength } from './work.ts'
import { escapeXml, readXml, refused, type XmlElement } from './xml.ts'

/**
 * Draws a template. A placeholder `{{svg_id}}` stands in a text only, and becomes the value with that
 * name, escaped; a value that is absent becomes nothing. An `<image>` without an address whose `id` is an
 * `svg_id` shows the picture in that claim (0010); one that `readDataUri` refuses is not shown.
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
  const written = writeElement(root, values)
  checkWork(root)
  return written
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
  const { name, children } = element
  const attributes = withPicture(element, values)
  const written = [...attributes].map(([attribute, value]) => ` ${attribute}="${escapeXml(value)}"`).join('')
  if (children.length === 0) return `<${name}${written}/>`
  const inner = children.map((child) =>
    typeof child === 'string' ? writeText(child, name, values) : writeElement(child, values),
  )
  return `<${name}${written}>${inner.join('')}</${name}>`
}

/** §7.9: a picture out of a claim is looked at before it is shown. */
function withPicture(
  { name, attributes }: XmlElement,
  values: ReadonlyMap<string, string | undefined>,
): ReadonlyMap<string, string> {
  if (!isForPicture(name, attributes)) return attributes
  const value = values.get(attributes.get('id') ?? '')
  const picture = value === undefined ? undefined : findPicture(value)
  return picture === undefined ? attributes : new Map([...attributes, ['href', picture.uri]])
}

function writeText(text: string, element: string, values: ReadonlyMap<string, string | undefined>): string {
  if (!textElements.includes(element) && text.trim() !== '')
    throw refused('a text stands where none is drawn')
  if (deceives(text)) throw refused('a text of it deceives the eye')
  const filled = text.replace(/\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}|\{\{/g, (_, name?: string) => {
    if (name === undefined || !values.has(name))
      throw refused('a placeholder stands for no claim of the type')
    return shown(values.get(name) ?? '')
  })
  return escapeXml(filled)
}

/** A value is somebody's text: nothing in it turns letters about, hides, or fills the card (§7.6). */
function shown(value: string): string {
  const plain = replaceDeceiving(value, () => ' ')
  const letters = [...plain]
  return letters.length > valueLength ? `${letters.slice(0, valueLength).join('')}…` : plain
}
