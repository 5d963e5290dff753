import { BaseError as ViemError } from 'viem'
import { BaseError } from '../errors.ts'
import { ChainCallError, isClientFailure } from './head.ts'

/** Turns what a wallet or chain client threw into an error of ours; others pass as they are. */
export function rethrow(what: string) {
  return (error: unknown): never => {
    if (!isClientFailure(error)) throw error
    if (named(error, 'UserRejectedRequestError')) throw new WalletRefusedError({ what, cause: error })
    if (named(error, 'ChainMismatchError')) throw new WalletChainError({ cause: error })
    if (saysNonce(error)) throw new WalletNonceError({ cause: error })
    throw new ChainCallError({ what, cause: error })
  }
}

const named = (error: Error, name: string): boolean =>
  error instanceof ViemError && error.walk((cause) => cause instanceof Error && cause.name === name) !== null

/** Wallets and clients have words of their own for it; "nonce too high" is in most of them. */
const saysNonce = (error: Error): boolean =>
  named(error, 'NonceTooHighError') || (error instanceof ViemError && /nonce too high/i.test(error.details))

/** Thrown when the person at the wallet did not sign. */
export class WalletRefusedError extends BaseError<'WALLET_REFUSED'> {
  override readonly name = 'WalletRefusedError'
  constructor({ what, cause }: { what?: string; cause?: unknown }) {
    super('WALLET_REFUSED', `The wallet did not sign ${what ?? 'this'}.`, {
      cause,
      hints: ['Nothing was sent. Start again when you want to.'],
      docs: '/chain#errors',
    })
  }
}

/** Thrown when the wallet is on another chain than the network. */
export class WalletChainError extends BaseError<'WALLET_CHAIN'> {
  override readonly name = 'WalletChainError'
  constructor({ cause }: { cause?: unknown }) {
    super('WALLET_CHAIN', 'The wallet is on another chain than this network.', {
      cause,
      hints: ["Switch the wallet to this network's chain, then try again."],
      docs: '/chain#errors',
    })
  }
}

/** Thrown when a wallet counts its transactions from a chain that was reset. */
export class WalletNonceError extends BaseError<'WALLET_NONCE'> {
  override readonly name = 'WalletNonceError'
  constructor({ cause }: { cause?: unknown }) {
    super('WALLET_NONCE', 'The wallet has counted more transactions than this chain: the chain was reset.', {
      cause,
      hints: ["Clear the wallet's activity for this network (MetaMask: Settings, Advanced), then try again."],
      docs: '/chain#errors',
    })
  }
}
