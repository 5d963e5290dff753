import { concat, fromHex, toHex, u16, u32 } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { createTree } from '@sharewell/sdk/merkle'
import type { ContractTransactionResponse } from 'ethers'
import { buildHospitals, ethers, node } from './fixture.ts'

/** What reporting a lie may cost: about a record of 2,000 chunks, in 9 shares. */
export const faultBars = {
  'report a share': 125_000,
  'report a frame': 150_000,
} as const

const size = 2_000
const at = 1_234

/** Measures {@link faultBars}; the operator has no fault before. */
export async function measureFaults(
  next: () => string,
  gasOf: (sent: Promise<ContractTransactionResponse>) => Promise<number>,
): Promise<Record<keyof typeof faultBars, number>> {
  const { actors, faults, records, hospital } = await buildHospitals(next)
  const account = new ethers.Wallet(next())
  const [shareNode, worker] = [next().slice(0, 34), next().slice(0, 34)]
  await actors.registerOperator(shareNode, node.storage, hospital, account, 'http://x', next())
  const workerAccount = new ethers.Wallet(next())
  await actors.registerOperator(worker, node.reconstructor, hospital, workerAccount, 'http://x', next())
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: String(records.target) }
  const digests = Array.from({ length: size }, () => fromHex(next()))
  const leafIn = (entries: readonly Uint8Array[]) => {
    const tree = createTree(entries)
    const path = tree.prove(at).map(toHex)
    return { root: toHex(tree.root), leaf: { digest: toHex(digests[at] as Uint8Array), chunks: size, path } }
  }
  const share = leafIn(digests.map((digest, i) => concat(u16(5), u32(i), digest)))
  const content = leafIn(digests.map((digest, i) => concat(u32(i), digest)))
  const nine = Array.from({ length: 9 }, () => fromHex(next()))
  const payload = encode({ T: nine, contentRoot: fromHex(content.root), shareLeaves: nine.map((one) => [one]) })
  const manifest = encode([payload, fromHex(next()).slice(0, 20), new Uint8Array(65).fill(7)])
  const signed = async <message extends object>(
    by: typeof account,
    types: Parameters<typeof account.signTypedData>[1],
    make: () => message,
  ): Promise<readonly [message, string]> => {
    const message = make()
    const signature = await by.signTypedData(domain, types, message)
    return ethers.getBytes(signature).includes(0) ? await signed(by, types, make) : [message, signature]
  }
  const response = await signed(account, shareTypes, () => ({
    manifestHash: next(),
    shareRoot: share.root,
    j: 5,
    i: at,
    digest: next(),
    length: 131_072,
    nonce: next(),
    time: 1_800_000_001,
  }))
  const frame = await signed(workerAccount, frameTypes, () => ({
    manifestHash: ethers.sha256(manifest),
    jobId: next(),
    i: at,
    digest: next(),
  }))
  return {
    'report a share': await gasOf(faults.reportShare(shareNode, ...response, share.leaf)),
    'report a frame': await gasOf(faults.reportFrame(worker, ...frame, content.leaf, toHex(manifest))),
  }
}

const typed = (fields: string) =>
  fields.split(',').map((field) => ({ type: field.split(' ')[0] ?? '', name: field.split(' ')[1] ?? '' }))
const shareTypes = {
  ShareResponse: typed(
    'bytes32 manifestHash,bytes32 shareRoot,uint16 j,uint32 i,bytes32 digest,uint32 length,bytes32 nonce,uint40 time',
  ),
}
const frameTypes = { Frame: typed('bytes32 manifestHash,bytes32 jobId,uint32 i,bytes32 digest') }
