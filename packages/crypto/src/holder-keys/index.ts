export { hardwareKeys, type SecureElement } from './hardware-keys.ts'
export { type IndexedDb, indexedDbKeyShelf } from './indexed-db.ts'
export { type KeyShelf, memoryKeyShelf, type ShelvedKey } from './key-shelf.ts'
export { webKeys } from './web-keys.ts'
