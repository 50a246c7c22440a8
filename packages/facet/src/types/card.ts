/** A credential as its type wishes it to be drawn. draft-ietf-oauth-sd-jwt-vc-19 §5.5.1.2. */
import type { JsonObject } from '@facet-id/credential/json'
import {
  beginType,
  type CredentialType,
  chooseTemplate,
  drawSvg,
  inLanguage,
  type SvgProperties,
  svgValues,
  type TypeResolution,
  takeDocument,
} from '@facet-id/credential/type-metadata'
import { FacetError } from '../error.ts'
import type { JudgingPorts } from '../service/judging-ports.ts'
import { type TemplatePorts, templateOf } from './card-template.ts'

export interface CardWish extends SvgProperties {
  /** Best first. */
  readonly languages: readonly string[]
}

export interface CardPorts extends TemplatePorts {
  readonly typeMetadataOf: JudgingPorts['typeMetadataOf']
}

/**
 * Draws a card from the claims that are held. What comes out holds nothing that runs or is fetched.
 *
 * @throws {FacetError} `card_not_drawn` when nothing is known of the type, or it has no template that can
 *   be had; {CredentialError} `svg_refused`, `integrity_mismatch`, `type_metadata_malformed` and its like;
 *   {ProtocolError} `peer_unreachable` and its like
 */
export async function drawCard(claims: JsonObject, wish: CardWish, ports: CardPorts): Promise<string> {
  const type = await typeOf(claims, ports)
  const display = inLanguage(type.display, wish.languages)
  const template = chooseTemplate(display?.rendering?.svg_templates ?? [], wish)
  if (template === undefined) throw new FacetError('card_not_drawn', 'The type has no template for a card')
  return drawSvg(await templateOf(template, ports), svgValues(type, claims))
}

async function typeOf(claims: JsonObject, { typeMetadataOf, hash }: CardPorts): Promise<CredentialType> {
  const integrity = claims['vct#integrity']
  let resolution: TypeResolution = beginType(
    String(claims.vct),
    typeof integrity === 'string' ? integrity : undefined,
  )
  while (resolution.has === 'documents') {
    const answer = await typeMetadataOf(resolution.wanted)
    if (!('document' in answer))
      throw new FacetError('card_not_drawn', 'refused' in answer ? answer.refused : answer.undetermined)
    resolution = takeDocument(resolution, answer.document, hash)
  }
  return resolution.type
}
