/** What the endpoints of one issuer share. */
import type { MetadataAnswers } from './endpoints/issuer-metadata.ts'
import type { Publisher } from './endpoints/publishing.ts'
import type { ReadingBack } from './endpoints/reading-back.ts'
import type { Turns } from './endpoints/turns.ts'
import type { OwnTypes } from './issuance/credential-types.ts'
import type { IssuerPorts } from './ports.ts'
import type { IssuerSettings } from './settings.ts'
import type { Allotment } from './status/allotment-store.ts'
import type { OpenLists } from './status/open-lists.ts'

export interface Issuing {
  readonly settings: IssuerSettings
  readonly ports: IssuerPorts
  readonly types: OwnTypes
  readonly publisher: Publisher
  readonly turns: Turns
  readonly readingBack: ReadingBack
  readonly metadata: MetadataAnswers
  readonly allotment: Allotment
  readonly openLists: OpenLists
  /** Rejects where a key that is declared is not the signer's; absent: that was found out already. */
  readonly declaredKeys?: Promise<void>
}
