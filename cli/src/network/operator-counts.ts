import { connect, operators } from '@sharewell/sdk/chain'
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { BaseError as ViemError } from 'viem'
import { NoNetworkError, readNetworkFile } from './network-file.ts'

const patience = 5_000

/**
 * Storage nodes of each organization of the network, as its chain knows them. Undefined where there is no network here,
 * or where one that nobody named does not answer; one that was named must.
 */
export async function operatorCounts(
  network: string | undefined,
  signal: AbortSignal,
  missed: (why: string) => void,
): Promise<readonly number[] | undefined> {
  try {
    const file = await readNetworkFile(network, signal)
    const chain = await connect(file.network, { signal, timeout: patience, maxHeadAge: Number.MAX_SAFE_INTEGER })
    const counts = new Map<string, number>()
    for (const { active, organization } of await operators(chain, { kind: 'storage' }, { signal }))
      if (active) counts.set(organization, (counts.get(organization) ?? 0) + 1)
    return [...counts.values()]
  } catch (error) {
    signal.throwIfAborted()
    if (network !== undefined || !(error instanceof BaseError || error instanceof ViemError)) throw error
    if (!(error instanceof NoNetworkError)) missed(firstLine(error.message))
    return undefined
  }
}
