import { type Bytes, fromHex, type Hex } from '@sharewell/sdk/bytes'
import {
  type Ceremony,
  type CeremonyProgress,
  type Chain,
  ceremonyOf,
  ceremonyProgress,
  epochOf,
  type ShownPackage,
  shownPackages,
  view,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { ceremonySession, type Frame, type Package } from '@sharewell/sdk/release'

/** A ceremony as this node may act on it: as it stands in the final block. */
export type CeremonyView = {
  readonly ceremony: Ceremony
  readonly frame: Frame
  /** In the final block: what the others did. */
  readonly progress: CeremonyProgress
  /** In the newest block: what this node did. */
  readonly latest: CeremonyProgress
  readonly final: bigint
  /** Time of the head, seconds. */
  readonly now: number
  readonly own: Hex
  /** This node's number as a dealer, and as a member. */
  readonly dealer: number | undefined
  readonly member: number | undefined
  /** Transcript of the epoch whose key is shared anew. */
  readonly from: Hex | undefined
}

/** Looks at a ceremony. Throws {@link CeremonyStateError} where no final block has it. */
export async function viewCeremony(
  chain: Chain,
  { ceremony: number, own }: { ceremony: number; own: Hex },
): Promise<CeremonyView> {
  const { latest, final } = await view(chain)
  const at = { block: final.number }
  const ceremony = await ceremonyOf(chain, { ceremony: number }, at)
  if (!ceremony) throw new CeremonyStateError({ reason: `no final block has ceremony ${number}` })
  const [progress, newest, old] = await Promise.all([
    ceremonyProgress(chain, { ceremony: number }, at),
    ceremonyProgress(chain, { ceremony: number }),
    ceremony.generation ? undefined : epochOf(chain, { epoch: ceremony.epoch - 1 }, at),
  ])
  const numbered = old?.members ?? ceremony.members
  const dealers = ceremony.dealers.map((dealer) => numbered.indexOf(dealer) + 1)
  const { networkId, chainId, contracts } = chain.network
  const session = ceremonySession({
    networkId: fromHex(networkId, 32),
    chainId,
    contract: contracts.keyCommittee,
    ceremony: number,
    epoch: ceremony.epoch,
    k: ceremony.k,
    set: ceremony.members.map((member) => fromHex(member, 16)),
    dealers,
    from: old && fromHex(old.transcriptHash, 32),
  })
  return {
    ceremony,
    frame: {
      session,
      k: ceremony.k,
      h: ceremony.members.length,
      dealers,
      old: old && { groupKey: fromHex(old.groupKey, 32), verifyingShares: old.verifyingShares.map(bytes32) },
    },
    progress,
    latest: newest,
    final: final.number,
    now: latest.time,
    own,
    dealer: dealers[ceremony.dealers.indexOf(own)],
    member: ceremony.members.indexOf(own) + 1 || undefined,
    from: old?.transcriptHash,
  }
}

/** Everybody's package, once all of them stand in a final block. */
export async function packagesOf(chain: Chain, { ceremony, frame, progress, final }: CeremonyView) {
  if (progress.revealed.includes(false)) return undefined
  const range = { fromBlock: ceremony.startBlock, toBlock: final }
  const shown = await shownPackages(chain, { ceremony: ceremony.ceremony }, range)
  return ceremony.dealers.map((dealer, at) => packageFrom(shown.get(dealer), frame.dealers[at] ?? 0))
}

function packageFrom(shown: ShownPackage | undefined, from: number): Package {
  if (!shown) throw new CeremonyStateError({ reason: 'the chain client does not show every package' })
  return { from, commitment: shown.commitment.map(bytes32), proof: bytesOf(shown.proof) }
}

/** Bytes of any hex that a contract gave. */
export const bytesOf = (hex: Hex): Bytes => fromHex(hex, (hex.length - 2) / 2)
const bytes32 = (hex: Hex): Bytes => fromHex(hex, 32)

/** Thrown when a node is asked for something that is not its turn, or that it is no party to. */
export class CeremonyStateError extends BaseError<'CEREMONY_STATE'> {
  override readonly name = 'CeremonyStateError'
  constructor({ reason }: { reason?: string }) {
    super('CEREMONY_STATE', `This node does not do this now: ${reason ?? 'unknown'}.`, {
      hints: ['Read from the chain how far the ceremony is, then ask again.'],
      docs: '/committee#key-nodes',
    })
  }
}
