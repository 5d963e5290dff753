import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'

/** Installs the packages where they are missing, as in a fresh clone. Any Node from 20 on can run it. */
export function installMissing() {
  if (['node', 'hardhat'].every((name) => existsSync(path.join(root, 'node_modules', '.bin', name)))) return
  console.log('Installing the packages (once; a minute or two)')
  const { status } = spawnSync('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
