/**
 * Blocks on disk under Helia, and bitswap between the nodes of one private swarm.
 *
 * It listens and dials on loopback unless it is told otherwise: the default node of Helia would open every interface
 * and dial public hosts. A block that another node gave is passed on and not kept, so that no node gathers the shares
 * of others by serving them. docs/spec/placement.md.
 * @module
 */
import { mkdir, open, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { FsBlockstore } from 'blockstore-fs'
import { NextToLast } from 'blockstore-fs/sharding'
import { FsDatastore } from 'datastore-fs'
import { createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'
import type { Bytes } from '../bytes.ts'
import { concat } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { digestOf } from '../share/index.ts'
import { type AbortOptions, BlockNotFoundError, CidMismatchError, checkBlock, type ShareStore } from './share-store.ts'
import { withDeadline } from './wait.ts'

/** A store on disk that is also a node of the swarm. */
export type HeliaStore = ShareStore & {
  /** This node's name in the swarm; it stays with the folder. */
  readonly peerId: string
  /** Where other nodes dial it (multiaddr). */
  addresses(): string[]
  /** Connects to another node of the swarm. */
  connect(address: string, options?: AbortOptions): Promise<void>
  /** Names of the nodes it is connected to. */
  peers(): string[]
  /** Asks the connected nodes for a block by bitswap. The block is verified and not kept here. */
  fetch(cid: string, options?: AbortOptions): Promise<Bytes>
  /** Removes blocks, and returns when a power cut would not bring them back. What is not there does no harm. */
  remove(cids: readonly string[], options?: AbortOptions): Promise<void>
  /** Returns when these blocks would survive a power cut. */
  settle(cids: readonly string[], options?: AbortOptions): Promise<void>
  close(): Promise<void>
}

/** Opens the store in `folder`, making it if it is new, and joins the swarm.
 * @example
 * const store = await openHeliaStore('data/node-1')
 * await store.connect('/ip4/127.0.0.1/tcp/4001/p2p/12D3Koo...') */
export async function openHeliaStore(folder: string, options: openHeliaStore.Options = {}): Promise<HeliaStore> {
  const { fetchTimeout = 10_000 } = options
  const blocks = join(folder, 'blocks')
  await mkdir(join(folder, 'data'), { recursive: true })
  await mkdir(blocks, { recursive: true })
  const incoming = join(folder, 'incoming')
  // What a kill left half written.
  await rm(incoming, { recursive: true, force: true })
  await mkdir(incoming)
  const disk = createDisk(blocks, incoming)
  const helia = createNode(folder, new ServedBlocks(blocks, options.serves ?? (() => true)), options)
  await helia.start()
  return {
    ...disk,
    peerId: helia.libp2p.peerId.toString(),
    addresses: () => helia.libp2p.getMultiaddrs().map(String),
    peers: () => helia.libp2p.getPeers().map(String),
    async connect(address, abort = {}) {
      const target = parseAddress(address)
      await withDeadline(`dialling ${address}`, fetchTimeout, abort, (signal) => helia.libp2p.dial(target, { signal }))
    },
    async fetch(cid, abort = {}) {
      const wanted = parseCid(cid)
      try {
        return await withDeadline('bitswap', fetchTimeout, abort, async (signal) => {
          const parts: Uint8Array[] = []
          for await (const part of helia.blockstore.get(wanted, { signal })) parts.push(part)
          const bytes = concat(...parts)
          await checkBlock(cid, bytes)
          return bytes
        })
      } catch (cause) {
        abort.signal?.throwIfAborted()
        throw new BlockNotFoundError({ cid, cause })
      }
    },
    close: () => helia.stop().then(() => undefined),
  }
}

export declare namespace openHeliaStore {
  type Options = {
    /** Where to listen: `/ip4/127.0.0.1/tcp/0`. */
    listen?: readonly string[] | undefined
    /** Whether an address may be dialled: loopback only. */
    mayDial?: ((address: string) => boolean) | undefined
    /** Whether a node may connect: every node that reaches the listening address. */
    admits?: ((peerId: string) => boolean | Promise<boolean>) | undefined
    /** Which blocks other nodes get by bitswap: all. */
    serves?: ((cid: string) => boolean) | undefined
    /** Milliseconds that a dial or a fetch from the swarm may take: 10,000. */
    fetchTimeout?: number | undefined
  }
}

const isLoopback = (address: string) => /^\/ip4\/127\.|^\/ip6\/::1\//.test(address)

function createNode(folder: string, blockstore: FsBlockstore, options: openHeliaStore.Options) {
  const { listen = ['/ip4/127.0.0.1/tcp/0'], mayDial = isLoopback, admits = () => true } = options
  const light = createHeliaLight({ blockstore, datastore: new FsDatastore(join(folder, 'data')) })
  return withBitswap(
    withLibp2pLight(light, {
      addresses: { listen: [...listen] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() },
      connectionGater: {
        denyDialMultiaddr: (address) => !mayDial(address.toString()),
        denyInboundEncryptedConnection: async (peer) => !(await admits(peer.toString())),
      },
    }),
  )
}

/** What the swarm sees of the disk: the served blocks, and a `put` that keeps nothing of what the swarm brings. */
class ServedBlocks extends FsBlockstore {
  readonly #serves: (cid: string) => boolean
  constructor(location: string, serves: (cid: string) => boolean) {
    super(location)
    this.#serves = serves
  }
  override async put(cid: CID): Promise<CID> {
    return cid
  }
  override async has(cid: CID, options?: AbortOptions): Promise<boolean> {
    return this.#serves(cid.toString()) && (await super.has(cid, options?.signal && { signal: options.signal }))
  }
}

function createDisk(folder: string, incoming: string) {
  const names = new NextToLast()
  const store = new FsBlockstore(folder, { shardingStrategy: names })
  const writing = new Map<string, Promise<void>>()
  const place = (cid: string) => {
    const { dir, file } = names.encode(parseCid(cid))
    return { dir: join(folder, dir), file: join(folder, dir, file) }
  }
  const get = async (cid: string, { signal }: AbortOptions = {}): Promise<Bytes> => {
    signal?.throwIfAborted()
    const { file } = place(cid)
    try {
      const { buffer, byteOffset, length } = await readFile(file, { signal })
      const bytes = new Uint8Array(buffer, byteOffset, length)
      await checkBlock(cid, bytes)
      return bytes
    } catch (cause) {
      signal?.throwIfAborted()
      // A block that rotted on disk is a missing one: another node has it.
      if (cause instanceof CidMismatchError || isMissing(cause)) throw new BlockNotFoundError({ cid, cause })
      throw cause
    }
  }
  const write = async (cid: string, bytes: Bytes): Promise<void> => {
    if (await intact(get(cid))) return
    // Whole or not at all: nobody finds half of a block, and a full disk keeps nothing of it.
    const aside = join(incoming, cid)
    const { dir, file } = place(cid)
    try {
      await writeFile(aside, bytes)
      await mkdir(dir, { recursive: true })
      await rename(aside, file)
    } catch (error) {
      await rm(aside, { force: true })
      throw error
    }
  }
  return {
    get,
    async put(cid: string, bytes: Bytes, { signal }: AbortOptions = {}) {
      signal?.throwIfAborted()
      await checkBlock(cid, bytes)
      // Two writers of one block would share its temporary file.
      const running = writing.get(cid) ?? write(cid, bytes).finally(() => writing.delete(cid))
      writing.set(cid, running)
      await running
    },
    async has(cid: string, { signal }: AbortOptions = {}) {
      signal?.throwIfAborted()
      return await store.has(parseCid(cid), signal && { signal })
    },
    async remove(cids: readonly string[], { signal }: AbortOptions = {}) {
      const folders = new Set<string>()
      for (const cid of cids) {
        signal?.throwIfAborted()
        const { dir, file } = place(cid)
        if (await unlinked(file)) folders.add(dir)
      }
      for (const dir of folders) await sync(dir)
    },
    async settle(cids: readonly string[], { signal }: AbortOptions = {}) {
      const folders = new Set([folder])
      for (const cid of cids) {
        signal?.throwIfAborted()
        const { dir, file } = place(cid)
        await sync(file)
        folders.add(dir)
      }
      for (const dir of folders) await sync(dir)
    },
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function intact(block: Promise<Bytes>): Promise<boolean> {
  try {
    await block
    return true
  } catch (error) {
    if (error instanceof BlockNotFoundError) return false
    throw error
  }
}

/** Removes a file; false where it was not there. */
async function unlinked(file: string): Promise<boolean> {
  try {
    await unlink(file)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

function parseCid(cid: string): CID {
  digestOf(cid)
  return CID.parse(cid)
}

function parseAddress(address: string) {
  try {
    return multiaddr(address)
  } catch (cause) {
    throw new SwarmAddressError({ address, cause })
  }
}

/** Thrown when an address of the swarm cannot be read. */
export class SwarmAddressError extends BaseError<'SWARM_ADDRESS'> {
  override readonly name = 'SwarmAddressError'
  constructor({ address, cause }: { address?: string; cause?: unknown }) {
    super('SWARM_ADDRESS', `${address ?? 'The text'} is no multiaddr.`, {
      cause,
      hints: ['Write it as /ip4/127.0.0.1/tcp/4001/p2p/<peer id>; GET /v1/status of a node lists its own.'],
      docs: 'placement.md#swarm',
    })
  }
}
