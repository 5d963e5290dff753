import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

const root = path.join(import.meta.dirname, '../..')
/** The command itself. */
export const sharewell = path.join(root, 'cli/bin/sharewell.mjs')

/** One command of a transcript with what it must print: `2> ` marks stderr, `exit N` another exit code than 0. */
type Step = { readonly line: number; readonly command: string; readonly expected: string }

/** A shell session as a text file: `# ` lines say what it shows, `$ ` lines are run by sh, the rest is expected. */
type Transcript = { readonly title: string; readonly steps: readonly Step[] }

/** What a command did, written the way a transcript writes it. */
type Ran = { readonly stdout: string; readonly stderr: string; readonly code: number }

/** Reads a transcript. */
async function readTranscript(file: string): Promise<Transcript> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  const title = lines.find((line) => line.startsWith('# '))?.slice(2) ?? path.basename(file)
  const steps: { line: number; command: string; expected: string[] }[] = []
  for (const [i, text] of lines.entries()) {
    if (text.startsWith('$ ')) steps.push({ line: i + 1, command: text.slice(2), expected: [] })
    else if (text !== '' && !text.startsWith('#')) steps.at(-1)?.expected.push(text)
  }
  return { title, steps: steps.map((step) => ({ ...step, expected: step.expected.join('\n') })) }
}

/** What a transcript can do that sh cannot: `@stop storage-1` and the like. */
export type Tricks = Readonly<Record<string, (...words: string[]) => Promise<void>>>

/** A folder of its own for one session, with `sharewell` on the path and `variables` in the environment. */
export async function openSession(
  variables: Readonly<Record<string, string>> = {},
  tricks: Tricks = {},
): Promise<Session> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-cli-'))
  const tools = path.join(folder, '.tools')
  await mkdir(tools)
  await writeFile(path.join(tools, 'sharewell'), `#!/bin/sh\nexec "${process.execPath}" "${sharewell}" "$@"\n`)
  await chmod(path.join(tools, 'sharewell'), 0o755)
  const env = {
    ...process.env,
    SHAREWELL_STATE: path.join(folder, '.state'),
    ...variables,
    PATH: `${tools}:${process.env.PATH}`,
    LC_ALL: 'C',
  }
  return {
    folder,
    run: async (command) => {
      if (command.startsWith('flip ')) return await flip(folder, command)
      return command.startsWith('@') ? await trick(tricks, command) : await shell(command, folder, env)
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Runs every step of a transcript and compares what it prints. */
export async function follow(file: string, session: Session): Promise<void> {
  const { steps } = await readTranscript(file)
  expect(steps).to.not.be.empty
  for (const { line, command, expected } of steps) {
    const actual = written(await session.run(command))
    if (!matches(actual, expected)) expect(actual, `${path.basename(file)}:${line}: ${command}`).to.equal(expected)
  }
}

/** The transcripts of a folder beside the tests. */
export async function transcriptsIn(folder: string): Promise<readonly { name: string; file: string }[]> {
  const files = await readdir(path.join(import.meta.dirname, folder))
  const texts = files.filter((file) => file.endsWith('.txt')).toSorted()
  return texts.map((file) => ({
    name: path.basename(file, '.txt'),
    file: path.join(import.meta.dirname, folder, file),
  }))
}

export type Session = {
  readonly folder: string
  run(command: string): Promise<Ran>
  close(): Promise<void>
}

/** What was printed, in the notation of a transcript. */
function written({ stdout, stderr, code }: Ran): string {
  const errors = stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `2> ${line}`)
  const results = stdout.split('\n').filter((line) => line !== '')
  return [...results, ...errors, ...(code === 0 ? [] : [`exit ${code}`])].join('\n')
}

/** Whether `actual` is what a transcript expects; `[..]` stands for anything within a line, a line `...` for any lines. */
function matches(actual: string, expected: string): boolean {
  const pattern = expected
    .split('\n')
    .map((line) => (line === '...' ? '(?:.*\\n?)*?' : `${line.split('[..]').map(escaped).join('.*')}\\n?`))
    .join('')
  return new RegExp(`^${pattern}$`).test(actual)
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

function shell(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ stdout, stderr, code: code ?? 1 }))
  })
}

async function trick(tricks: Tricks, command: string): Promise<Ran> {
  const [name = '', ...words] = command.slice(1).split(' ')
  if (!Object.hasOwn(tricks, name)) throw new Error(`This session cannot ${name}.`)
  await tricks[name]?.(...words)
  return { stdout: '', stderr: '', code: 0 }
}

/** `flip FILE OFFSET` inverts one byte, counted from the end when negative: sh has no short way to say it. */
async function flip(folder: string, command: string): Promise<Ran> {
  const [, file = '', offset = '0'] = command.split(' ')
  const handle = await open(path.join(folder, file), 'r+')
  try {
    const { size } = await handle.stat()
    const at = Number(offset) < 0 ? size + Number(offset) : Number(offset)
    const byte = new Uint8Array(1)
    await handle.read(byte, 0, 1, at)
    await handle.write(Uint8Array.of((byte[0] ?? 0) ^ 0xff), 0, 1, at)
  } finally {
    await handle.close()
  }
  return { stdout: '', stderr: '', code: 0 }
}
