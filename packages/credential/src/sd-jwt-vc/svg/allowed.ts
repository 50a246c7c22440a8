/**
 * What a picture may be made of: shapes, texts, colours and pictures that it brings along. What is not
 * named here is not drawn, whatever it is. draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.2.2, §7.9.
 */
import { refused, type XmlElement } from './xml.ts'

const shapes = ['circle', 'ellipse', 'line', 'path', 'polygon', 'polyline', 'rect']
const paints = ['clipPath', 'linearGradient', 'marker', 'mask', 'pattern', 'radialGradient', 'stop']
const groups = ['svg', 'g', 'defs', 'symbol', 'use', 'image', 'style']
/** Where text is drawn, and with it the values of claims. */
export const textElements: readonly string[] = ['text', 'tspan', 'textPath', 'title', 'desc']

const elements: ReadonlySet<string> = new Set([...shapes, ...paints, ...groups, ...textElements])

const attributes: ReadonlySet<string> = new Set(
  (
    'id class style lang role aria-label xml:lang xml:space version viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r ' +
    'rx ry fx fy fr dx dy d points width height transform rotate textLength lengthAdjust startOffset method ' +
    'spacing offset pathLength gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits ' +
    'patternTransform clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight orient refX refY ' +
    'fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray ' +
    'stroke-dashoffset stroke-miterlimit opacity color display visibility overflow stop-color stop-opacity clip-path ' +
    'clip-rule mask marker-start marker-mid marker-end font-family font-size font-weight font-style font-variant ' +
    'font-stretch letter-spacing word-spacing text-anchor text-decoration dominant-baseline alignment-baseline ' +
    'baseline-shift writing-mode direction unicode-bidi shape-rendering text-rendering image-rendering ' +
    'color-interpolation mix-blend-mode isolation vector-effect paint-order'
  ).split(' '),
)

const namespaces: Readonly<Record<string, string>> = {
  xmlns: 'http://www.w3.org/2000/svg',
  'xmlns:xlink': 'http://www.w3.org/1999/xlink',
}

const fragment = /^#[A-Za-z_][A-Za-z0-9_.-]*$/
/** Pictures of points only: one in SVG would be a second document, and would have to be read like this one. */
const pictureData = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/

/**
 * Refuses an element that is not drawn, for its name or for one of its attributes.
 *
 * @throws {CredentialError} `svg_refused`
 */
export function checkElement({ name, attributes: given }: XmlElement): void {
  if (!elements.has(name)) throw refused('it holds an element that is not drawn')
  for (const [attribute, value] of given) checkAttribute(name, attribute, value)
}

/**
 * Style sheets choose colours and letters. They fetch nothing and import nothing, and they are not
 * spelled in a way that would have to be read twice.
 *
 * @throws {CredentialError} `svg_refused`
 */
export function checkStyle(css: string): void {
  checkPaint(css)
  if (/url|[@<>]/i.test(css)) throw refused('a style sheet fetches or imports something')
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
  if (!attributes.has(attribute)) throw refused('an element has an attribute that is not drawn')
  checkPaint(value.replace(/url\(#[A-Za-z_][A-Za-z0-9_.-]*\)/g, ''))
}

/** §5.5.1.2.2: a picture that is fetched from somewhere tells there that it is looked at. */
function checkReference(element: string, value: string): void {
  if (element === 'image' ? !pictureData.test(value) : !fragment.test(value)) {
    throw refused('it refers to something outside of it')
  }
}

/** What remains of a value once references to itself are taken out. */
function checkPaint(value: string): void {
  if (
    /[\\]|\/\*|url\s*\(|(?:image|src|element|paint|expression|var|attr|env)\s*\(|image-set|javascript:|behavior|binding/i.test(
      value,
    )
  ) {
    throw refused('a colour or a style is more than that')
  }
}
