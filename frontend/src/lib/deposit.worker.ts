/**
 * Deposits apart from the page, which stays quick however large the file is.
 *
 * @module
 */
import { type DepositJob, type DepositWord, runDeposit } from './deposit-job.ts'
import { plainError } from './plain-error.ts'

const say = (word: DepositWord): void => globalThis.postMessage(word)

globalThis.addEventListener('message', ({ data }: MessageEvent<DepositJob>) => {
  runDeposit(data, say).then(
    (receipts) => say({ kind: 'done', receipts }),
    (error: unknown) => say({ kind: 'failed', error: plainError(error) }),
  )
})
