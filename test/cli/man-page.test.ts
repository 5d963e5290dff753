import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { commandNames, loadCommands } from '../../cli/src/commands/index.ts'
import { manPage } from '../../cli/src/shell/man-page.ts'

const run = promisify(execFile)

describe('the manual page', () => {
  it('has every command with its options and examples, in letters that every man reads', async () => {
    const commands = await loadCommands(undefined)
    const page = manPage(commands, '1.2.3')
    expect(page).to.match(/^[\x20-\x7e\n]+$/)
    const read = page.replaceAll('\\-', '-')
    for (const name of commandNames) expect(read).to.include(`.SS "sharewell ${name}`)
    for (const { options } of commands)
      for (const { flags } of Object.values(options)) expect(read).to.include(`.B ${flags}\n`)
  })

  it('is formatted without a complaint, where groff is installed', async () => {
    const page = manPage(await loadCommands(undefined), '1.2.3')
    const found = await run('groff', ['--version']).catch(() => undefined)
    const formatting = found && run('groff', ['-man', '-Tascii', '-ww', '-z'])
    formatting?.child.stdin?.end(page)
    expect((await formatting)?.stderr ?? '').to.equal('')
  })
})
