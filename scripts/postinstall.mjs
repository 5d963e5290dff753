/**
 * Completes an installation made by npm under Node 20.
 *
 * Hardhat's EVM is a native binary in an optional package that asks for Node 22, so npm under Node 20 leaves it out.
 * The PATH of a lifecycle script begins with node_modules/.bin, where Node 24 lies; npm run by that one adds the binary.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

function evmLoads() {
  try {
    require('@nomicfoundation/edr')
    return true
  } catch {
    return false
  }
}

// No folder at all: `npm install --package-lock-only`, or an installation without development packages.
if (existsSync('node_modules/@nomicfoundation/edr') && !evmLoads()) {
  const npm = process.env.npm_execpath
  if (!npm || Number.parseInt(process.versions.node, 10) < 22) {
    console.error('Hardhat needs Node 22 or newer to install: run `npx -y -p node@24 npm ci`.')
    process.exit(1)
  }
  const { status } = spawnSync(process.execPath, [npm, 'install', '--no-save', '--ignore-scripts'], {
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
}
