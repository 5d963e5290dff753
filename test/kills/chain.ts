/**
 * The journalled local chain as a process of its own: `node chain.ts JOURNAL PORT`.
 *
 * @module
 */
import { startChain } from '../../scripts/network/chain.ts'

const [file = '', port = '0'] = process.argv.slice(2)
const chain = await startChain({ file, port: Number(port) })
process.once('SIGTERM', () => void chain.close().then(() => process.exit()))
