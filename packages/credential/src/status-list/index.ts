export {
  createStatusBits,
  isStatusBits,
  type StatusBits,
  type StatusMeaning,
  setStatus,
  statusAt,
  statusMeaning,
} from './bits.ts'
export { readStatusReference, type StatusReference } from './reference.ts'
