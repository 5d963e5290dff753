import { toHex } from '@sharewell/sdk/bytes'
import { depositsOf, releaseRequestsOf } from '@sharewell/sdk/chain'
import { sha256 } from '@sharewell/sdk/primitives'
import { byPatient, open } from '../../test/helpers/journeys.ts'
import type { WholeDoctor, WholeNetwork, WholeNode } from '../../test/helpers/whole-network.ts'
import type { Books, Deposited } from './books.ts'

/** Holds what is there against what was done: all nodes are well, and nobody does anything any more. */
export async function reckon(whole: WholeNetwork, doctor: WholeDoctor, books: Books): Promise<string[]> {
  const wrong = [...books.wrong]
  wrong.push(...(await reckonAnchors(whole, books)), ...(await reckonReads(doctor, books)))
  // Any two nodes may be away: each share is needed in some pair's absence.
  const { storage } = whole
  for (let at = 0; at < storage.length; at += 2) {
    const away = [storage[at], storage[(at + 1) % storage.length]] as WholeNode[]
    for (const node of away) await node.stop()
    for (const one of books.deposited) wrong.push(...(await reckonRecord(one, `without nodes ${at} and ${at + 1}`)))
    for (const node of away) await node.heal()
  }
  return wrong
}

async function reckonRecord({ recordId, patient, digest }: Deposited, when: string): Promise<string[]> {
  const opened = await open(byPatient(patient, recordId)).catch((error: unknown) => String(error).slice(0, 200))
  if (typeof opened === 'string') return [`${recordId} does not open ${when}: ${opened}`]
  return toHex(sha256(opened.bytes)) === digest ? [] : [`${recordId} opens as other bytes ${when}`]
}

/** Each acknowledged deposit is anchored once, by the transaction of its receipt, and nothing else is. */
async function reckonAnchors({ uploader }: WholeNetwork, { deposited }: Books): Promise<string[]> {
  const anchored = await depositsOf(uploader, {})
  const told = deposited.map(({ recordId, transaction }) => `${recordId} ${transaction}`).sort()
  const there = anchored.map(({ recordId, transaction }) => `${recordId} ${transaction}`).sort()
  if (told.join() === there.join()) return []
  const without = (some: readonly string[], others: readonly string[]) => some.filter((one) => !others.includes(one))
  return [
    ...without(told, there).map((one) => `acknowledged and not anchored: ${one}`),
    ...without(there, told).map((one) => `anchored and not acknowledged: ${one}`),
    `${told.length} deposits, ${there.length} anchors`,
  ]
}

/** No doctor reads unlogged, and no request is logged that nobody made. */
async function reckonReads({ chain, account }: WholeDoctor, { reads }: Books): Promise<string[]> {
  const logged = await releaseRequestsOf(chain, { sender: account.address })
  const agrees = logged.length >= reads.opened && logged.length <= reads.asked
  return agrees ? [] : [`${reads.opened} of ${reads.asked} readings opened, ${logged.length} requests are logged`]
}
