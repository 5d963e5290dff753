/**
 * Proofs of lies: kept where a lie is met, judged by whoever reads the file.
 * @module
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  isSignedBy,
  manifestHashOf,
  operatorInfo,
  SignatureError,
  type SignedMessage,
  speakerOf,
} from '@sharewell/sdk/chain'
import { firstLine } from '@sharewell/sdk/errors'
import {
  type Conviction,
  encodeFaultFile,
  type FaultFile,
  FaultRefusedError,
  judgeFault,
  maxFaultFileLength,
  parseFaultFile,
  placeOf,
} from '@sharewell/sdk/place'
import { readSmall } from '../input.ts'
import { inState, StateError, stateFolder } from '../state.ts'
import type { Terminal } from '../terminal.ts'

/** Keeps each proof that a command meets in a file of its own, and says where. */
export function proofKeeper(terminal: Terminal): (file: FaultFile) => void {
  return (file) => {
    try {
      const { i } = placeOf(file.proof)
      const name = `${file.proof.kind}-${file.accused?.operator.slice(2, 18) ?? 'depositor'}-${i}-${Date.now()}.fault.json`
      const target = path.join(stateFolder('faults'), name)
      inState(target, () => writeFileSync(target, encodeFaultFile(file), { mode: 0o600 }))
      terminal.warn(`the proof is kept in ${target}; 'sharewell fault verify' checks it`)
    } catch (error) {
      // That it cannot be kept is no reason not to open the record.
      if (!(error instanceof StateError)) throw error
      terminal.warn(`${firstLine(error.message)} The proof is not kept.`)
    }
  }
}

/** Reads a fault file; `account` stands in for the one that it names. Errors: FaultFileError. */
export async function readFaultFile(
  file: string,
  { account, signal }: { readonly account?: Hex | undefined; readonly signal: AbortSignal },
): Promise<FaultFile> {
  const found = parseFaultFile(await readSmall(file, maxFaultFileLength, signal))
  return account && found.accused ? { ...found, accused: { ...found.accused, account } } : found
}

/** Judges a file by itself, without a network. Errors: FaultRefusedError. */
export async function judgeOffline(file: FaultFile): Promise<Conviction> {
  const { network, accused } = file
  return await judgeWith(file, async (word) => {
    const signer = await speakerOf(network, word).catch(unlessUnsigned)
    return signer !== undefined && signer.toLowerCase() === accused?.account
  })
}

/** Judges a file by the chain as well: it must be this network's, the account the operator's, and the manifest the one
 * that is anchored, or descend from it. Errors: FaultRefusedError. */
export async function judgeOnChain(chain: Chain, file: FaultFile, signal: AbortSignal): Promise<Conviction> {
  const { network, accused } = file
  const { networkId, chainId, contracts } = chain.network
  if (
    network.networkId !== networkId ||
    network.chainId !== chainId ||
    network.recordRegistry !== contracts.recordRegistry
  )
    throw new FaultRefusedError({ reason: 'it is of another network' })
  if (accused) await checkAccount(chain, accused, signal)
  const found = await judgeWith(
    file,
    async (word) =>
      accused !== undefined && (await isSignedBy(chain, { ...word, signer: accused.account }, { signal })),
  )
  const { recordId, version } = found.manifest
  const anchored = await manifestHashOf(chain, { recordId: toHex(recordId), version }, { signal })
  if (found.anchored === undefined)
    throw new FaultRefusedError({
      reason: 'its manifest follows another one, and the file does not lead to the anchored one',
    })
  if (anchored !== found.anchored) throw new FaultRefusedError({ reason: 'the chain anchors another manifest' })
  return found
}

type Word = SignedMessage<'ShareResponse' | 'Frame'>

const judgeWith = (file: FaultFile, holds: (word: Word) => Promise<boolean>): Promise<Conviction> =>
  judgeFault(file, {
    verifyShare: (_, signed) => holds({ kind: 'ShareResponse', ...signed }),
    verifyFrame: (_, signed) => holds({ kind: 'Frame', ...signed }),
  })

async function checkAccount(
  chain: Chain,
  { operator, account }: NonNullable<FaultFile['accused']>,
  signal: AbortSignal,
): Promise<void> {
  const info = await operatorInfo(chain, { operator }, { signal })
  if (!info) throw new FaultRefusedError({ reason: 'the network has no such operator' })
  if (info.account.toLowerCase() !== account)
    throw new FaultRefusedError({ reason: "the account that it names is not the operator's" })
}

function unlessUnsigned(error: unknown): undefined {
  if (!(error instanceof SignatureError)) throw error
}
