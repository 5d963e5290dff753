import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { activeEpoch } from '@sharewell/sdk/chain'
import { keyCommitteeAbi } from '@sharewell/sdk/chain/abi'
import { openAnswerStore } from '../../../services/key-node/src/answers.ts'
import type { Check } from '../check.ts'
import { checkLogs } from '../check-releases.ts'
import type { Tally } from '../tally.ts'
import { opensNow, type Told } from './readers.ts'
import type { CommitteeWorld } from './world.ts'

/** Every record opens under the key that the first ceremony of records made. */
export async function checkRecords(world: CommitteeWorld, told: Told, groupKey: Hex): Promise<Check[]> {
  const wrong: string[] = []
  for (const record of told.records) {
    const code = await opensNow(world, record, told).catch(String)
    if (code !== 'opened') wrong.push(`${record.recordId}: ${code.slice(0, 200)}`)
  }
  const now = (await activeEpoch(world.chain))?.groupKey
  const held = told.records.length
  return [
    { what: 'every record opens', held, wrong },
    { what: 'the key is the one that records were wrapped to', held: 1, wrong: now === groupKey ? [] : [String(now)] },
  ]
}

/** What nodes told readers is what they keep, and no node contradicted itself. Call it while key nodes are stopped. */
export function checkAnswers({ folder, nodes }: CommitteeWorld, told: Told, tally: Tally): Check[] {
  const wrong: string[] = []
  let held = 0
  for (const { name } of nodes) {
    const store = openAnswerStore(path.join(folder, name), { minute: 1, day: 1, patient: 1 })
    for (const [requestHash, answers] of told.answers) {
      const answer = answers.get(name)
      if (answer === undefined) continue
      held++
      if (store.find(requestHash as Hex)?.answer !== answer) wrong.push(`${name} does not remember ${requestHash}`)
    }
    store.close()
  }
  return [
    { what: 'answers that readers got are on the disk of who gave them', held, wrong },
    { what: 'requests asked again were answered byte for byte the same', held: told.repeated, wrong: tally.violations },
    checkLogs(
      { folder },
      nodes.map(({ name }) => name),
    ),
  ]
}

/** Members hold the share of the epoch that serves; nothing else of any ceremony is left on any disk. */
export async function checkDisks({ chain, folder, nodes }: CommitteeWorld): Promise<Check> {
  const epoch = await activeEpoch(chain)
  const wrong: string[] = []
  for (const { id, name } of nodes) {
    const share = `w1-${epoch?.transcriptHash.slice(2)}.key`
    const expected = epoch?.members.includes(id) ? ['hpke.key', share] : ['hpke.key']
    const found = (await readdir(path.join(folder, name, 'keys'))).toSorted()
    if (found.join() !== expected.join()) wrong.push(`${name} keeps ${found.join(', ')}`)
  }
  return { what: 'disks hold the share that serves, and no secret that is over', held: nodes.length, wrong }
}

/** Nobody here lies: nobody may be blamed. */
export async function checkBlame({ chain, network }: CommitteeWorld): Promise<Check> {
  const contract = { address: network.contracts.keyCommittee, abi: keyCommitteeAbi, fromBlock: 0n } as const
  const [votes, opened] = await Promise.all([
    chain.client.getContractEvents({ ...contract, eventName: 'ExclusionVoted' }),
    chain.client.getContractEvents({ ...contract, eventName: 'CeremonyOpened' }),
  ])
  const wrong = votes.map(({ args }) => `${args.member} voted against ${args.culprit} in ceremony ${args.ceremony}`)
  return { what: 'ceremonies in which nobody was blamed', held: opened.length, wrong }
}
