import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from '@playwright/test'
import type { RunningNetwork } from './network.ts'
import { test } from './story.ts'

test('a hospital asks a node for what it acknowledged, and everybody sees that it was shown', async ({
  page,
  network,
}, testInfo) => {
  const sharewell = await commandLine(network, testInfo.outputPath('desk'))
  const [record] = (await sharewell('deposit', 'lab.txt', '--patient', 'royal', '--as', 'hospital-1')).split(/\s/)
  const key = path.join(network.folder, 'keys/reconstructor-1.key')
  const asked = await sharewell(
    'audit',
    'ask',
    `${record}`,
    '--share',
    '0',
    '--as',
    'hospital-1',
    '--worker-key-file',
    key,
  )
  const node = /share 0 at (.+)$/.exec(asked.trim())?.[1] ?? ''
  expect(node).toMatch(/^[A-Z]/)

  // From here on auditors do everything: they draw, look, and say what they saw.
  await page.goto(`${network.url}/network`)
  const row = page.getByRole('listitem').filter({ has: page.locator('summary', { hasText: node }) })
  await row.locator('summary').click()
  await expect(row.getByText(/^shown 1 time, missed 0; 0 faults$/)).toBeVisible({ timeout: 60_000 })
  const events = page.getByRole('region', { name: 'Last events' })
  await expect(events.getByText('AuditEnded').first()).toBeVisible()
  await events.getByText('AuditDrawn').first().click()
  await expect(events.getByText('auditors 3')).toBeVisible()
  expect(await sharewell('audit', 'list')).toContain(`${node}: shown 1 time, missed 0, 0 faults`)
})

/** The command line of a desk, with a folder and a file of its own; returns what it prints. */
async function commandLine({ folder }: RunningNetwork, desk: string) {
  await mkdir(desk, { recursive: true })
  await writeFile(path.join(desk, 'lab.txt'), 'haemoglobin 13.9 g/dL')
  const env = {
    ...process.env,
    SHAREWELL_NETWORK: path.join(folder, 'network.json'),
    SHAREWELL_STATE: path.join(desk, 'state'),
  }
  const program = path.join(import.meta.dirname, '../../cli/bin/sharewell.mjs')
  return async (...args: readonly string[]) =>
    (await promisify(execFile)(process.execPath, [program, ...args], { cwd: desk, env })).stdout
}
