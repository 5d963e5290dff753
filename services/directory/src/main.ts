import { createLog, type Listening, type Log, listen, readConfig, runService, serverShape } from '@sharewell/host'
import { connect, parseNetwork } from '@sharewell/sdk/chain'
import * as z from 'zod'
import { createApp } from './app.ts'
import { openEntryStore } from './store.ts'

/** What a directory is told: a JSON file. */
export const configShape = z.strictObject({
  ...serverShape,
  /** Folder of its files. */
  folder: z.string().min(1),
  network: z.unknown(),
})

/** Options of {@link start}, as in the JSON file. */
export type Config = z.input<typeof configShape>

/** Starts a directory.
 * @example
 * const directory = await start({ port: 0, folder, network }) */
export async function start(input: Config, options: start.Options = {}): Promise<Listening> {
  const { folder, network, logLevel, ...address } = readConfig(configShape, input)
  const log = options.log ?? createLog({ service: 'directory', level: logLevel })
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

await runService(import.meta.url, start)
