import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '@sharewell/host'
import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { CborError, CborFieldError, decode, encode, field } from '@sharewell/sdk/cbor'
import type { AbortOptions } from '@sharewell/sdk/place'
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
  /** Steps of one record go one after another. One that is aborted while it waits ends at once, and what it holds is free. */
  exclusive<T>(recordId: Hex, work: () => Promise<T>, options?: AbortOptions): Promise<T>
  /** The session of a record; one whose file cannot be read is none. */
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
  const running = new Map<string, Promise<void>>()
  const folderOf = (recordId: Hex) => join(folder, recordId)
  const forget = async (recordId: Hex) => await rm(folderOf(recordId), { recursive: true, force: true })
  async function exclusive<T>(of: string, work: () => Promise<T>, { signal }: AbortOptions = {}): Promise<T> {
    const before = running.get(of)
    const mine = (async () => {
      if (before) await unlessAborted(before, signal)
      return await work()
    })()
    // The next one waits for both: this one may have ended without its turn.
    const turn = Promise.allSettled([before, mine]).then(() => undefined)
    running.set(of, turn)
    try {
      return await mine
    } finally {
      void turn.then(() => {
        if (running.get(of) === turn) running.delete(of)
      })
    }
  }
  // A step that goes on keeps its session, however old.
  const isLive = async (record: string) =>
    running.has(record) || (await exclusive(record, () => lives(join(folder, record), now())))
  return {
    exclusive,
    find: async (recordId) => await sessionAt(folderOf(recordId)),
    // One begins after another, or they would not see each other.
    begin: (recordId, of) =>
      exclusive('begin', async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const others = (await readdir(folder)).filter((name) => name !== recordId)
        let live = 0
        for (const other of others) live += (await isLive(other)) ? 1 : 0
        if (live >= mostSessions) throw new RenewError({ reason: `this node takes part in ${live} others` })
        // What a kill left of one that was being forgotten is nothing of this one.
        await forget(recordId)
        await mkdir(folderOf(recordId), { recursive: true, mode: 0o700 })
        const fresh = { secret: randomBytes(32), post: none, head: 0, check: none, beacon: none, block: 0 }
        const state = { ...of, ...fresh, judged: false, accepted: [], off: false }
        return await renewalOf(folderOf(recordId), state).save({})
      }),
    forget,
  }
}

/** Waits for what never rejects. Errors: the signal's reason. */
async function unlessAborted(before: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  before.then(resolve, resolve)
  try {
    await promise
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function renewalOf(path: string, state: RenewalState): Renewal {
  return {
    state,
    async save(changes) {
      const after = { ...state, ...changes }
      const { judged, off, accepted } = after
      const bytes = encode({ v: 1, ...after, accepted: [...accepted], judged: judged ? 1 : 0, off: off ? 1 : 0 })
      await writeDurably(join(path, 'state'), bytes, 0o600)
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

/** The session in a folder; undefined where there is none, or nothing that can be read. */
async function sessionAt(path: string): Promise<Renewal | undefined> {
  const bytes = await contentOf(join(path, 'state'))
  if (!bytes) return undefined
  try {
    const { v: _, judged, off, ...state } = readState(decode(bytes))
    return renewalOf(path, { ...state, judged: judged === 1, off: off === 1 })
  } catch (error) {
    if (!(error instanceof CborError || error instanceof CborFieldError)) throw error
    return undefined
  }
}

/** Ends a session whose last step is long ago: the list of its new chunks alone stays, for who removes them. */
async function lives(path: string, now: number): Promise<boolean> {
  const since = await stat(join(path, 'state')).catch(absent)
  if (since && now - since.mtimeMs < lifetime) return true
  const session = await sessionAt(path)
  if (!since || !session || (await session.size('leaves')) === 0) {
    await rm(path, { recursive: true, force: true })
    return false
  }
  for (const name of await readdir(path)) if (name.startsWith('word-')) await rm(join(path, name), { force: true })
  if (session.state.secret.length === 0) return false
  await session.save({ secret: none })
  await utimes(join(path, 'state'), since.mtime, since.mtime)
  return false
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
