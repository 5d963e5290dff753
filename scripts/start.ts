/**
 * Starts the whole local network: the journalled chain, 9 storage nodes, 5 key nodes, 3 reconstructors, the
 * directory, a relayer, three patients with records, and the dApp. `npm start -- --help` tells the options.
 *
 * @module
 */
import path from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { bothOf } from './network/each-of.ts'
import { lockFolder } from './network/lock.ts'
import { demoPeople, drawKeys } from './network/people.ts'
import { runChain, runNodes } from './network/run.ts'
import { openState, saveState, writeWhole } from './network/state.ts'
import { buildWeb, serveWeb } from './network/web.ts'

const root = path.join(import.meta.dirname, '..')

const help = `npm start [-- OPTIONS]

  --fresh          forget the old network and start a new one
  --processes      run every service as a process of its own
  --no-web         without the dApp
  --no-demo        without the patients' records
  --dev            the dApp under development (rebuilds on change)
  --any-ports      take any free ports instead of the usual ones
  --folder FOLDER  where the network lives (default: .sharewell)
  --help           this text`

const { values: options } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
    'no-web': { type: 'boolean', default: false },
    'no-demo': { type: 'boolean', default: false },
    dev: { type: 'boolean', default: false },
    'any-ports': { type: 'boolean', default: false },
    folder: { type: 'string', default: path.join(root, '.sharewell') },
    help: { type: 'boolean', default: false },
  },
})

/** Milliseconds that stopping may take. */
const longestStop = 15_000

const say = (what: string, text: string) => console.log(`${styleText('cyan', what.padEnd(10))} ${text}`)

async function main(signal: AbortSignal): Promise<void> {
  const started = performance.now()
  const folder = path.resolve(options.folder)
  using _ = lockFolder(folder)
  const state = await openState(folder, { fresh: options.fresh, anyPorts: options['any-ports'] })
  const networkFile = path.join(folder, 'network.json')
  await using running = new AsyncDisposableStack()

  // Building the pages and bringing the network up do not wait for each other.
  const built =
    options['no-web'] || options.dev ? Promise.resolve(false) : buildWeb(path.join(folder, 'logs/build.log'), signal)
  built.catch(() => undefined)

  // Kept before the chain hears of them: a start that is cut off goes on with the same people and nodes.
  drawKeys(state)
  const people = demoPeople(state)
  await saveState(folder, state)
  const run = { folder, state, processes: options.processes, running, say, signal }
  const chain = await runChain(run)
  const web = `http://127.0.0.1:${state.ports.web}`
  const file = { network: chain.description, web, demo: { people } }
  await writeWhole(networkFile, `${JSON.stringify(file, null, 2)}\n`, 0o600)

  const showPages = async () => {
    if (options['no-web']) return
    await built
    const served = await serveWeb({
      port: state.ports.web ?? 3000,
      dev: options.dev,
      networkFile,
      log: path.join(folder, 'logs/web.log'),
      signal,
    })
    running.defer(served.close)
    say('dApp', styleText('bold', served.url))
  }
  // The pages come up beside the nodes; both must be there before anybody is told.
  const [network] = await bothOf(runNodes(chain, run), showPages())
  say('ready', `in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  for (const { name, role } of people) say(role, name)
  say('log in', 'with the demo wallet: choose a person on the page, no extension needed')
  say('network', path.relative(process.cwd(), networkFile))

  if (!options['no-demo']) await network.depositDemo()
  say('records', `${options['no-demo'] ? 'none' : 'every record is anchored'}; Ctrl-C stops all`)
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  say('stop', 'stopping')
}

if (options.help) console.log(help)
else {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())
  // Whoever started this is gone, and with them whoever could stop it.
  process.once('disconnect', () => interrupted.abort())
  process.channel?.unref()
  // Whatever does not stop by itself is cut off; what counts was on disk before it was said.
  interrupted.signal.addEventListener('abort', () => setTimeout(() => process.exit(), longestStop).unref())
  try {
    await main(interrupted.signal)
  } catch (error) {
    // An abort while something is under way is what the user asked for.
    if (!interrupted.signal.aborted) {
      console.error(styleText('red', error instanceof Error ? `${error.name}: ${error.message}` : String(error)))
      process.exitCode = 1
      // Ends what runs beside: the build of the pages, nodes that were still starting.
      interrupted.abort()
    }
  }
}
