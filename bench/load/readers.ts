import { equal, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { QuorumError, unwrapW1 } from '@sharewell/sdk/release'
import { type KeyFault, requestRelease } from '../../sdk/src/flow/release.ts'
import { signRequest } from '../../test/helpers/requests.ts'
import type { LoadReader, LoadRecord, World } from './world.ts'

/** One request of one reader, and how it ended. */
export type Outcome = {
  /** Seconds since the run began. */
  readonly at: number
  /** Milliseconds to sign and log the request, and then until the key was opened or everybody refused. */
  readonly logged: number
  readonly released: number
  readonly permitted: boolean
  /** OPENED: the record's own key. REFUSED: too few nodes gave a partial. OTHER_KEY: something else came out. */
  readonly end: 'OPENED' | 'REFUSED' | 'OTHER_KEY' | 'FAILED'
  readonly faults: readonly KeyFault[]
  /** Codes of the nodes, where too few gave a partial; of the failure otherwise. */
  readonly codes: readonly string[]
}

/** Every so many requests one asks for a record that nobody shared with its reader. */
const foreignEvery = 5

/** Lets readers ask in turn, `atOnce` of them at a time, until the time is over. */
export async function ask(
  world: World,
  { seconds, atOnce }: { seconds: number; atOnce: number },
): Promise<readonly Outcome[]> {
  const start = performance.now()
  const outcomes: Outcome[] = []
  let next = 0
  const elapsed = () => (performance.now() - start) / 1000
  const worker = async () => {
    while (elapsed() < seconds) {
      const number = next++
      const reader = world.readers[number % world.readers.length] as LoadReader
      const permitted = number % foreignEvery !== 0
      outcomes.push({
        ...(await askOnce(world, reader, permitted ? reader.mine : reader.foreign)),
        at: elapsed(),
        permitted,
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return outcomes
}

type Asked = Omit<Outcome, 'at' | 'permitted'>

async function askOnce({ net, committee, chain }: World, { doctor }: LoadReader, record: LoadRecord): Promise<Asked> {
  const start = performance.now()
  const signed = await signRequest(net.network, { doctor, pseudonym: record.pseudonym, record })
  const logged = performance.now() - start
  const took = () => ({ logged, released: performance.now() - start - logged })
  try {
    const { headerHash, ct } = record
    const { key, faults } = await requestRelease({ ...signed, chain, committee, headerHash, ct })
    // The very key that was wrapped, or somebody was served something else.
    const dek = await unwrapW1(record.header, key).catch(() => fromHex('0x'))
    return { ...took(), end: equal(dek, record.dek) ? 'OPENED' : 'OTHER_KEY', faults, codes: [] }
  } catch (error) {
    if (!(error instanceof QuorumError)) return { ...took(), end: 'FAILED', faults: [], codes: [nameOf(error)] }
    return { ...took(), end: 'REFUSED', faults: [], codes: error.refusals.map(({ i, code }) => `${i} ${code}`) }
  }
}

const nameOf = (error: unknown): string => (error as { code?: string }).code ?? 'UNKNOWN'

/** Blames by operator and code. */
export function blames(
  outcomes: readonly Outcome[],
  operator: Hex,
): { ofLiar: number; ofOthers: Record<string, number> } {
  const all = outcomes.flatMap(({ faults }) => faults)
  const ofOthers: Record<string, number> = {}
  for (const { code } of all.filter((fault) => fault.operator !== operator)) ofOthers[code] = (ofOthers[code] ?? 0) + 1
  const ofLiar = all.filter((fault) => fault.operator === operator && fault.code === 'INVALID_PARTIAL').length
  return { ofLiar, ofOthers }
}
