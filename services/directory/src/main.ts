import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { connect, parseNetwork } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import pino from 'pino'
import * as z from 'zod'
import { createApp } from './app.ts'
import { type Log, listen, type Running } from './http.ts'
import { openEntryStore } from './store.ts'

/** What a directory is told: a JSON file. */
export const configShape = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535),
  /** Folder of its files. */
  folder: z.string().min(1),
  network: z.unknown(),
  logLevel: z.enum(['silent', 'error', 'warn', 'info']).default('info'),
})

/** Options of {@link start}, as in the JSON file. */
export type Config = z.input<typeof configShape>

/** Starts a directory.
 * @example
 * const directory = await start({ port: 0, folder, network }) */
export async function start(input: Config, options: start.Options = {}): Promise<Running> {
  const parsed = configShape.safeParse(input)
  if (!parsed.success) throw new ConfigError({ reason: z.prettifyError(parsed.error) })
  const { folder, network, logLevel, ...address } = parsed.data
  const log = options.log ?? pino({ level: logLevel, base: { service: 'directory' } })
  const chain = await connect(parseNetwork(network), { patience: 60_000 })
  const server = await listen(createApp({ chain, entries: await openEntryStore(folder), log }), address)
  log.info({ port: Number(new URL(server.url).port) }, 'listening')
  return server
}
export declare namespace start {
  type Options = {
    /** Where it says what it did; pino on standard output when absent. */
    log?: Log | undefined
  }
}

/** Thrown when a config does not say what a directory needs to know. */
export class ConfigError extends BaseError<'CONFIG'> {
  override readonly name = 'ConfigError'
  constructor({ reason }: { reason?: string }) {
    super('CONFIG', `The config is not complete: ${reason ?? 'unknown'}.`, { docs: '/directory#config' })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = process.argv[2]
  if (!file) throw new ConfigError({ reason: 'name the JSON config file' })
  const directory = await start(JSON.parse(await readFile(file, 'utf8')))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void directory.close())
}
