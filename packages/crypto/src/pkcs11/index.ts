export { openToken, type TokenOptions } from './token.ts'
