export { HttpError, type HttpErrorCode } from '../error.ts'
export type { ServeLimits } from '../limits.ts'
export { type Mounted, type MountOptions, mountRole } from './mount.ts'
export { type Served, type ServeOptions, serve } from './serve.ts'
