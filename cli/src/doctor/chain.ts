/**
 * The chain: each client that the network file names, then what they say of head, clock, finality and contracts.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, connect, type Network, view } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { formatMoment } from '../time.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const patience = 5000
const oldest = 60
const mostAhead = 15

/** Asks every chain client of the file by itself: a command that uses the first good one never tells of the others. */
export async function checkClients(network: Network, signal: AbortSignal): Promise<readonly Finding[]> {
  return await Promise.all(network.rpcUrls.map((url) => checkClient(network, url, signal)))
}

async function checkClient(network: Network, url: string, signal: AbortSignal): Promise<Finding> {
  const alone = { ...network, rpcUrls: [url] }
  try {
    await connect(alone, { signal, timeout: patience })
    return plainHttp(url)
      ? warning(
          'chain-client',
          `${url} answers, unencrypted`,
          'use an https address: others on the way read what you ask',
        )
      : ok('chain-client', `${url} is the pinned chain ${network.chainId}`)
  } catch (error) {
    signal.throwIfAborted()
    const silent = error instanceof BaseError && error.cause !== undefined
    return silent
      ? problem(
          'chain-client',
          `${url}: nobody answers there`,
          'start the network (npm start), or correct rpcUrls in the network file',
        )
      : problem(
          'chain-client',
          `${url}: ${reasonOf(error)}`,
          'this file is for another chain; use the one that the running network wrote',
        )
  }
}

/** What one working chain client says. `skews` are other machines' clocks less ours. */
export async function checkChain(
  chain: Chain,
  skews: readonly number[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const now = chain.clock()
  const head = await chain.client.getBlock()
  const time = Number(head.timestamp)
  return [
    checkHead({ now, time, number: Number(head.number) }),
    checkClock({ now, time, skews }),
    await checkFinality(chain, Number(head.number), signal),
    await checkContracts(chain, signal),
    judgeGas(head.baseFeePerGas),
  ]
}

/** Whether the chain grows. */
export function checkHead({ now, time, number }: { now: number; time: number; number: number }): Finding {
  const age = now - time
  if (age <= oldest) return ok('chain-head', `block ${number}, ${Math.max(0, age)} s old`)
  const cure = 'ask whoever runs the chain whether it stands still; a wrong clock here looks the same'
  return problem(
    'chain-head',
    `block ${number} of ${formatMoment(time)} is ${age} s old; commands refuse one older than ${oldest} s`,
    cure,
  )
}

/** Our clock against the head's time and against the clocks of the services. */
export function checkClock({ now, time, skews }: { now: number; time: number; skews: readonly number[] }): Finding {
  const cure = 'set the clock of this machine, for example: timedatectl set-ntp true'
  const middle = skews.toSorted((a, b) => a - b)[Math.floor(skews.length / 2)]
  if (middle !== undefined && Math.abs(middle) > mostAhead)
    return problem('clock', `this clock is ${off(-middle)} against most services`, cure)
  if (time - now > mostAhead) return problem('clock', `this clock is ${off(now - time)} against the chain`, cure)
  const against = middle === undefined ? 'the chain' : `the chain and ${skews.length} services`
  return ok('clock', `right within ${mostAhead} s, against ${against}`)
}

const off = (seconds: number) => `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`

async function checkFinality(chain: Chain, head: number, signal: AbortSignal): Promise<Finding> {
  const { finality } = chain.network
  if (finality.mode === 'head') return ok('finality', 'every block is final at once')
  try {
    const { final } = await view(chain, { signal })
    const behind = head - Number(final.number)
    return ok('finality', `the final block is ${Math.max(0, behind)} behind the head`)
  } catch {
    signal.throwIfAborted()
    return problem(
      'finality',
      'the chain client knows no final block',
      'set "finality" in the network file to what this chain has: head, or depth',
    )
  }
}

async function checkContracts(chain: Chain, signal: AbortSignal): Promise<Finding> {
  const named = Object.entries(chain.network.contracts) as [string, Hex][]
  const codes = await Promise.all(named.map(([, address]) => chain.client.getCode({ address })))
  signal.throwIfAborted()
  const missing = named.filter((_, at) => (codes[at] ?? '0x') === '0x').map(([name, address]) => `${name} (${address})`)
  if (missing.length === 0) return ok('contracts', `all ${named.length} are there`)
  return problem(
    'contracts',
    `nothing at the address of ${missing.join(', ')}`,
    'use the network file of this deployment; the contracts may have moved',
  )
}

/** What transactions cost. */
export function judgeGas(baseFee: bigint | null): Finding {
  return baseFee === 0n || baseFee === null
    ? ok('gas', 'free on this chain')
    : ok('gas', `${Number(baseFee) / 1e9} gwei; consents can go through a relayer, which pays`)
}

function plainHttp(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

function reasonOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return first.replace(/^This is not the expected network: /, '').replace(/\.$/, '')
}
