import type { AuditStanding } from '@sharewell/sdk/chain'
import { counted } from '../text.ts'

/** `shown 3 times, missed 1, 0 faults`. */
export const auditWords = ({ shown, missed, faults }: Pick<AuditStanding, 'shown' | 'missed' | 'faults'>): string =>
  `shown ${counted(shown, 'time')}, missed ${missed}, ${counted(faults, 'fault')}`
