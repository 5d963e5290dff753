/** Writes the manual page of the command line from its table of commands: `npm run generate`. */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { loadCommands } from '../cli/src/commands/index.ts'
import { manPage } from '../cli/src/shell/man-page.ts'

const cli = path.join(import.meta.dirname, '../cli')
const { version } = JSON.parse(await readFile(path.join(cli, 'package.json'), 'utf8')) as { version: string }
await writeFile(path.join(cli, 'man/sharewell.1'), manPage(await loadCommands(undefined), version))
