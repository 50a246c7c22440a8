/**
 * How much work a picture is for whoever draws it, counted before it is drawn: a few lines can ask for
 * hours. draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.2.2, specs/decisions/0010.
 */
import { shapes } from './allowed.ts'
import { numbersIn } from './attribute-value.ts'
import { pictureArea, readDataUri } from './data-uri.ts'
import { refused, type XmlElement } from './xml.ts'

/** What all of a picture may come to; each number of a path is one, each letter, and each element but shapes. */
export const workMost = 40_000
/** Something that is drawn beside the picture and then laid over it. */
const layerWork = 100
/** A circle is four curves. */
const shapeWork = 4
/** Characters of one value; more is cut off. */
export const valueLength = 300
/** Points of a picture that count as one. */
const pointsPerWork = 1000
/** Uses of what stands elsewhere in the picture. */
const referencesCount = 200

/**
 * Refuses what is drawn from what is drawn from something else (a few lines of that draw a thousand million
 * shapes), and what is too much even so. To be asked once each element is known to be one that is drawn.
 *
 * @throws {CredentialError} `svg_refused`
 */
export function checkWork(root: XmlElement): void {
  const { elements, targets, references } = collect(root)
  if (references.length > referencesCount) throw refused('too much of it is drawn more than once')
  const holding = new Set<string | undefined>()
  const borrowing = new Set<string | undefined>()
  for (const { element, ancestors } of references) {
    // A gradient that takes its colours from another one draws nothing of it; but it looks there each time.
    if (isGradient(element)) borrowing.add(element.attributes.get('id'))
    else for (const { attributes } of [...ancestors, element]) holding.add(attributes.get('id'))
  }
  let work = 0
  for (const element of elements) work += ownWork(element)
  for (const { element, id } of references) {
    if (holding.has(id) || (isGradient(element) && borrowing.has(id)))
      throw refused('something in it is drawn from what is drawn from something else')
    work += workBelow(targets.get(id), targets)
    if (work > workMost) break
  }
  if (work > workMost) throw refused('it is more work to draw than is done for a picture')
}

interface Reference {
  readonly element: XmlElement
  readonly ancestors: readonly XmlElement[]
  readonly id: string
}

function collect(root: XmlElement) {
  const elements: XmlElement[] = []
  const targets = new Map<string, XmlElement>()
  const references: Reference[] = []
  walk(root, (element, ancestors) => {
    elements.push(element)
    const id = element.attributes.get('id')
    // Programs differ on which one is meant.
    if (id !== undefined && targets.has(id)) throw refused('two elements have one id')
    if (id !== undefined) targets.set(id, element)
    for (const named of referencesOf(element)) references.push({ element, ancestors, id: named })
  })
  return { elements, targets, references }
}

/** What is drawn again where something refers to this; for a gradient also where it takes its colours from. */
function workBelow(target: XmlElement | undefined, targets: ReadonlyMap<string, XmlElement>): number {
  if (target === undefined) return 0
  let work = 0
  walk(target, (element) => {
    work += ownWork(element)
  })
  if (!isGradient(target)) return work
  for (const id of referencesOf(target)) work += 1 + (targets.get(id)?.children.length ?? 0)
  return work
}

function ownWork({ name, attributes, children }: XmlElement): number {
  let work = shapes.includes(name) ? shapeWork : 1
  work += numbersIn(attributes.get('d') ?? '').length + numbersIn(attributes.get('points') ?? '').length
  for (const layer of ['opacity', 'clip-path']) if (attributes.has(layer)) work += layerWork
  if (name === 'image') work += workOfPicture(attributes)
  for (const text of children) {
    if (typeof text !== 'string' || text.trim() === '') continue
    work += text.length + valueLength * (text.split('{{').length - 1)
  }
  return work
}

/** One that a claim will bring is as large as it may be. */
function workOfPicture(attributes: XmlElement['attributes']): number {
  const uri = attributes.get('href') ?? attributes.get('xlink:href')
  if (uri === undefined) return pictureArea / pointsPerWork
  const { width, height } = readDataUri(uri)
  return Math.ceil((width * height) / pointsPerWork)
}

/** Whether it is an `<image>` that has no address, so that a claim may give it one. */
export function isForPicture(name: string, attributes: XmlElement['attributes']): boolean {
  return name === 'image' && !attributes.has('href') && !attributes.has('xlink:href')
}

function isGradient({ name }: XmlElement): boolean {
  return name.endsWith('Gradient')
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
    const within = [...ancestors, element]
    for (const child of element.children)
      if (typeof child !== 'string') open.push({ element: child, ancestors: within })
  }
}
