export { type FastifyScope, fastifyRole } from './role.ts'
