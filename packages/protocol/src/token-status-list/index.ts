export {
  readStatusListResponse,
  readStatusListToken,
  STATUS_LIST_MEDIA_TYPE,
  type StatusListAsked,
  type StatusListClaims,
  type StatusListKey,
  type StatusListToken,
  statusListRequest,
  writeStatusListInput,
  writeStatusListResponse,
} from './status-list-token.ts'
