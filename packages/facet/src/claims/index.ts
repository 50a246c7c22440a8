export { claimsFromFunction } from './function.ts'
export { type ClaimsDatabase, type ClaimsQuery, claimsFromQuery } from './query.ts'
export { type ClaimsWebhook, claimsFromWebhook } from './webhook.ts'
