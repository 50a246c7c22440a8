export type { PeerService, PurposedKey } from './elements.ts'
export { type PeerForms, shortFormOf, writeLongForm } from './long-form.ts'
export { resolveDidPeer, shortDidPeer2, writeDidPeer0, writeDidPeer2 } from './peer.ts'
