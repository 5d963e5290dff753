import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { commandNames, loadCommands } from '../../cli/src/commands/index.ts'
import { main } from '../../cli/src/main.ts'
import { globalOptions, type OptionShape, shapeOf } from '../../cli/src/shell/shape.ts'

/** What one run printed. */
type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

async function run(argv: readonly string[]): Promise<Ran> {
  const [stdout, stderr]: [string[], string[]] = [[], []]
  const code = await main(argv, {
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  })
  return { code, stdout: stdout.join(''), stderr: stderr.join('') }
}

describe('whatever stands on the command line', function () {
  this.timeout(300_000)
  const before_ = { ...process.env }
  const root = process.cwd()
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-arguments-'))
    // Commands write files of whatever name they are given.
    process.chdir(folder)
    // No command finds a network, and none may write anywhere else.
    process.env.SHAREWELL_NETWORK = path.join(folder, 'no-network.json')
    process.env.SHAREWELL_STATE = path.join(folder, 'state')
  })
  after(async () => {
    process.env = before_
    process.chdir(root)
    await rm(folder, { recursive: true, force: true })
  })

  it('is taken, or refused with a message and exit code 2 or 1; 10,000 times, and never with a fault of our own', async () => {
    const words = await vocabulary()
    // Of any letters that a system passes on, but no name of a file, and not stdin.
    const odd = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `?${text.replaceAll(/[/\0]/g, '')}`)
    const word = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...words) },
      { weight: 2, arbitrary: odd },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...words), odd).map(([name, value]) => `${name}=${value}`) },
      { weight: 1, arbitrary: fc.integer().map(String) },
    )
    const plausible = fc.oneof(fc.constantFrom(...values), odd)
    const shapes = (await loadCommands(undefined)).map(shapeOf)
    // Options of the command itself, each with a value: so that what is wrong is the value and not its place.
    const called = fc.constantFrom(...shapes).chain(({ name, options, operands }) => {
      const option = fc
        .constantFrom<OptionShape[]>(...options, ...globalOptions)
        .chain(({ long, value }: OptionShape): fc.Arbitrary<string[]> => {
          const some =
            value !== undefined && 'words' in value ? fc.oneof(fc.constantFrom(...value.words), plausible) : plausible
          return value === undefined ? fc.constant([long]) : some.map((chosen) => [long, chosen])
        })
      const given = fc.array(word, { minLength: Math.max(0, operands.length - 1), maxLength: operands.length })
      return fc
        .tuple(given, fc.array(option, { maxLength: 5 }))
        .map(([first, rest]) => [...name.split(' '), ...first, ...rest.flat()])
    })
    const argv = fc.oneof(
      { weight: 1, arbitrary: fc.array(word, { maxLength: 8 }) },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...commandNames), fc.array(word, { maxLength: 8 })).map(named) },
      { weight: 7, arbitrary: called },
    )
    const codes = new Set<number>()
    await fc.assert(
      fc.asyncProperty(argv, async (argv) => {
        const { code, stdout, stderr } = await run(argv)
        codes.add(code)
        expect(code).to.be.oneOf([0, 1, 2])
        expect(stdout + stderr).to.not.include('fault of sharewell itself')
        if (code !== 0) expect(stderr.trim(), 'a reason').to.not.equal('')
        if (argv.includes('--json') && code !== 0 && argv.length > 1)
          expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).to.include({ type: 'error' })
      }),
      { numRuns: 10_000 },
    )
    expect([...codes].toSorted()).to.deep.equal([0, 1, 2])
  })

  it('is refused with the nearest option or command, and with the range of a number', async () => {
    const said = async (...argv: string[]) => (await run(argv)).stderr
    expect(await said('grnt')).to.include('did you mean grant?')
    expect(await said('staff', 'atest', 'x')).to.match(/too many arguments/)
    expect(await said('organizations', 'shwo')).to.include('there are also: organizations show')
    expect(await said('deposit', 'x', '--polcy', '1')).to.include('did you mean --policy?')
    expect(await said('split', 'x', '-n', '0')).to.include('from 1 to 65535')
    expect(await said('seal', 'x', '--chunk', '2M')).to.include('one of 64K, 256K, 1M')
    expect(await said('grant', 'x', '--all', '--until', '999999y'))
      .to.include('is no time')
      .and.include('year 9999')
    expect(await said('grant', 'x', '--all', '--until', '2026-02-30')).to.include('is no time')
    expect(await said('staff', 'attest', 'x', '--roles', 'nurse', '--until', '999999y')).to.include('is no time')
    expect(await said('retrieve', `0x${'ab'.repeat(32)}`, '-o', 'x', '--range', '9-3')).to.include(
      'ends before it begins',
    )
    expect(await said('help', 'grnt')).to.include('did you mean grant?')
  })

  it('means the same with --json before and after the command', async () => {
    const [first, second] = [await run(['--json', 'inspect', 'nothing']), await run(['inspect', 'nothing', '--json'])]
    expect(first).to.deep.equal(second)
    expect(JSON.parse(first.stdout)).to.include({ type: 'error', code: 'NO_SUCH_FILE' })
  })
})

const named = ([name, rest]: [string, string[]]) => [...name.split(' '), ...rest]

/** Values that are nearly right somewhere. */
const values = [
  ...['0', '-1', '1e9', '99999999999999999999', 'NaN', '0x10', '5,3,0', '1,1,1', '9-3', '30d', '2027-01-31', '999999y'],
  ...['laboratory', 'TREAT', 'physician,nurse', 'royal', 'http://127.0.0.1:1', 'sharewell1:x', 'sharewell-consent1:x'],
  ...[32, 20, 16].map((length) => `0x${'ab'.repeat(length)}`),
]

/** Every command, option and value that the table names, and what gets the better of parsers. */
async function vocabulary(): Promise<string[]> {
  const shapes = (await loadCommands(undefined)).map(shapeOf)
  const options = shapes.flatMap((shape) => shape.options)
  const words = options.flatMap(({ value }) => (value !== undefined && 'words' in value ? value.words : []))
  const tricky = [
    '--',
    '',
    ' ',
    '--json',
    '-q',
    '-qq',
    '-h',
    '--help',
    '-V',
    'help',
    '__proto__',
    'constructor',
    '--__proto__',
  ]
  const names = options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]))
  return [...new Set([...commandNames.flatMap((name) => name.split(' ')), ...names, ...words, ...tricky, ...values])]
}
