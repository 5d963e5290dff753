import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { type Config as KeyConfig, start as startKeyNode } from '@sharewell/key-node/main'
import { start as startWorker, type Config as WorkerConfig } from '@sharewell/reconstructor/main'
import { type Config as StorageConfig, start as startStorageNode } from '@sharewell/storage-node/main'
import type { Hono } from 'hono'
import type { Components as WorkerParts } from '../../services/reconstructor/src/app.ts'
import type { Components as StorageParts } from '../../services/storage-node/src/app.ts'

/** A service with the config that its `main.ts` takes. */
export type Service =
  | { readonly kind: 'storage-node'; readonly config: StorageConfig }
  | { readonly kind: 'reconstructor'; readonly config: WorkerConfig }
  | { readonly kind: 'key-node'; readonly config: KeyConfig }

/** A service that listens. */
export type Listening = { readonly url: string; close(): Promise<void> }

/** Makes another app of a service: of its parts, or of the address where the honest key node listens. */
export type Lies = {
  readonly storage?: (parts: StorageParts) => Hono
  readonly worker?: (parts: WorkerParts) => Hono
  readonly key?: (honest: string) => Hono
}

/** Runs a service somewhere. */
export type Host = (service: Service, lies?: Lies) => Promise<Listening>

/** Starts a service in this process as its `main.ts` does. */
export const startService: Host = async ({ kind, config }, lies = {}) => {
  if (kind === 'storage-node') return await startStorageNode(config, wrapped(lies.storage))
  if (kind === 'reconstructor') return await startWorker(config, wrapped(lies.worker))
  if (!lies.key) return await startKeyNode(config)
  const honest = await startKeyNode({ ...config, port: 0 })
  const liar = await listen(lies.key(honest.url), config.port ?? 0)
  return {
    url: liar.url,
    async close() {
      await liar.close()
      await honest.close()
    },
  }
}

/** Runs services in this process, without a word. */
export const hostHere: Host = (service, lies) =>
  startService({ ...service, config: { ...service.config, logLevel: 'silent' } } as Service, lies)

const wrapped = <T>(wrap: T | undefined): { wrap?: T } => (wrap ? { wrap } : {})

async function listen(app: Hono, port: number): Promise<Listening> {
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port, overrideGlobalObjects: false })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
