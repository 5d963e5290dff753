import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { recordsOf } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { byPatient, depositBytes, open, someBytes } from '../helpers/journeys.ts'
import { stallsAfterBlocks, stallsAfterBytes } from '../helpers/stalls.ts'
import { startWholeNetwork, type WholeNetwork, type WholePatient } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { openSession, type Session, sharewell } from './transcript.ts'

/** A bundle that becomes a record of each of several categories. */
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: { resourceType: 'Patient', id: 'p', name: [{ family: 'Example' }] } },
    ...['Observation', 'MedicationRequest', 'Immunization', 'Condition'].map((resourceType, at) => ({
      resource: { resourceType, id: `r${at}`, status: 'final', subject: { reference: 'Patient/p' } },
    })),
  ],
}

describe('sharewell, killed and called again', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  let session: Session
  let patient: WholePatient

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
  })
  after(() => whole?.close())
  beforeEach(async () => {
    session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
    patient = await equip(session, whole)
  })
  afterEach(async () => {
    await session.close()
    for (const node of [...whole.storage, ...whole.workers]) await node.heal()
  })

  const begin = (...args: string[]): Begun => {
    const env = {
      ...process.env,
      SHAREWELL_NETWORK: 'network.json',
      SHAREWELL_STATE: path.join(session.folder, '.state'),
    }
    const child = spawn(process.execPath, [sharewell, ...args], {
      cwd: session.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stderr }))
    return { child, ended }
  }
  const left = async (folder: string) => await readdir(path.join(session.folder, '.state', folder)).catch(() => [])
  const write = (name: string, content: string | Uint8Array) => writeFile(path.join(session.folder, name), content)
  const read = (name: string) => readFile(path.join(session.folder, name))

  describe('deposit', () => {
    const args = ['deposit', 'visit.json', '--patient', 'patient.json', '--key-file', 'desk.key']
    const line = `sharewell ${args.join(' ')}`
    /** Runs until one node has taken so many blocks, then ends it. */
    const cutOff = async (blocks: number, signal: NodeJS.Signals, more: string[] = []) => {
      const stalls = await Promise.all(
        whole.storage.map(async (node) => {
          const stall = stallsAfterBlocks(blocks)
          await node.start(stall.lies)
          return stall
        }),
      )
      const { child, ended } = begin(...args, ...more)
      const first = await Promise.race([...stalls.map(({ reached }) => reached), ended])
      child.kill(signal)
      const end = await ended
      for (const node of whole.storage) await node.heal()
      expect(first, end.stderr).to.equal(undefined)
      return end
    }

    /** Ids of what is anchored; each of them opens. */
    const openAll = async (): Promise<Hex[]> => {
      const ids = (await recordsOf(whole.uploader, patient)).map(({ recordId }) => recordId)
      for (const id of ids) expect((await open(byPatient(patient, id))).size).to.be.above(0)
      return ids
    }
    const receiptsIn = async (name: string): Promise<Hex[]> => {
      const receipts = JSON.parse(String(await read(name))) as { recordId: Hex; acknowledgements: object[] }[]
      for (const { acknowledgements } of receipts) expect(acknowledgements).to.have.length(5)
      return receipts.map(({ recordId }) => recordId)
    }

    beforeEach(() => write('visit.json', JSON.stringify(bundle)))

    for (const blocks of [3, 11])
      it(`anchors each record of a bundle once, when it is killed after ${blocks} blocks at a node`, async () => {
        await cutOff(blocks, 'SIGKILL')
        const listed = await session.run('sharewell deposits')
        expect(listed.stdout).to.include('visit.json').and.to.include(`&& ${line} --policy 5,3,0`)
        const early = await openAll()

        const again = await session.run(`${line} --receipt receipts.json`)
        expect(again).to.include({ code: 0 })
        expect(again.stderr).to.include('going on with the deposit of').and.to.include(`of which ${early.length} of 5`)
        const all = await openAll()
        expect(all).to.have.length(5).and.to.include.members(early)
        expect(await receiptsIn('receipts.json')).to.have.members(all)
        expect(await left('deposits')).to.deep.equal([])
        expect((await session.run('sharewell deposits')).stderr).to.equal('no deposit was interrupted here\n')
      })

    it('says on Ctrl-C how to go on', async () => {
      const { code, stderr } = await cutOff(3, 'SIGINT')
      expect(code).to.equal(1)
      expect(stderr).to.include('sharewell: error: interrupted\n').and.to.include('run the same command again')
      expect((await session.run(line)).code).to.equal(0)
    })

    it('refuses a file that has changed, until it may begin anew', async () => {
      await cutOff(11, 'SIGKILL')
      const anchored = (await recordsOf(whole.uploader, patient)).length
      await write(
        'visit.json',
        JSON.stringify({ ...bundle, entry: bundle.entry.slice(0, 3) }).replaceAll('final', 'amended'),
      )
      const refused = await session.run(line)
      expect(refused).to.include({ code: 1, stdout: '' })
      expect(refused.stderr).to.include('is not the one whose deposit was interrupted').and.to.include('--restart')
      expect(await recordsOf(whole.uploader, patient)).to.have.length(anchored)
      expect((await session.run(`${line} --restart`)).code).to.equal(0)
      expect(await recordsOf(whole.uploader, patient)).to.have.length(anchored + 3)
    })

    it('is the work of one process at a time', async () => {
      const stalls = stallsAfterBlocks(2)
      for (const node of whole.storage) await node.start(stalls.lies)
      const { child, ended } = begin(...args)
      await stalls.reached
      const second = await session.run(line)
      expect(second.code).to.equal(1)
      expect(second.stderr).to.include('is being deposited by another process')
      expect((await session.run('sharewell deposits')).stdout).to.include('another process is at work on it')
      child.kill('SIGKILL')
      await ended
    })

    it('from stdin is listed and can be given up', async () => {
      const stalls = stallsAfterBlocks(2)
      for (const node of whole.storage) await node.start(stalls.lies)
      const piped = `exec ${args.join(' ').replace('deposit visit.json', `"${process.execPath}" "${sharewell}" deposit -`)} < visit.json`
      const env = {
        ...process.env,
        SHAREWELL_NETWORK: 'network.json',
        SHAREWELL_STATE: path.join(session.folder, '.state'),
      }
      const child = spawn('/bin/sh', ['-c', piped], { cwd: session.folder, env, stdio: 'ignore' })
      await stalls.reached
      child.kill('SIGKILL')
      await once(child, 'close')
      const { stdout } = await session.run('sharewell deposits')
      expect(stdout).to.include('it came from stdin and cannot go on')
      const id = stdout.slice(0, 16)
      expect((await session.run(`sharewell deposits --forget ${id}`)).stdout).to.equal(`${id}  given up\n`)
      expect(await left('deposits')).to.deep.equal([])
      expect((await session.run(`sharewell deposits --forget ${id}`)).code).to.equal(1)
    })

    it('stops while the disk of its journal is full, and goes on when there is room', async () => {
      // Sixteen blocks of 512 bytes: the tables fit, the notes do not.
      const full = await session.run(`ulimit -f 16; ${line}`)
      expect(full.code).to.equal(1)
      expect(full.stderr).to.include('SHAREWELL_STATE')
      expect(await recordsOf(whole.uploader, patient)).to.have.length(0)
      expect((await session.run(line)).code).to.equal(0)
      expect(await recordsOf(whole.uploader, patient)).to.have.length(5)
    })
  })

  describe('retrieve', () => {
    const size = 6 * 2 ** 20
    const bytes = someBytes(size)
    let recordId: Hex
    const as = ['--key-file', 'patient.key', '--vault-file', 'patient.vault']
    const line = () => `sharewell retrieve ${recordId} -o scan.dcm ${as.join(' ')}`
    const exists = async (name: string) =>
      (await stat(path.join(session.folder, name)).catch(() => undefined)) !== undefined
    /** Runs until the worker has sent so many bytes, then ends it. */
    const cutOff = async (sent: number, signal: NodeJS.Signals) => {
      const [worker] = whole.workers
      const stall = stallsAfterBytes(sent)
      await worker?.start(stall.lies)
      const { child, ended } = begin('retrieve', recordId, '-o', 'scan.dcm', ...as)
      await Promise.race([stall.reached, ended])
      child.kill(signal)
      const end = await ended
      await worker?.heal()
      return end
    }
    /** Runs to the end; returns how many bytes the worker sent. */
    const again = async (command = line()) => {
      const [worker] = whole.workers
      const stall = stallsAfterBytes(Number.POSITIVE_INFINITY)
      await worker?.start(stall.lies)
      const ran = await session.run(command)
      expect(ran.code, ran.stderr).to.equal(0)
      expect(Buffer.compare(await read('scan.dcm'), bytes)).to.equal(0)
      expect(await exists('scan.dcm.part')).to.equal(false)
      expect(await left('parts')).to.deep.equal([])
      await worker?.heal()
      return stall.counted()
    }

    beforeEach(async () => {
      recordId = (await depositBytes(whole, bytes, { patient })).recordId
    })

    for (const signal of ['SIGKILL', 'SIGINT'] as const)
      it(`goes on after ${signal} with what is there, and fetches only the rest`, async () => {
        const { stderr } = await cutOff(size / 2, signal)
        if (signal === 'SIGINT') expect(stderr).to.include('run the same command again to go on from scan.dcm.part')
        expect(await exists('scan.dcm')).to.equal(false)
        expect((await stat(path.join(session.folder, 'scan.dcm.part'))).size).to.be.within(size / 4, size / 2)
        expect(await again()).to.be.below(0.7 * size)
      })

    it('believes nothing of a part file that is not the record', async () => {
      await cutOff(size / 2, 'SIGKILL')
      const part = await read('scan.dcm.part')
      const at = part.length >> 1
      part[at] = (part[at] ?? 0) ^ 1
      await write('scan.dcm.part', part)
      expect(await again()).to.be.within(0.6 * size, 0.9 * size)
      await rm(path.join(session.folder, 'scan.dcm'))

      // Another record under the same name.
      await cutOff(size / 2, 'SIGKILL')
      const other = someBytes(100_000)
      const { recordId: otherId } = await depositBytes(whole, other, { patient })
      const ran = await session.run(line().replace(recordId, otherId))
      expect(ran.code).to.equal(0)
      expect(Buffer.compare(await read('scan.dcm'), other)).to.equal(0)
    })

    it('overwrites neither FILE nor a FILE.part that it did not make', async () => {
      await write('scan.dcm', 'mine')
      expect((await session.run(line())).stderr).to.include('scan.dcm already exists')
      await rm(path.join(session.folder, 'scan.dcm'))
      await write('scan.dcm.part', 'mine')
      expect((await session.run(line())).stderr).to.include('no interrupted retrieval left it')
      expect(String(await read('scan.dcm.part'))).to.equal('mine')
      await again(`${line()} --force`)
    })

    it('opens where nothing can be kept of it, and says so', async () => {
      const command = `SHAREWELL_STATE=${session.folder}/network.json ${line()}`
      const { code, stderr } = await session.run(command)
      expect(stderr).to.include('warning: ').and.to.include('begins anew')
      expect(code).to.equal(0)
      expect(Buffer.compare(await read('scan.dcm'), bytes)).to.equal(0)
    })

    it('is the work of one process at a time', async () => {
      const [worker] = whole.workers
      const stall = stallsAfterBytes(size / 2)
      await worker?.start(stall.lies)
      const { child, ended } = begin('retrieve', recordId, '-o', 'scan.dcm', ...as)
      await stall.reached
      const second = await session.run(line())
      expect(second.code).to.equal(1)
      expect(second.stderr).to.include('another process is writing scan.dcm')
      child.kill('SIGKILL')
      await ended
    })

    it('keeps what it has while the disk is full, and goes on when there is room', async () => {
      // 4096 blocks of 512 bytes.
      const full = await session.run(`ulimit -f 4096; ${line()}`)
      expect(full.code).to.equal(1)
      expect(full.stderr).to.include('error: ').and.to.include('hint: ')
      expect(await exists('scan.dcm')).to.equal(false)
      expect(await again()).to.be.below(0.8 * size)
    })
  })
})

type Begun = {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>
}
