import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { review } from '../../cli/src/review.ts'
import { Terminal } from '../../cli/src/terminal.ts'
import { codeOf } from '../helpers/code-of.ts'

/** Reviews something in a terminal where somebody types `typed`, or in no terminal at all. */
async function reviewed({ typed, yes = false, isTTY = true }: { typed?: string; yes?: boolean; isTTY?: boolean }) {
  const shown: string[] = []
  const sink = { write: (text: string) => shown.push(text), isTTY }
  const input = Object.assign(new PassThrough(), { isTTY })
  const output = Object.assign(new PassThrough(), { isTTY })
  output.on('data', (piece: Buffer) => shown.push(piece.toString()))
  if (typed !== undefined) input.end(typed)
  const terminal = new Terminal({ stdout: sink, stderr: sink, colors: false })
  const rows = [['account', '0x1234']] as const
  const signal = new AbortController().signal
  const answer = await codeOf(review(terminal, { title: 'It will send', rows, yes, signal, input, output }))
  return { answer, shown: shown.join('') }
}

describe('before something is sent', () => {
  it('it is shown, and goes only after a yes', async () => {
    const { answer, shown } = await reviewed({ typed: 'y\n' })
    expect(answer).to.equal('success')
    expect(shown).to.include('It will send\n  account  0x1234\n').and.include('Send this? [y/N]')
    expect((await reviewed({ typed: 'yes\n' })).answer).to.equal('success')
    for (const typed of ['n\n', '\n', 'yess\n', '', 'si\n'])
      expect((await reviewed({ typed })).answer, typed).to.equal('DECLINED')
  })

  it('Ctrl-C ends the command', async () => {
    expect((await reviewed({ typed: '\u0003' })).answer).to.equal('INTERRUPTED')
  })

  it('a script says --yes, and is refused without', async () => {
    expect((await reviewed({ yes: true, isTTY: false })).answer).to.equal('success')
    expect((await reviewed({ isTTY: false, typed: 'y\n' })).answer).to.equal('USAGE')
  })
})
