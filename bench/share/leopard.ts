import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const source = path.join(import.meta.dirname, '../klauspost')
const program = path.join(import.meta.dirname, '../../node_modules/.cache/bench/klauspost')

/** The Go program of bench/klauspost at work. */
export type Leopard = {
  /** Milliseconds of processor time of so many runs. */
  spend(act: string, vector: string, n: number, t: number, bytes: number, times: number): Promise<number>
  close(): Promise<void>
}

/** Builds and starts it; undefined where there is no Go. Modules come from the Go proxy, pinned by go.sum. */
export async function startLeopard(): Promise<Leopard | undefined> {
  try {
    await execute('go', ['version'])
  } catch {
    return undefined
  }
  await execute('go', ['build', '-mod=readonly', '-buildvcs=false', '-o', program, '.'], { cwd: source })
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async spend(...words) {
      child.stdin.write(`${words.join(' ')}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('The Go program has ended.')
      return Number(value)
    },
    async close() {
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
    },
  }
}
