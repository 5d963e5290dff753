import path from 'node:path'
import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import { operatorOf, readBook } from '@sharewell/sdk/chain'
import { makeCheckpoint } from '../../services/key-node/src/book/round.ts'
import { createBook } from '../../services/key-node/src/book/service.ts'
import { openSignedLast } from '../../services/key-node/src/book/signed-last.ts'
import { openKeyStore } from '../../services/key-node/src/keystore.ts'
import { asOperator, type TestKeyNode } from './committee.ts'
import type { TestNetwork } from './network.ts'
import { silentLog } from './silent-log.ts'

/** The committee signs everything until now; `node` is the member that asks the others. */
export async function checkpointNow(net: TestNetwork, node: TestKeyNode): Promise<void> {
  const { config } = node
  const chain = await asOperator(net, node)
  const time = (await readBook(chain)).block.time + 1
  const end = Date.now() + 20_000
  while ((await readBook(chain)).block.time < time && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const keys = openKeyStore(path.join(config.folder, 'keys'), fromHex(config.secret as Hex, 32))
  const operator = async () => (await operatorOf(chain, { account: chain.wallet?.account.address as Hex })) as Hex
  const book = createBook({ chain, keys, operator, last: openSignedLast(path.join(config.folder, 'beside')) })
  await makeCheckpoint({ chain, keys, book, log: silentLog }, { time })
}
