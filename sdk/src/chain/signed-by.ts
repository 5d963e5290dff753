import { type Address, isAddressEqual } from 'viem'
import type { Chain } from './connect.ts'
import { view } from './head.ts'
import { SignatureError, type SignedMessage, signerOf, verifyMessage } from './messages.ts'
import type { WaitOptions } from './wait.ts'

/** Whether `signer` signed the message: by key, for which the chain is not asked; what does not match may be the word of a
 * contract (ERC-1271), which is asked at the final block.
 * Errors: those of {@link view}.
 * @example
 * if (await isSignedBy(chain, { kind: 'Frame', ...frame, signer: operator.account })) accept(frame) */
export async function isSignedBy(
  chain: Chain,
  signed: SignedMessage & { readonly signer: Address },
  options: WaitOptions = {},
): Promise<boolean> {
  const recovered = await signerOf(chain.network, signed).catch(() => undefined)
  if (recovered && isAddressEqual(recovered, signed.signer)) return true
  const { final } = await view(chain, options)
  try {
    await verifyMessage(chain, signed, { at: final, signal: options.signal })
    return true
  } catch (error) {
    if (error instanceof SignatureError) return false
    throw error
  }
}
