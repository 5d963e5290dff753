import { type Address, type Hex, zeroAddress } from 'viem'
import * as z from 'zod'
import { BaseError } from '../errors.ts'

/** Which block counts as final: the head (QBFT), the `finalized` tag (public chains), or the head less `depth`. */
export type Finality = { readonly mode: 'head' | 'tag' } | { readonly mode: 'depth'; readonly depth: number }

/** Addresses of one deployment. */
export type Contracts = {
  readonly accessManager: Address
  readonly actorRegistry: Address
  readonly patientRegistry: Address
  readonly recordRegistry: Address
  readonly consentRegistry: Address
  /** Who may read or consent for a pseudonym; 0 in networks that began without. */
  readonly delegations: Address
  readonly keyCommittee: Address
  readonly accessLog: Address
  /** Where emergencies are opened; 0 in networks that began without. */
  readonly breakGlass: Address
  /** Where lies of operators are counted; 0 in networks that began without. */
  readonly faultReports: Address
  /** Where silent nodes are asked and their misses counted; 0 in networks that began without. */
  readonly audits: Address
  /** Who administers; 0 where nobody's council does. */
  readonly council: Address
}

/** Everything a client pins about the network it speaks to. */
export type Network = {
  /** 32 random bytes that stay when the contracts move; every stored object binds them. */
  readonly networkId: Hex
  readonly chainId: number
  readonly genesisHash: Hex
  /** The client uses the first that answers; all of those that answer must be the pinned chain. */
  readonly rpcUrls: readonly string[]
  readonly finality: Finality
  readonly contracts: Contracts
  readonly directoryUrls: readonly string[]
  /** Relayers that carry signed consents; none: each patient sends own transactions. */
  readonly relayerUrls: readonly string[]
}

const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/i, '32 bytes in hex')
const address = z.string().regex(/^0x[0-9a-f]{40}$/i, 'an address in hex')
const url = z.url({ protocol: /^https?$/ })
const networkShape = z.object({
  networkId: hex32,
  chainId: z.int().positive(),
  genesisHash: hex32,
  rpcUrls: z.array(url).min(1),
  finality: z.union([
    z.object({ mode: z.enum(['head', 'tag']) }),
    z.object({ mode: z.literal('depth'), depth: z.int().nonnegative() }),
  ]),
  contracts: z.object({
    accessManager: address,
    actorRegistry: address,
    patientRegistry: address,
    recordRegistry: address,
    consentRegistry: address,
    delegations: address.default(zeroAddress),
    keyCommittee: address,
    accessLog: address,
    breakGlass: address.default(zeroAddress),
    faultReports: address.default(zeroAddress),
    audits: address.default(zeroAddress),
    council: address.default(zeroAddress),
  }),
  directoryUrls: z.array(url),
  relayerUrls: z.array(url).default([]),
})

/** Reads a network description (the JSON file that `npm start` and every config carry).
 * Hex is put in lower case, so that two descriptions of one network compare equal. Throws {@link NetworkError}.
 * @example
 * const network = parseNetwork(JSON.parse(await readFile('network.json', 'utf8'))) */
export function parseNetwork(json: unknown): Network {
  const parsed = networkShape.safeParse(json)
  if (!parsed.success) throw new NetworkError({ reason: z.prettifyError(parsed.error) })
  const { contracts, ...rest } = parsed.data
  return {
    ...rest,
    networkId: rest.networkId.toLowerCase() as Hex,
    genesisHash: rest.genesisHash.toLowerCase() as Hex,
    contracts: Object.fromEntries(
      Object.entries(contracts).map(([name, value]) => [name, value.toLowerCase()]),
    ) as Contracts,
  }
}

/** Thrown when a network description is incomplete, or the chain at its URLs is another than the pinned one. */
export class NetworkError extends BaseError<'NETWORK'> {
  override readonly name: string = 'NetworkError'
  constructor({ reason, hints, cause }: NetworkError.Options) {
    super('NETWORK', `This is not the expected network: ${reason ?? 'unknown'}.`, {
      cause,
      hints: hints ?? ['Use the network.json that the running network wrote.'],
      docs: '/chain#network',
    })
  }
}
export declare namespace NetworkError {
  type Options = { reason?: string | undefined; hints?: readonly string[] | undefined; cause?: unknown }
}

/** Thrown when the chain at a URL begins with another block: it was reset, or it never was this one. */
export class ResetChainError extends NetworkError {
  override readonly name = 'ResetChainError'
  constructor({ cause }: { cause?: unknown }) {
    super({
      reason: 'its chain begins with another block; it was reset, or it is another chain',
      hints: [
        'Use the network.json of the chain that runs now; nothing of the old chain exists on it.',
        'To have the old one back, start it on its own data: the local network on the folder that it wrote.',
      ],
      cause,
    })
  }
}
