/**
 * How a type wishes its credentials to be drawn. draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.
 *
 * Addresses are read and never called here. Methods that are not known are passed over.
 */
import { findMember, type JsonObject } from '../../json.ts'
import { listIn, malformed, nameLength, neededTextIn, objectIn, oneOf, present, textIn } from './member.ts'

export interface Rendering {
  readonly simple?: SimpleRendering
  /** Not empty. */
  readonly svg_templates?: readonly SvgTemplate[]
}

export interface SimpleRendering {
  readonly logo?: Picture
  readonly background_image?: Picture
  /** Colours in numbers: `#12107c`, `rgb(18,16,124)`. */
  readonly background_color?: string
  readonly text_color?: string
}

/** A picture by its address, `https:` or `data:`. */
export interface Picture {
  readonly uri: string
  /** Must hold of what is found there, with `checkIntegrity`; absent: nothing is known of it. */
  readonly 'uri#integrity'?: string
  /** For those who do not see it. */
  readonly alt_text?: string
}

export interface SvgTemplate {
  readonly uri: string
  readonly 'uri#integrity'?: string
  /** There with at least one member when there are several templates. */
  readonly properties?: SvgProperties
}

export interface SvgProperties {
  readonly orientation?: 'portrait' | 'landscape'
  readonly color_scheme?: 'light' | 'dark'
  readonly contrast?: 'normal' | 'high'
}

/** Templates of one language. */
export const svgTemplatesCount = 16

/** Numbers only: these values end up in style sheets (CSS Color 3 §4.2). */
const colour = /^(?:#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})|(?:rgb|hsl)a?\([0-9., %]{1,60}\))$/

/** §7.9: kinds of pictures that hold no code; SVG is drawn as a picture, where its code does not run. */
const address = /^(?:https:\/\/[^\s"'<>\\]+|data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,][^\s"'<>\\]*)$/

/** As long as a picture inside the document may be. */
const addressLength = 131_072

/** @throws {CredentialError} `type_metadata_malformed` */
export function readRendering(rendering: JsonObject): Rendering {
  const simple = objectIn(rendering, 'simple')
  const templates = listIn(rendering, 'svg_templates', { most: svgTemplatesCount, read: readTemplate })
  if (templates?.length === 0) throw malformed('"svg_templates" must not be empty')
  // §5.5.1.2: "properties … REQUIRED if more than one SVG template is present".
  if (
    templates !== undefined &&
    templates.length > 1 &&
    templates.some((each) => each.properties === undefined)
  ) {
    throw malformed('each of several templates says in "properties" what it is for')
  }
  return present({ simple: simple && readSimple(simple), svg_templates: templates })
}

/** The template that fits best: one that says the opposite of a wish is taken only when there is no other. */
export function chooseTemplate(
  templates: readonly SvgTemplate[],
  wish: SvgProperties,
): SvgTemplate | undefined {
  const scored = templates.map((template) => ({ template, score: fitOf(template.properties ?? {}, wish) }))
  return scored.sort((a, b) => b.score - a.score)[0]?.template
}

/** What people cannot do without counts most: contrast, then which way it is held, then its colours. */
const weights = { contrast: 8, orientation: 2, color_scheme: 1 } as const

function fitOf(properties: SvgProperties, wish: SvgProperties): number {
  const names = ['contrast', 'orientation', 'color_scheme'] as const
  return names.reduce((score, name) => {
    if (wish[name] === undefined || properties[name] === undefined) return score
    return score + (wish[name] === properties[name] ? weights[name] : -weights[name])
  }, 0)
}

function readSimple(simple: JsonObject): SimpleRendering {
  const logo = objectIn(simple, 'logo')
  const background = objectIn(simple, 'background_image')
  return present({
    logo: logo && readPicture(logo),
    background_image: background && readPicture(background),
    background_color: readColour(simple, 'background_color'),
    text_color: readColour(simple, 'text_color'),
  })
}

function readPicture(picture: JsonObject): Picture {
  return present({
    uri: readAddress(picture),
    'uri#integrity': textIn(picture, 'uri#integrity', nameLength),
    alt_text: textIn(picture, 'alt_text'),
  })
}

function readTemplate(template: JsonObject): SvgTemplate {
  const properties = objectIn(template, 'properties')
  return present({
    uri: readAddress(template),
    'uri#integrity': textIn(template, 'uri#integrity', nameLength),
    properties: properties && readProperties(properties),
  })
}

function readProperties(properties: JsonObject): SvgProperties {
  const read: SvgProperties = present({
    orientation: oneOf(properties, 'orientation', ['portrait', 'landscape']),
    color_scheme: oneOf(properties, 'color_scheme', ['light', 'dark']),
    contrast: oneOf(properties, 'contrast', ['normal', 'high']),
  })
  if (Object.keys(read).length > 0) return read
  throw malformed('"properties" must name an orientation, a color_scheme or a contrast')
}

function readAddress(object: JsonObject): string {
  const uri = neededTextIn(object, 'uri', addressLength)
  if (address.test(uri)) return uri
  throw malformed('"uri" must be an https address, or a picture as data:')
}

function readColour(object: JsonObject, name: string): string | undefined {
  const value = findMember(object, name)
  if (value === undefined) return undefined
  if (typeof value === 'string' && colour.test(value)) return value
  throw malformed(`"${name}" must be a colour in numbers`)
}
