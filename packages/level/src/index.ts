export { type LevelStorePorts, levelStore } from './level-store.ts'
export { type OpenLevelStoreOptions, openLevelStore } from './open-level-store.ts'
