import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  ContractFunctionRevertedError,
  type Hex,
  type TransactionReceipt,
  BaseError as ViemError,
} from 'viem'
import { BaseError } from '../errors.ts'
import type { Chain } from './connect.ts'
import { ask, askPinned, checkPin } from './head.ts'
import { SignerMissingError } from './messages.ts'
import { refusalHint } from './refusals.ts'
import { ChainTimeoutError, type WaitOptions, within } from './wait.ts'
import { rethrow } from './wallet.ts'

/** One call of a contract's view, at `block` or the latest; a revert becomes {@link ContractRefusalError}. */
export async function read<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'pure' | 'view'>,
  const args extends ContractFunctionArgs<abi, 'pure' | 'view', name>,
>(
  chain: Chain,
  call: { address: Address; abi: abi; functionName: name; args: args },
  { signal, block }: ReadOptions = {},
): Promise<ContractFunctionReturnType<abi, 'pure' | 'view', name, args>> {
  const at = block === undefined ? {} : { blockNumber: block }
  const promise = chain.client.readContract({ ...call, ...at } as Parameters<typeof chain.client.readContract>[0])
  return (await askPinned(chain, call.functionName, refused(promise), { signal })) as ContractFunctionReturnType<
    abi,
    'pure' | 'view',
    name,
    args
  >
}

/** Options of a read: where in the chain's history, and until when. */
export type ReadOptions = WaitOptions & { readonly block?: bigint | undefined }

/** One call of a contract, with nothing said about who makes it. */
export type ContractCall = {
  readonly address: Address
  readonly abi: Abi
  readonly functionName: string
  readonly args: readonly unknown[]
}

/** Tries a call without sending it: what the contract would refuse, it refuses here, at no cost.
 * Errors: {@link ContractRefusalError}, `ChainCallError`, `ChainTimeoutError`. */
export async function dryRun(
  chain: Chain,
  call: ContractCall,
  { signal, account }: WaitOptions & { account?: Address | undefined } = {},
): Promise<void> {
  const request = { ...call, ...(account && { account }) }
  type Simulate = Parameters<typeof chain.client.simulateContract>[0]
  await ask(chain, call.functionName, refused(chain.client.simulateContract(request as Simulate)), { signal })
}

/** Sends a transaction and waits until it is in a block. Tries it in a call first, so that a refusal costs nothing and
 * says why. Where the head's base fee is 0, gas is free and the price is 0.
 * Errors: {@link ContractRefusalError}, {@link SignerMissingError}, `WalletRefusedError`, `WalletChainError`,
 * `ChainCallError`, `ChainTimeoutError`. */
export async function write<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'nonpayable' | 'payable'>,
  const args extends ContractFunctionArgs<abi, 'nonpayable' | 'payable', name>,
>(
  chain: Chain,
  call: { address: Address; abi: abi; functionName: name; args: args },
  { signal }: WaitOptions = {},
): Promise<TransactionReceipt> {
  const { wallet } = chain
  if (!wallet) throw new SignerMissingError({})
  const hash = await inTurn(chain, async () => {
    signal?.throwIfAborted()
    await checkPin(chain, { signal })
    const fee = await feeOf(chain, { signal })
    const request = { ...call, ...fee, account: wallet.account }
    type Simulate = Parameters<typeof chain.client.simulateContract>[0]
    await ask(chain, call.functionName, refused(chain.client.simulateContract(request as Simulate)), { signal })
    const gas = await gasOf(chain, request as unknown as ContractCall, { signal, account: wallet.account.address })
    // A person may take their time over the wallet's prompt.
    type Write = Parameters<typeof wallet.writeContract>[0]
    return await within(
      refused(wallet.writeContract({ ...request, gas, chain: wallet.chain } as Write)),
      'the wallet',
      {
        signal,
        timeout: promptTimeout,
      },
    )
  }).catch(rethrow(call.functionName))
  return await receiptOf(chain, hash, call.functionName, { signal })
}

