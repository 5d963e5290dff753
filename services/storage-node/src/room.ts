import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDiskFull } from '@sharewell/host'
import { maxBlockLength } from '@sharewell/sdk/place'

/** Whether this node has room for more blocks. */
export type Room = {
  /** Notes that a block found none. */
  missing(): void
  left(): Promise<boolean>
}

/** Bytes that must be free: the disk also keeps the ledger and its log. */
const least = 64 * 2 ** 20

/** Watches the disk of a folder. Once a block found no room it is tried out: a quota shows nowhere else. */
export function createRoom(folder: string): Room {
  let missed = false
  let trying: Promise<boolean> | undefined
  const tryOut = async (): Promise<boolean> => {
    const file = join(folder, 'room')
    try {
      await writeFile(file, new Uint8Array(maxBlockLength))
      missed = false
      return true
    } catch (error) {
      if (isDiskFull(error)) return false
      throw error
    } finally {
      await rm(file, { force: true })
      trying = undefined
    }
  }
  return {
    missing() {
      missed = true
    },
    async left() {
      const { bavail, bsize } = await statfs(folder)
      if (bavail * bsize < least) return false
      if (!missed) return true
      // Whoever asks meanwhile shares the answer.
      trying ??= tryOut()
      return await trying
    },
  }
}
