import type { Hex } from '../bytes.ts'
import { type Chain, operatorInfo } from '../chain/index.ts'
import { type FaultFile, type FaultProof, manifestsOf } from '../place/index.ts'
import type { PartyOptions } from './operators.ts'
import type { RetrieveOptions } from './types.ts'
import type { DescribedRecord } from './unlock.ts'

/** Hands on proofs of lies, each with all that is needed to judge it elsewhere: the first against each operator, and the
 * one against whoever deposited. `done` ends when all of them were handed on. */
export function proofTeller(
  chain: Chain,
  { lineage }: Pick<DescribedRecord, 'lineage'>,
  { onProof, signal }: PartyOptions & Pick<RetrieveOptions, 'onProof'>,
): { tell(proof: FaultProof, operator?: Hex): void; done(): Promise<void> } {
  const told = new Set<string>()
  const running: Promise<void>[] = []
  const { networkId, chainId, contracts } = chain.network
  const network = { networkId, chainId, recordRegistry: contracts.recordRegistry }
  const write = async (proof: FaultProof, operator: Hex | undefined): Promise<FaultFile | undefined> => {
    const manifests = manifestsOf(lineage, proof)
    if (!manifests || operator === undefined) return manifests && { network, ...manifests, proof }
    const info = await operatorInfo(chain, { operator }, { signal })
    const account = info?.account.toLowerCase() as Hex | undefined
    return account && { network, accused: { operator, account }, ...manifests, proof }
  }
  return {
    tell(proof, operator) {
      const key = `${proof.kind} ${operator}`
      if (!onProof || told.has(key)) return
      told.add(key)
      const handed = write(proof, operator).then((file) => file && onProof(file))
      // What cannot be looked up now is met again by the next reader; it must not cost this one the record.
      running.push(handed.catch(() => undefined))
    },
    async done() {
      await Promise.all(running)
    },
  }
}
