import { BaseError } from '@sharewell/sdk/errors'

/** What file systems and SQLite say when there is no room: none left, a quota, a limit on the length of files. */
const noRoom: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
/** SQLite's codes for a full disk, and for a write that the file system refused. */
const sqliteNoRoom: ReadonlySet<unknown> = new Set([13, 778])

/** Whether an error, or what caused it, says that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code, errcode } = each as { code?: unknown; errcode?: unknown }
    if (noRoom.has(code) || sqliteNoRoom.has(errcode) || code === 'DISK_FULL') return true
  }
  return false
}

/** What a client hears when the disk of a service is full. Nothing of the request was kept. */
export class DiskFullError extends BaseError<'DISK_FULL'> {
  override readonly name = 'DiskFullError'
  constructor({ cause }: { cause?: unknown } = {}) {
    super('DISK_FULL', 'There is no room on the disk of this service; nothing of the request was kept.', {
      cause,
      hints: ['Ask another node. Operator: make room; nothing needs a restart.'],
    })
  }
}
