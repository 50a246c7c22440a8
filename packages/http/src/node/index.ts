export { HttpError, type HttpErrorCode } from './error.ts'
export type { ServeLimits } from './limits.ts'
export { type Served, type ServeOptions, serve } from './serve.ts'
