import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from '@playwright/test'
import { agreeUntil, becomeDemoPerson } from './people.ts'
import { test } from './story.ts'

const limit = 512 * 1024 * 1024

test('a hospital with a file one byte too large is sent to the command line before anything is read', async ({
  page,
  network,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-large-'))
  try {
    // A hole of that length takes no room on the disk.
    const fileOf = async (name: string, size: number): Promise<string> => {
      const file = await open(path.join(folder, name), 'w')
      await file.truncate(size)
      await file.close()
      return path.join(folder, name)
    }
    await becomeDemoPerson(page, `${network.url}/hospital`, 'Harbor General Hospital, records office')
    await page.getByRole('button', { name: 'Authorize this device' }).click()
    await agreeUntil(page, page.getByText('Deposit a record'))
    await page.getByLabel('Patient', { exact: true }).selectOption({ index: 1 })
    const deposit = page.getByRole('button', { name: 'Deposit', exact: true })

    await page.getByLabel('File').setInputFiles(await fileOf('fits.bin', limit))
    await expect(deposit).toBeEnabled()
    await page.getByLabel('File').setInputFiles(await fileOf('too-large.bin', limit + 1))
    await expect(page.getByRole('alert').filter({ hasText: 'sharewell deposit FILE' })).toBeVisible()
    await expect(deposit).toBeDisabled()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
