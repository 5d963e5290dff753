import { type Hex, isAddressEqual, type TransactionReceipt, zeroAddress } from 'viem'
import { faultReportsAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import type { Message } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** How an operator stands: different lies that were proved on chain. */
export type Standing = {
  /** About shares. */
  readonly shares: number
  /** About rebuilt chunks. */
  readonly frames: number
  /** When the last one was reported, in seconds; undefined for never. */
  readonly lastAt: number | undefined
}

/** Where the right digest stands, as a fault proof holds it. */
export type ProvenLeaf = {
  readonly leaf: Hex
  readonly path: readonly Hex[]
  /** Leaves of the tree: chunks of the record. */
  readonly chunks: number
}

/** Whether the network has a contract that counts lies. */
export const hasFaultReports = ({ network }: Pick<Chain, 'network'>): boolean =>
  !isAddressEqual(network.contracts.faultReports, zeroAddress)

/** Reports a storage node's lie; the contract judges. By anybody. Errors: `ContractRefusalError`. */
export async function reportShare(
  chain: Chain,
  { operator, message, signature, ...leaf }: reportShare.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [operator, message, signature, leafOf(leaf)] as const
  return await write(chain, { ...reports(chain), functionName: 'reportShare', args }, options)
}
export declare namespace reportShare {
  type Args = ProvenLeaf & {
    readonly operator: Hex
    readonly message: Message<'ShareResponse'>
    readonly signature: Hex
  }
}

/** Reports a reconstructor's lie; the contract judges. By anybody. `manifest` is the signed manifest.
 * Errors: `ContractRefusalError`. */
export async function reportFrame(
  chain: Chain,
  { operator, message, signature, manifest, ...leaf }: reportFrame.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [operator, message, signature, leafOf(leaf), manifest] as const
  return await write(chain, { ...reports(chain), functionName: 'reportFrame', args }, options)
}
export declare namespace reportFrame {
  type Args = ProvenLeaf & {
    readonly operator: Hex
    readonly message: Message<'Frame'>
    readonly signature: Hex
    readonly manifest: Hex
  }
}

/** How an operator stands; without a fault in networks that count none. */
export async function standingOf(
  chain: Chain,
  { operator }: { readonly operator: Hex },
  options?: ReadOptions,
): Promise<Standing> {
  if (!hasFaultReports(chain)) return { shares: 0, frames: 0, lastAt: undefined }
  const call = { ...reports(chain), functionName: 'standingOf', args: [operator] } as const
  const { shares, frames, lastAt } = await read(chain, call, options)
  return { shares, frames, lastAt: lastAt === 0 ? undefined : lastAt }
}

/** Whether a fault counts on chain already. */
export async function isFaultReported(
  chain: Chain,
  { fault }: { readonly fault: Hex },
  options?: ReadOptions,
): Promise<boolean> {
  if (!hasFaultReports(chain)) return false
  return await read(chain, { ...reports(chain), functionName: 'isReported', args: [fault] }, options)
}

const leafOf = ({ leaf, path, chunks }: ProvenLeaf) => ({ digest: leaf, chunks, path })
const reports = (chain: Chain) => ({ address: chain.network.contracts.faultReports, abi: faultReportsAbi }) as const
