import { createLog } from '@sharewell/host'

/** A log that says nothing. */
export const silentLog = createLog({ service: 'test', level: 'silent' })
