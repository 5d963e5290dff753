import { createRequire } from 'node:module'
import hardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import { defineConfig } from 'hardhat/config'
import { generateAbisTask } from './hardhat/generate-abis.ts'
import otherRunners from './hardhat/other-runners.ts'

const require = createRequire(import.meta.url)
// The compiler comes from npm: nothing is downloaded. One EVM version for every chain (docs/adr/0002).
const solc = {
  version: '0.8.30',
  path: require.resolve('solc/soljson.js'),
  settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'paris' },
}

// Random tests in a hurry: `npm test`, whose wide suite runs them all.
const short = process.env.SHAREWELL_FUZZ === 'short'

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, hardhatViem, otherRunners],
  tasks: [generateAbisTask],
  paths: {
    artifacts: process.env.SHAREWELL_ARTIFACTS ?? 'artifacts',
    tests: { mocha: 'test', solidity: 'test/contracts' },
  },
  solidity: {
    npmFilesToBuild: ['@openzeppelin/contracts/access/manager/AccessManager.sol'],
    profiles: { default: { compilers: [solc] }, production: { compilers: [solc] } },
  },
  typechain: { tsNocheck: true },
  networks: {
    // What the local chain serves: it mines on demand and every second, so that its time is the wall's, and gas is free.
    node: {
      type: 'edr-simulated',
      chainType: 'l1',
      allowBlocksWithSameTimestamp: true,
      initialBaseFeePerGas: 0,
      // As on any chain: a reverted transaction is mined and answered with its hash.
      throwOnTransactionFailures: false,
      mining: { auto: true, interval: 1000 },
    },
    local: { type: 'http', chainType: 'l1', url: 'http://127.0.0.1:8545' },
  },
  test: { solidity: { fuzz: { runs: short ? 64 : 256 }, invariant: { runs: short ? 16 : 64, depth: 32 } } },
})
