import { withDeadline } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'

/** Keeps this process from going on, as a machine does that is busy elsewhere. */
const away = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
const never = () => new Promise<never>(() => undefined)

describe('a deadline', () => {
  it('ends work that takes longer, and tells it', async () => {
    let told: unknown
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        told = signal.reason
      })
      return never()
    }
    expect(await codeOf(withDeadline('work', 20, {}, work))).to.equal('PLACE_TIMEOUT')
    expect(told).to.include({ code: 'PLACE_TIMEOUT' })
  })

  it('takes what came while this process could not go on, however long that was', async () => {
    const arrived = Promise.withResolvers<string>()
    const running = withDeadline('an answer', 100, {}, () => arrived.promise)
    // The answer is there before the process goes on again, and is read in the turn after.
    setImmediate(() => setImmediate(() => arrived.resolve('in time')))
    away(400)
    expect(await running).to.equal('in time')
  })

  it('ends with its caller, at once or later', async () => {
    const reason = new Error('enough')
    const ended = withDeadline('work', 60_000, { signal: AbortSignal.abort(reason) }, never)
    expect(await ended.catch((error: unknown) => error)).to.equal(reason)
    const controller = new AbortController()
    const later = withDeadline('work', 60_000, { signal: controller.signal }, never)
    controller.abort(reason)
    expect(await later.catch((error: unknown) => error)).to.equal(reason)
  })
})