/** The gas that a call needs, and half as much again, because what others do before it is mined may make it dearer;
 * nothing unused is paid. Errors: {@link ContractRefusalError}, `ChainCallError`, `ChainTimeoutError`. */
export async function gasOf(
  chain: Chain,
  call: ContractCall,
  { signal, account }: WaitOptions & { account: Address },
): Promise<bigint> {
  type Estimate = Parameters<typeof chain.client.estimateContractGas>[0]
  const estimate = chain.client.estimateContractGas({ ...call, account } as unknown as Estimate)
  return ((await ask(chain, 'eth_estimateGas', refused(estimate), { signal })) * 3n) / 2n
}

/** Waits for a transaction's receipt, by default a minute. Throws {@link ContractRefusalError} when it was reverted,
 * `ChainTimeoutError`. */
export async function receiptOf(
  chain: Chain,
  hash: Hex,
  what: string,
  { signal, timeout = receiptTimeout }: WaitOptions & { timeout?: number | undefined } = {},
): Promise<TransactionReceipt> {
  // Its own limit lies behind ours, which has an error of its own.
  const limits = { timeout: timeout + 5_000, retryCount: 0, confirmations: 1 }
  const waiting = chain.client.waitForTransactionReceipt({ hash, ...limits })
  const receipt = await within(waiting, `the receipt of ${what}`, { signal, timeout }).catch((error: unknown) => {
    if (!(error instanceof ChainTimeoutError)) return rethrow(what)(error)
    throw new ChainTimeoutError({ what: `the receipt of ${what}`, timeout, transaction: hash })
  })
  if (receipt.status !== 'success') throw new ContractRefusalError({ reason: 'Reverted', args: [] })
  return receipt
}

const promptTimeout = 300_000
const receiptTimeout = 60_000

/** What a transaction offers for gas: nothing where the head's base fee is 0, the client's price where there is no base
 * fee; nothing is said, and the wallet estimates, where gas has a market. */
export async function feeOf(chain: Chain, options: WaitOptions = {}): Promise<{ gasPrice?: bigint }> {
  const block = await ask(chain, 'eth_getBlockByNumber', chain.client.getBlock(), options)
  if (block.baseFeePerGas === 0n) return { gasPrice: 0n }
  if (block.baseFeePerGas !== null) return {}
  return { gasPrice: await ask(chain, 'eth_gasPrice', chain.client.getGasPrice(), options) }
}

async function inTurn<T>(chain: Chain, task: () => Promise<T>): Promise<T> {
  const turn = chain.queue.last.then(task, task)
  chain.queue.last = turn.catch(() => undefined)
  return await turn
}

/** Turns a revert into {@link ContractRefusalError} and leaves other failures as they are. */
async function refused<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof ViemError)) throw error
    const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    if (!(revert instanceof ContractFunctionRevertedError)) throw error
    const { data, reason, signature } = revert
    // A client's own failure comes by the same code; what a contract says has data, or says that it reverted.
    if (!data && !signature && !/revert/i.test(`${reason} ${error.details}`)) throw error
    throw new ContractRefusalError({
      reason: data?.errorName ?? reason ?? signature ?? 'Reverted',
      args: data?.args ?? [],
      cause: error,
    })
  }
}

/** Thrown when a contract refuses: `reason` is the name of its custom error, `args` the values it names. */
export class ContractRefusalError extends BaseError<'CONTRACT_REFUSAL'> {
  override readonly name = 'ContractRefusalError'
  readonly reason: string
  readonly args: readonly unknown[]
  constructor({
    reason = 'Reverted',
    args = [],
    cause,
  }: { reason?: string; args?: readonly unknown[]; cause?: unknown }) {
    const hint = refusalHint(reason)
    super('CONTRACT_REFUSAL', `The contract refuses: ${reason}.`, {
      cause,
      hints: [hint ?? 'Check the arguments, and that network.json names these contracts.'],
      docs: '/chain#refusals',
    })
    this.reason = reason
    this.args = args
  }
}
