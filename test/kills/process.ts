import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { withParent } from '../../scripts/network/services.ts'

const root = path.join(import.meta.dirname, '../..')
const sharewell = path.join(root, 'cli/bin/sharewell.mjs')

/** What can be killed: as the system would, at once and without a word to the process. */
export type Victim = { readonly name: string; readonly kind: string; kill(): Promise<void> }

/** One call of the command line. */
export type Ran = {
  readonly code: number | null
  readonly killed: boolean
  /** The JSON Lines on its stdout, whether it ended well or not. */
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  /** The code of its error, where it told one. */
  readonly error: string | undefined
  readonly stderr: string
}

/** A call of the command line that runs. */
export type Call = Victim & { readonly ended: Promise<Ran> }

/** Calls `sharewell` as a process that can be killed. */
export function call(args: readonly string[], { folder, kind }: { folder: string; kind: string }): Call {
  const child = spawn(process.execPath, [...withParent, sharewell, ...args, '--json', '-q'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      SHAREWELL_NETWORK: path.join(folder, 'network.json'),
      SHAREWELL_STATE: path.join(folder, 'state'),
    },
  })
  const ended = heard(child)
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return { name: `${kind} ${child.pid}`, kind, kill, ended }
}

async function heard(child: ChildProcess): Promise<Ran> {
  const lines: Record<string, unknown>[] = []
  let stderr = ''
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const value = attempt(() => JSON.parse(line) as Record<string, unknown>)
      if (value) lines.push(value)
    })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  const error = lines.find(({ type }) => type === 'error')?.code
  return { code, killed: signal !== null, lines, error: error === undefined ? undefined : String(error), stderr }
}

/** A line that a kill cut short is none. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
