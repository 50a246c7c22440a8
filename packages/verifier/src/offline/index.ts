export {
  type AnswerJudgement,
  beginAnswer,
  checksOfAnswer,
  judge,
  judgeAnswer,
  type OfflineReport,
  type Requested,
} from './judge.ts'
export type {
  Known,
  KnownKey,
  KnownStatusList,
  KnownTrust,
  KnownType,
  Material,
  MaterialAtHand,
  MaterialKind,
  Used,
} from './material.ts'
export { type StatusFound, statusFrom } from './status.ts'
