export { type WebFetch, type WebFetchInit, type WebTransportOptions, webTransport } from './transport.ts'
