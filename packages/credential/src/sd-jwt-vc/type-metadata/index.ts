export { deceives, replaceDeceiving } from '../../deceiving.ts'
export {
  type DataUri,
  dataUriLength,
  type PictureMediaType,
  pictureArea,
  readDataUri,
} from '../svg/data-uri.ts'
export { drawSvg, svgValues } from '../svg/draw.ts'
export { asIssued, type IssuedContent, type IssuedValue, selectIssued } from './as-issued.ts'
export { checkClaimRules } from './claim-rules.ts'
export { type ClaimRule, type CredentialType, joinTypes } from './credential-type.ts'
export type { TypeClaimDisplay, TypeDisplay } from './display.ts'
export {
  type ClaimMetadata,
  type DisclosureRule,
  readTypeMetadata,
  type TypeMetadata,
  typeMetadataBytes,
} from './document.ts'
export { checkIntegrity, writeIntegrity } from './integrity.ts'
export { inLanguage } from './language.ts'
export {
  chooseTemplate,
  type Picture,
  type Rendering,
  type SimpleRendering,
  type SvgProperties,
  type SvgTemplate,
} from './rendering.ts'
export {
  beginType,
  type TypeDocument,
  type TypeResolution,
  takeDocument,
  typeDepth,
  type WantedDocument,
  type WantingDocuments,
} from './resolution.ts'
