import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { decode, encode, field } from '@sharewell/sdk/cbor'
import { randomBytes } from '@sharewell/sdk/primitives'
import { RenewError } from '@sharewell/sdk/share'

/** What a node must know of a session between two steps of it. Empty bytes: not yet, or erased. */
export type RenewalState = {
  readonly session: Bytes
  /** The manifest that stands while it runs. */
  readonly manifestHash: Bytes
  /** 32 random bytes, of which its key and whatever it deals follow. */
  readonly secret: Bytes
  /** What it said to all: its post, and the block that was newest then; its check, and the beacon and its block. */
  readonly post: Bytes
  readonly head: number
  readonly check: Bytes
  readonly beacon: Bytes
  readonly block: number
  /** Once it judged: the accepted contributors, and whether it is off one of their words. */
  readonly judged: boolean
  readonly accepted: readonly number[]
  readonly off: boolean
}

/** One session on disk. */
export type Renewal = {
  readonly state: RenewalState
  /** Survives a power cut when it returns. */
  save(changes: Partial<RenewalState>): Promise<Renewal>
  /** Adds bytes of a file where it ends. What is there already stays as it came first.
   * @returns whether the file reaches this far now. */
  append(name: string, offset: number, bytes: Bytes): Promise<boolean>
  read(name: string, offset: number, length: number): Promise<Bytes>
  size(name: string): Promise<number>
}

/** The sessions of a node, one for each record. */
export type Renewals = {
  /** Steps of one record go one after another. */
  exclusive<T>(recordId: Hex, work: () => Promise<T>): Promise<T>
  find(recordId: Hex): Promise<Renewal | undefined>
  /** Begins a session where there is none. Errors: `RenewError` where too many are under way. */
  begin(recordId: Hex, of: Pick<RenewalState, 'session' | 'manifestHash'>): Promise<Renewal>
  forget(recordId: Hex): Promise<void>
}

/** Sessions under way at once, and milliseconds after its last step in which one ends. */
const mostSessions = 64
const lifetime = 24 * 3600 * 1000

const length = field.integer(0, Number.MAX_SAFE_INTEGER)
const readState = field.record({
  v: field.literal(1),
  session: field.bytes(32),
  manifestHash: field.bytes(32),
  secret: field.bytes(),
  post: field.bytes(),
  head: length,
  check: field.bytes(),
  beacon: field.bytes(),
  block: length,
  judged: field.integer(0, 1),
  accepted: field.array(length),
  off: field.integer(0, 1),
})

const none = new Uint8Array(0)

/** Opens the sessions below a node's folder. */
export function openRenewals(root: string, { now = Date.now }: { readonly now?: () => number } = {}): Renewals {
  const folder = join(root, 'renew')
  const running = new Map<Hex, Promise<unknown>>()
  const folderOf = (recordId: Hex) => join(folder, recordId)
  const forget = async (recordId: Hex) => await rm(folderOf(recordId), { recursive: true, force: true })
  const find = async (recordId: Hex): Promise<Renewal | undefined> => {
    const path = folderOf(recordId)
    const bytes = await contentOf(join(path, 'state'))
    if (!bytes) return undefined
    const { v: _, judged, off, ...state } = readState(decode(bytes))
    return renewalOf(path, { ...state, judged: judged === 1, off: off === 1 })
  }
  return {
    async exclusive(recordId, work) {
      const before = running.get(recordId)
      const mine = (async () => {
        await before?.catch(() => undefined)
        return await work()
      })()
      running.set(recordId, mine)
      try {
        return await mine
      } finally {
        if (running.get(recordId) === mine) running.delete(recordId)
      }
    },
    find,
    async begin(recordId, of) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      let live = 0
      for (const other of await readdir(folder)) live += (await isLive(join(folder, other), now())) ? 1 : 0
      if (live >= mostSessions) throw new RenewError({ reason: `this node takes part in ${live} others` })
      await mkdir(folderOf(recordId), { recursive: true, mode: 0o700 })
      const fresh = { secret: randomBytes(32), post: none, head: 0, check: none, beacon: none, block: 0 }
      const state = { ...of, ...fresh, judged: false, accepted: [], off: false }
      return await renewalOf(folderOf(recordId), state).save({})
    },
    forget,
  }
}

function renewalOf(path: string, state: RenewalState): Renewal {
  return {
    state,
    async save(changes) {
      const after = { ...state, ...changes }
      const { judged, off, accepted } = after
      const bytes = encode({ v: 1, ...after, accepted: [...accepted], judged: judged ? 1 : 0, off: off ? 1 : 0 })
      const file = join(path, 'state')
      await written(`${file}.tmp`, bytes)
      await rename(`${file}.tmp`, file)
      await using directory = await open(path)
      await directory.sync()
      return renewalOf(path, after)
    },
    async append(name, offset, bytes) {
      const size = await sizeOf(join(path, name))
      if (size >= offset + bytes.length) return true
      if (size < offset) return false
      await using handle = await open(join(path, name), size === 0 ? 'w' : 'r+', 0o600)
      await handle.write(bytes, 0, bytes.length, offset)
      await handle.sync()
      // The session lives as long as something comes.
      const time = new Date()
      await utimes(join(path, 'state'), time, time)
      return true
    },
    async read(name, offset, count) {
      if ((await sizeOf(join(path, name))) === 0) return none
      await using handle = await open(join(path, name), 'r')
      const bytes = new Uint8Array(count)
      const { bytesRead } = await handle.read(bytes, 0, count, offset)
      return bytes.slice(0, bytesRead)
    },
    size: (name) => sizeOf(join(path, name)),
  }
}

/** Ends a session whose last step is long ago: the list of its new chunks alone stays, for who removes them. */
async function isLive(path: string, now: number): Promise<boolean> {
  const since = await stat(join(path, 'state')).catch(absent)
  if (since && now - since.mtimeMs < lifetime) return true
  const left = await sizeOf(join(path, 'leaves'))
  if (left === 0 || !since) {
    await rm(path, { recursive: true, force: true })
    return false
  }
  for (const name of await readdir(path)) if (name.startsWith('word-')) await rm(join(path, name), { force: true })
  const { v: _, judged, off, ...state } = readState(decode((await contentOf(join(path, 'state'))) ?? none))
  await renewalOf(path, { ...state, judged: judged === 1, off: off === 1 }).save({ secret: none })
  const long = new Date(since.mtimeMs)
  await utimes(join(path, 'state'), long, long)
  return false
}

async function written(path: string, bytes: Bytes): Promise<void> {
  await using handle = await open(path, 'w', 0o600)
  await handle.writeFile(bytes)
  await handle.sync()
}

async function contentOf(path: string): Promise<Bytes | undefined> {
  try {
    await using handle = await open(path, 'r')
    return new Uint8Array(await handle.readFile())
  } catch (error) {
    return absent(error)
  }
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(absent))?.size ?? 0

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
  throw error
}
