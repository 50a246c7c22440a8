export { findOverAsking, type OverAsked } from './over-asking.ts'
export { type Coverage, judgeAsking, type Purpose, readPurposes } from './registration.ts'
