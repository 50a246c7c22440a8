export { type ExpressMiddleware, expressRole } from './role.ts'
