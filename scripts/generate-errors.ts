/**
 * Writes docs/errors.md from the code: every code, what it says, when it happens, what to do, and with which HTTP status
 * services answer it. An error without a comment or a hint stops it.
 *
 * node scripts/generate-errors.ts
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { errorGroups } from './errors/groups.ts'
import { pageOf } from './errors/page.ts'

const root = path.join(import.meta.dirname, '..')

await writeFile(path.join(root, 'docs/errors.md'), pageOf(await errorGroups()))
