import type { AbortOptions } from '@sharewell/sdk/place'
import { createHttpStore } from '@sharewell/sdk/place'

/** The storage nodes of the network as one private swarm: only nodes whose operators the registry lists connect. */
export type Swarm = {
  /** Whether a node that dials may connect: its endpoint in the registry names it. */
  admits(peerId: string): Promise<boolean>
  /** Connects to every listed node that is not connected yet. */
  join(options?: AbortOptions): Promise<void>
}

/** The node of this process in the swarm. */
export type SwarmNode = {
  readonly peerId: string
  peers(): string[]
  connect(address: string, options?: AbortOptions): Promise<void>
}

/** Learns the other nodes' addresses from `GET /v1/status` at their endpoints, at most every `interval` ms. */
export function createSwarm({ endpoints, node, interval = 2_000, clock = Date.now }: createSwarm.Options): Swarm {
  const known = new Map<string, string>()
  let last = Number.NEGATIVE_INFINITY
  let running = Promise.resolve()

  const look = async (url: string) => {
    const { swarm } = await createHttpStore({ url, authorize: async () => '', timeout: 2_000 }).status()
    for (const address of swarm) {
      const peerId = address.split('/p2p/')[1]
      if (peerId) known.set(peerId, address)
    }
  }
  const refresh = async () => {
    if (clock() - last < interval) return await running
    last = clock()
    // A node that is down is not in the swarm; it joins when it is back.
    running = endpoints().then(
      async (urls) => void (await Promise.allSettled(urls.map(look))),
      () => undefined,
    )
    await running
  }
  return {
    async admits(peerId) {
      if (!known.has(peerId)) await refresh()
      return known.has(peerId)
    },
    async join(options = {}) {
      await refresh()
      const self = node()
      const connected = new Set([...self.peers(), self.peerId])
      const missing = [...known].filter(([peerId]) => !connected.has(peerId))
      await Promise.allSettled(missing.map(([, address]) => self.connect(address, options)))
    },
  }
}

export declare namespace createSwarm {
  type Options = {
    /** Endpoints of the storage nodes, from the registry or the config. */
    endpoints: () => Promise<readonly string[]>
    /** This process's node, once it is up. */
    node: () => SwarmNode
    interval?: number | undefined
    clock?: (() => number) | undefined
  }
}
