export { type HonoMiddleware, honoRole, type WebMountOptions } from './role.ts'
