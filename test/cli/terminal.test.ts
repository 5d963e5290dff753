import { expect } from 'chai'
import { Terminal } from '../../cli/src/terminal.ts'
import { columns, folded, painted, plain, widthOf, wrapped } from '../../cli/src/text.ts'

/** What a terminal shows of one line. */
function shown({ isTTY, colors }: { isTTY: boolean; colors?: boolean }, text: Parameters<Terminal['line']>[0]): string {
  const written: string[] = []
  const sink = { write: (piece: string) => written.push(piece), isTTY, columns: 80 }
  new Terminal({ stdout: sink, stderr: sink, ...(colors !== undefined && { colors }) }).line(text)
  return written.join('')
}

describe('what a terminal shows', () => {
  const line = [painted('good', 'ok'), ' fine'] as const

  it('has colours where it is a terminal, and none in a pipe, with NO_COLOR or on a dumb one', () => {
    expect(shown({ isTTY: true, colors: true }, line)).to.equal('\u001b[32mok\u001b[0m fine\n')
    expect(shown({ isTTY: false, colors: true }, line)).to.equal('ok fine\n')
    expect(shown({ isTTY: true, colors: false }, line)).to.equal('ok fine\n')
    const { NO_COLOR, TERM } = process.env
    try {
      process.env.TERM = 'xterm'
      process.env.NO_COLOR = '1'
      expect(shown({ isTTY: true }, line)).to.equal('ok fine\n')
      process.env.NO_COLOR = ''
      expect(shown({ isTTY: true }, line)).to.include('\u001b[32m')
      process.env.TERM = 'dumb'
      expect(shown({ isTTY: true }, line)).to.equal('ok fine\n')
    } finally {
      process.env.NO_COLOR = NO_COLOR ?? ''
      process.env.TERM = TERM ?? ''
    }
  })

  it('is painted by nobody else: names and notes lose what would move the cursor or turn the writing round', () => {
    const name = 'Dr.\u001b[31m Evil\u202e\r\u009b2J'
    expect(shown({ isTTY: true, colors: true }, [painted('strong', name)])).to.equal(
      '\u001b[1mDr. [31m Evil   2J\u001b[0m\n',
    )
  })

  it('stands in columns, however wide letters are, and folds where it is too long', () => {
    const rows = columns([
      ['名前', 'a'],
      ['e\u0301', 'b'],
    ])
    expect(rows.map((row) => row.map(plain).join(''))).to.deep.equal(['名前  a', 'e\u0301     b'])
    expect(widthOf('Ada 名')).to.equal(6)
    const long = ['x'.repeat(70), 'laboratory', 'v1']
    const narrow = folded([long], { width: 80, below: 0 })
    expect(narrow.map((row) => row.map(plain).join(''))).to.deep.equal([`laboratory  v1\n  ${'x'.repeat(70)}`])
    const piped = folded([long], { width: undefined, below: 0 })
    expect(piped.map((row) => row.map(plain).join(''))).to.deep.equal([`${'x'.repeat(70)}  laboratory  v1`])
    expect(wrapped('one two three', 7)).to.deep.equal(['one two', 'three'])
  })
})
