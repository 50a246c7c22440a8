export type { LogEntry } from '../presentation/log-store.ts'
export { checkExportedLog, type ExportedLogCheck } from './exported-log.ts'
export type { LogSearch } from './log-search.ts'
