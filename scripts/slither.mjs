/**
 * `npm run slither`: static analysis of the contracts; fails on a finding of medium or high impact.
 *
 * Takes Slither from SLITHER, from .cache/slither (where `.ci/run` installs it), or from PATH, and skips where there is
 * none: `python3 -m venv .cache/slither && .cache/slither/bin/pip install slither-analyzer==0.11.6`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './run.mjs'

const candidates = [process.env.SLITHER, path.join(root, '.cache/slither/bin/slither'), 'slither']
const starts = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
const slither = candidates.find(
  (program) => program && (program === 'slither' || existsSync(program)) && starts(program),
)

if (!slither) {
  console.log(
    'SKIPPED: Slither is not here. It comes from PyPI as slither-analyzer 0.11.6 (scripts/slither.mjs says how).',
  )
} else {
  // Tests are left out: Slither looks for their sources in another place than Hardhat names them.
  const artifacts = path.join(root, '.cache', 'slither-build')
  // Of an older build it would take sources that stand no more.
  rmSync(artifacts, { recursive: true, force: true })
  const built = await run('hardhat', ['build', '--no-tests', '--force', '--quiet'], {
    env: { SHAREWELL_ARTIFACTS: artifacts },
  })
  const args = ['.', '--ignore-compile', '--hardhat-artifacts-directory', artifacts]
  const filters = [
    '--filter-paths',
    'node_modules|contracts/mocks',
    '--exclude-informational',
    '--exclude-optimization',
    '--exclude-low',
  ]
  const found =
    built.code === 0
      ? spawnSync(slither, [...args, ...filters, '--fail-medium'], { cwd: root, stdio: 'inherit' })
      : undefined
  process.exitCode = found?.status === 0 ? 0 : 1
  console.log(process.exitCode === 0 ? 'Slither: nothing of medium or high impact.' : 'Slither: see above.')
}
