/** What a thread of a pool runs: it does one piece of work after the other, and says when it is ready. @module */
import { threadPort } from '#primitives'
import { packDone, packWork, perform, releaseWork, type Work } from './work.ts'

const port = threadPort()

/** What cannot be done goes back as it came: done again in the caller's thread it fails there with the same error. */
async function answer(work: Work): Promise<void> {
  try {
    const { content: done, moved } = packDone(await perform(work))
    port?.post({ done }, moved)
    releaseWork(work)
  } catch {
    const { content: refused, moved } = packWork(work, true)
    port?.post({ refused }, moved)
  }
}

port?.listen((work) => void answer(work as Work))
port?.post({ ready: true }, [])
