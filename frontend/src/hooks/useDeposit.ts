'use client'

import { useState } from 'react'
import type { DepositedRecord, DepositJob, DepositWord, Turn } from '@/lib/deposit-job.ts'
import { checkSize } from '@/lib/files.ts'
import { errorFrom } from '@/lib/plain-error.ts'
import { type Run, useJourney } from './useJourney.ts'

/** Deposits a file in a worker, so that the page goes on answering. */
export function useDeposit(): Run<readonly DepositedRecord[]> & {
  turn: Turn | undefined
  deposit: (job: DepositJob) => Promise<void>
} {
  const run = useJourney<readonly DepositedRecord[]>()
  const [turn, setTurn] = useState<Turn>()
  const deposit = async (job: DepositJob): Promise<void> =>
    await run.start(async ({ onProgress, signal, clear }) => {
      checkSize(job.file)
      return await inWorker(job, signal, (word) => {
        if (word.kind === 'progress') onProgress(word.progress)
        if (word.kind !== 'turn') return
        clear()
        setTurn(word.turn)
      })
    })
  return { ...run, turn, deposit }
}

function inWorker(
  job: DepositJob,
  signal: AbortSignal,
  heard: (word: DepositWord) => void,
): Promise<readonly DepositedRecord[]> {
  const worker = new Worker(new URL('../lib/deposit.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<readonly DepositedRecord[]>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'The worker of this page stopped.')))
    worker.addEventListener('message', ({ data: word }: MessageEvent<DepositWord>) => {
      if (word.kind === 'done') resolve(word.receipts)
      else if (word.kind === 'failed') reject(errorFrom(word.error))
      else heard(word)
    })
    worker.postMessage(job)
  }).finally(() => worker.terminate())
}
