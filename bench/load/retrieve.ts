import { type Progress, retrieve } from '@sharewell/sdk/flow'
import { byDoctor, depositBytes, permit, someBytes } from '../../test/helpers/journeys.ts'
import { startWholeNetwork } from '../../test/helpers/whole-network.ts'

/** Where the time of a doctor's retrieval goes, as the mean of some, in milliseconds. */
export type RetrieveTimes = {
  readonly bytes: number
  readonly runs: number
  readonly total: number
  /** From the signed request to the key: the log, what k nodes check, their partials, the combination. */
  readonly release: number
  /** `release` of `total`. */
  readonly share: number
}

/** Retrieves records of some sizes again and again, with every service in this process. */
export async function timeRetrieves(sizes: readonly number[], runs: number): Promise<RetrieveTimes[]> {
  const whole = await startWholeNetwork({ storage: 5, workers: 1 })
  try {
    const rows: RetrieveTimes[] = []
    for (const size of sizes) {
      const { recordId } = await depositBytes(whole, someBytes(size))
      await permit(whole, recordId)
      const times = { total: 0, release: 0 }
      for (let run = 0; run < runs; run++) {
        const start = performance.now()
        let begun = 0
        const onProgress = ({ step, status }: Progress) => {
          if (step !== 'release') return
          if (status === 'start') begun = performance.now()
          if (status === 'done') times.release += performance.now() - begun
        }
        const { bytes } = await retrieve({ ...byDoctor(whole.doctor, recordId), onProgress })
        let length = 0
        for await (const piece of bytes) length += piece.length
        if (length !== size) throw new Error('other bytes')
        times.total += performance.now() - start
      }
      const [total, release] = [times.total / runs, times.release / runs].map(Math.round) as [number, number]
      rows.push({ bytes: size, runs, total, release, share: Math.round((100 * release) / total) / 100 })
    }
    return rows
  } finally {
    await whole.close()
  }
}
