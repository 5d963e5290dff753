import { connect, type Network } from '@sharewell/sdk/chain'
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { BaseError as ViemError } from 'viem'
import { command, UsageError } from '../command.ts'
import { checkChain, checkClients } from '../doctor/chain.ts'
import { type Finding, ok, problem } from '../doctor/finding.ts'
import { checkAccount, checkKeys } from '../doctor/identity.ts'
import { checkMachine } from '../doctor/machine.ts'
import { checkParties } from '../doctor/parties.ts'
import { lower } from '../failure.ts'
import { type NetworkFile, readNetworkFile } from '../network/network-file.ts'
import { type ActorOptions, actorOptions } from '../network/session.ts'
import type { Terminal } from '../terminal.ts'
import { counted, painted, type Style, widthOf, wrapped } from '../text.ts'

/** `sharewell doctor`. */
export const doctor = command({
  name: 'doctor',
  group: 'Looking after it:',
  summary: 'Check a set-up, and say the cure for what is wrong.',
  usage: '',
  operands: {},
  about:
    'Looks at this machine, the network file, each chain client, the clock, the contracts, every node, the directory ' +
    'and the relayers; with --as or --key-file also at the key, the vault and the account. It changes nothing and ' +
    'shows no secret. The exit code is 1 where something does not work.',
  examples: [
    ['sharewell doctor', 'Is everything as it should be?'],
    ['sharewell doctor --key-file me.key --vault-file me.vault', 'And can I act?'],
    ['sharewell doctor --json | grep \'"status":"problem"\'', 'For a script that watches.'],
  ],
  options: actorOptions,
  async run({ options, terminal, signal }) {
    if (options.as !== undefined && options.keyFile !== undefined)
      throw new UsageError({ problem: '--as and --key-file name two people', hints: ['leave one of them away'] })
    const found: Finding[] = []
    for await (const findings of examine(options, terminal, signal)) {
      for (const finding of findings) show(terminal, finding)
      found.push(...findings)
    }
    const count = (status: Finding['status']) => found.filter((finding) => finding.status === status).length
    const summary = { ok: count('ok'), warnings: count('warning'), problems: count('problem') }
    const words = `${summary.ok} ok, ${counted(summary.warnings, 'warning')}, ${counted(summary.problems, 'problem')}`
    terminal.result({ type: 'summary', ...summary }, words)
    if (summary.problems > 0) throw new UnwellError({ problems: summary.problems })
  },
})

/** One group of checks after the other; what later ones stand on comes first. */
async function* examine(
  options: ActorOptions,
  terminal: Terminal,
  signal: AbortSignal,
): AsyncGenerator<readonly Finding[]> {
  yield await checkMachine()
  const file = await readNetworkFile(options.network, signal).catch((error: unknown) =>
    failing('network-file', error, signal),
  )
  if (Array.isArray(file)) return yield file as readonly Finding[]
  const { network } = file as NetworkFile
  const shown = options.network ?? process.env.SHAREWELL_NETWORK ?? 'the nearest .sharewell/network.json'
  yield [ok('network-file', `${shown}: network ${network.networkId.slice(0, 10)}..., chain ${network.chainId}`)]
  yield await checkKeys(options, file as NetworkFile, signal)
  const clients = await checkClients(network, signal)
  yield clients
  const working = network.rpcUrls.filter((_, at) => clients[at]?.status !== 'problem')
  if (working.length === 0) return
  terminal.progress('asking', undefined, 'count')
  yield await onChain({ ...(file as NetworkFile), network: { ...network, rpcUrls: working } }, options, signal)
  terminal.settle()
}

async function onChain(file: NetworkFile, options: ActorOptions, signal: AbortSignal): Promise<readonly Finding[]> {
  const chain = await connectCalmly(file.network, signal)
  const parties = await checkParties({ file, chain }, signal).catch((error: unknown) => ({
    findings: failing('nodes', error, signal),
    skews: [],
  }))
  const facts = await checkChain(chain, parties.skews, signal).catch((error: unknown) =>
    failing('chain-head', error, signal),
  )
  const account = await checkAccount(options, chain, signal).catch((error: unknown) =>
    failing('account', error, signal),
  )
  return [...facts, ...parties.findings, ...account]
}

/** An old head is a finding here, and no reason to stop. */
const connectCalmly = (network: Network, signal: AbortSignal) =>
  connect(network, { signal, timeout: 5_000, maxHeadAge: Number.MAX_SAFE_INTEGER })

/** A check that could not be made is a problem as well. */
function failing(name: string, error: unknown, signal: AbortSignal): Finding[] {
  signal.throwIfAborted()
  if (!(error instanceof BaseError || error instanceof ViemError)) throw error
  const said = lower(firstLine(error.message))
  const [hint] = error instanceof BaseError ? error.hints : []
  return [problem(name, said, lower(hint ?? 'see the lines above'))]
}

const styles: Readonly<Record<Finding['status'], Style>> = { ok: 'good', warning: 'careful', problem: 'bad' }
const indent = 24

/** `ok  name  words`, wrapped to the terminal, and the cure below. */
function show(terminal: Terminal, finding: Finding): void {
  const { name, status, message, cure } = finding
  const width = Math.max(20, (terminal.width ?? 80) - indent)
  const lines = wrapped(message, width)
  const cures = cure === undefined ? [] : wrapped(`cure: ${cure}`, width)
  const rest = [...lines.slice(1), ...cures].map((line) => `\n${' '.repeat(indent)}${line}`)
  const gap = ' '.repeat(Math.max(1, 9 - widthOf(status)))
  terminal.result({ type: 'check', ...finding }, [
    painted(styles[status], status),
    `${gap}${name.padEnd(15)}${lines[0] ?? ''}${rest.join('')}`,
  ])
}

/** Thrown at the end of a check-up that found something that does not work. */
export class UnwellError extends BaseError<'UNWELL'> {
  override readonly name = 'UnwellError'
  constructor({ problems = 0 }: { problems?: number }) {
    super('UNWELL', problems === 1 ? 'One thing does not work.' : `${problems} things do not work.`, {
      hints: ['each line above says the cure'],
    })
  }
}
