/**
 * How well a record is, asked of the very nodes that should hold its shares, repair of what is lost, and refresh of
 * what may have been stolen, both without the patient. Levels and steps: docs/spec/health.md.
 *
 * It links nothing that opens a record.
 * @module
 */
export { type Level, levels, type ShareState, shareStates } from '../place/index.ts'
export {
  type ExamineOptions,
  type NodeReader,
  type RecordHealth,
  recordHealth,
  type ShareHealth,
} from './record-health.ts'
export { RepairConflictError } from './relocating.ts'
export { type Refreshed, type RefreshOptions, refreshRecord } from './renew-refresh.ts'
export { type Repaired, repairRecord } from './repair.ts'
export type { RepairOptions } from './repair-plan.ts'
export { type NotRetired, retireOldShares } from './retire.ts'
export { operatorAuthorization } from './tickets.ts'
