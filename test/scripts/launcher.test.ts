import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { expect } from 'chai'
import { FolderTakenError, lockFolder } from '../../scripts/network/lock.ts'
import { withParent } from '../../scripts/network/services.ts'

/** Runs a module and gives the first line that it prints. */
async function run(script: string): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, line }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe('the launcher of the local network', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-launcher-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('starts one network in a folder, and another one after the first was killed', async () => {
    const lock = new URL('../../scripts/network/lock.ts', import.meta.url).href
    const { child } = await run(
      `import { lockFolder } from ${JSON.stringify(lock)}
       lockFolder(${JSON.stringify(folder)})
       console.log('locked')
       setInterval(() => {}, 1000)`,
    )
    expect(() => lockFolder(folder)).to.throw(FolderTakenError, 'is running already')
    await kill(child)
    lockFolder(folder)[Symbol.dispose]()
  })

  it('takes its services with it when it is killed', async () => {
    const service = path.join(folder, 'service.mjs')
    await writeFile(service, `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)`)
    const { child, line } = await run(
      `import { spawn } from 'node:child_process'
       const stdio = ['ignore', 'ignore', 'ignore', 'ipc']
       console.log(spawn(process.execPath, ${JSON.stringify([...withParent, service])}, { stdio }).pid)
       setInterval(() => {}, 1000)`,
    )
    const pid = Number(line)
    expect(isAlive(pid)).to.equal(true)
    await kill(child)
    // Whether it ends, not how soon: the runner's own timeout says no.
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
  })

  it('leaves the workers that a service forks alone', async () => {
    const [worker, service] = [path.join(folder, 'worker.mjs'), path.join(folder, 'service.mjs')]
    await writeFile(
      worker,
      `process.on('message', (m) => { process.send(m); process.disconnect() }); process.send('up')`,
    )
    await writeFile(
      service,
      `import { fork } from 'node:child_process'
       const worker = fork(process.argv[2])
       worker.on('message', (m) => m === 'up' ? setTimeout(() => worker.send('work done'), 50) : console.log(m))
       worker.on('exit', (code) => console.log('ended with', code))`,
    )
    const child = spawn(process.execPath, [...withParent, service, worker], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const [line] = await once(createInterface({ input: child.stdout as Readable }), 'line')
    expect(line).to.equal('work done')
  })
})

/** A process that ended and that nobody asked about yet is not alive. */
function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}
