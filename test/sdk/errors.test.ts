import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { BaseError } from '@sharewell/sdk/errors'
import { expect } from 'chai'

const packageFile = new URL('../../sdk/package.json', import.meta.url)
const specFolder = new URL('../../docs/spec/', import.meta.url)

describe('errors', () => {
  it('carries a code for machines and hints for people', () => {
    const error = new BaseError('EXAMPLE', 'It went wrong.', { hints: ['Try again.'], cause: new Error('below') })
    expect(error.code).to.equal('EXAMPLE')
    expect(error.message).to.equal('It went wrong.\n- Try again.')
    expect(error.walk((cause) => cause instanceof Error && cause.message === 'below')).to.be.instanceOf(Error)
  })

  it('repeats what a stranger said without what moves a cursor or turns letters round', () => {
    const error = new BaseError('EXAMPLE', 'It said \u001b[2J\u202eno\u0007.', { hints: ['a\u0000b\r'] })
    expect(error.message).to.equal('It said \ufffd[2J\ufffdno\ufffd.\n- a\ufffdb\ufffd')
    expect(error.hints).to.deep.equal(['a\ufffdb\ufffd'])
    expect(new BaseError('EXAMPLE', 'One line.\n\tAnother.').message).to.equal('One line.\n\tAnother.')
  })

  it('are called what they are exported as, and point to a page that exists', async () => {
    const { exports } = JSON.parse(await readFile(packageFile, 'utf8')) as { exports: Record<string, unknown> }
    const found: string[] = []
    const problems: string[] = []
    for (const entry of Object.keys(exports))
      for (const [exported, create] of errorsOf(await import(`@sharewell/sdk${entry.slice(1)}`))) {
        found.push(exported)
        problems.push(...problemsOf(exported, create).map((problem) => `${entry} ${exported}: ${problem}`))
      }
    expect(problems).to.deep.equal([])
    expect(found).to.include.members(['EncodingError', 'CborError', 'OpenError', 'PolicyError', 'SignedObjectError'])
  })
})

type ErrorClass = new (options: object) => BaseError

function errorsOf(module: Record<string, unknown>): [string, ErrorClass][] {
  return Object.entries(module).filter(
    (entry): entry is [string, ErrorClass] => typeof entry[1] === 'function' && entry[1].prototype instanceof BaseError,
  )
}

function problemsOf(exported: string, create: ErrorClass): string[] {
  const error = Reflect.construct(create, [{}]) as BaseError
  const code = exported
    .replace(/Error$/, '')
    .replace(/(?<!^)([A-Z])/g, '_$1')
    .toUpperCase()
  const page = /^Docs: docs\/spec\/([^#\n]+)/m.exec(error.message)?.[1]
  return [
    ...(error.name === exported ? [] : [`is named ${error.name}`]),
    ...(error.code === code ? [] : [`has the code ${error.code}`]),
    ...(page === undefined || existsSync(new URL(page, specFolder)) ? [] : [`points to ${page}, which is missing`]),
  ]
}
