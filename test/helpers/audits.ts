import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AuditWord,
  auditOf,
  type Chain,
  challengeNode,
  drawAudit,
  enrollAuditor,
  type Message,
  registerOperator,
  signAuditWord,
  testify,
} from '@sharewell/sdk/chain'
import { type Hospital, registerHospitals } from './committee.ts'
import type { TestNetwork } from './network.ts'
import { newParties, type Party, signerFor } from './parties.ts'
import type { SealedRecord } from './sealed-record.ts'

/** A house with its reconstructor. */
export type House = Party & { readonly id: Hex; readonly chain: Chain }

/** Registers a storage node or a reconstructor that nobody runs. */
export async function registerParty(
  net: TestNetwork,
  { id, kind, operator, account }: Party & { readonly id: Hex; readonly kind: 'storage' | 'reconstructor' },
): Promise<void> {
  const operatorFields = {
    id: operator,
    kind,
    organization: id,
    account: account.address,
    endpoint: 'http://127.0.0.1:1',
  }
  await registerOperator(await net.as(net.admin), operatorFields)
}

/** `count` hospitals with a reconstructor each, which nobody enrolled yet. */
export async function registerHouses(net: TestNetwork, count: number): Promise<House[]> {
  const [hospitals, parties] = [await registerHospitals(net, count), newParties(count)]
  const houses: House[] = []
  for (const [at, party] of parties.entries()) {
    const { id } = hospitals[at] as Hospital
    await registerParty(net, { ...party, id, kind: 'reconstructor' })
    houses.push({ ...party, id, chain: await net.as(party.account) })
  }
  return houses
}

/** The same, enrolled. */
export async function seatHouses(net: TestNetwork, count: number): Promise<House[]> {
  const houses = await registerHouses(net, count)
  for (const { chain } of houses) await enrollAuditor(chain)
  return houses
}

/** What a node acknowledged of a record, signed by its account. */
export async function promiseOf(
  net: TestNetwork,
  { node, record, index }: { readonly node: Party; readonly record: SealedRecord; readonly index: number },
): Promise<challengeNode.Args> {
  const { manifestHash, placementHash, manifest, blocks } = record
  const acknowledgement: Message<'Acknowledgement'> = {
    ...{ manifestHash, placementHash, index, bytes: BigInt(manifest.shareLen) },
    shareRoot: toHex(manifest.T[index] ?? new Uint8Array()),
    time: Math.floor(Date.now() / 1000),
  }
  const signature = await signerFor(net.network, 'Acknowledgement', node.account)(acknowledgement)
  return { operator: node.operator, acknowledgement, signature, manifest: toHex(blocks.manifest) }
}

/** Asks and draws. */
export async function drawnAudit(net: TestNetwork, by: Chain, promised: challengeNode.Args) {
  const { audit } = await challengeNode(by, promised)
  await net.mine(3)
  await drawAudit(by, { audit })
  return await drawnOf(by, audit)
}

/** An audit that was drawn. */
export async function drawnOf(chain: Chain, audit: Hex) {
  const found = await auditOf(chain, { audit })
  if (!found?.drawn) throw new Error('it was not drawn')
  return { audit, ...found.drawn }
}
type DrawnAudit = Awaited<ReturnType<typeof drawnOf>>

/** The word of auditor `k`. */
export async function wordOf(
  houses: readonly House[],
  { audit, i, auditors }: DrawnAudit,
  { k, shown }: { readonly k: number; readonly shown: boolean },
): Promise<AuditWord & { readonly k: number }> {
  const seat = houses.find(({ operator }) => operator === auditors[k])
  if (!seat) throw new Error('nobody sits there')
  return { ...(await signAuditWord(seat.chain, { audit, i, shown })), k }
}

/** Has auditors say the same. */
export async function say(by: Chain, houses: readonly House[], drawn: DrawnAudit, shown: boolean, ks = [0, 1]) {
  for (const k of ks) await testify(by, await wordOf(houses, drawn, { k, shown }))
}
