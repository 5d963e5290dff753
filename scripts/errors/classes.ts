import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { BaseError } from '@sharewell/sdk/errors'
import ts from 'typescript'
import type { Explained } from './explained.ts'

const root = path.join(import.meta.dirname, '../..')

/** An error class as it stands in the code, and what an instance of it says. */
export type ErrorClass = { readonly file: string; readonly explained: Explained }

/** Every error class under a folder, made once with nothing but dots for what it names. */
export async function errorClasses(folder: string): Promise<ErrorClass[]> {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => path.join(folder, file))
    .sort()
  const found = await Promise.all(files.map(classesIn))
  return found.flat()
}

async function classesIn(file: string): Promise<ErrorClass[]> {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const declared = source.statements
    .filter(ts.isClassDeclaration)
    .filter((one) => isError(one) && one.name?.text !== 'BaseError')
  if (declared.length === 0) return []
  const module = (await import(pathToFileURL(path.join(root, file)).href)) as Record<string, unknown>
  return declared.map((declaration) => {
    const name = declaration.name?.text ?? ''
    const create = module[name]
    if (typeof create !== 'function') throw new Error(`${file}: ${name} is not exported`)
    return { file, explained: explain(file, create as new (options: object) => unknown, declaration) }
  })
}

const isError = ({ heritageClauses = [] }: ts.ClassDeclaration | { heritageClauses?: readonly ts.HeritageClause[] }) =>
  heritageClauses.some(({ types }) => types.some(({ expression }) => /Error$/.test(expression.getText())))

function explain(file: string, create: new (options: object) => unknown, declaration: ts.ClassDeclaration): Explained {
  const error = made(create)
  if (!(error instanceof BaseError)) throw new Error(`${file}: ${declaration.name?.text} is no BaseError`)
  const [says = '', ...more] = error.message.split('\n')
  const page = more.find((line) => line.startsWith('Docs: docs/'))?.slice('Docs: docs/'.length)
  const todo = error.hints.length > 0 ? error.hints : ownWords[error.code]
  if (!todo) throw new Error(`${file}: ${declaration.name?.text} gives no hint`)
  return { code: error.code, says, why: commentOf(declaration), todo, http: [], page }
}

/** Errors whose hint is always given by whoever throws them. */
const ownWords: Readonly<Record<string, readonly string[]>> = {
  USAGE: ['Read what it says; `sharewell help COMMAND` shows how the command is called.'],
  DECLINED: ['Run the command again, and say yes.'],
  INPUT_TOO_LARGE: ['Name the file that was asked for; this one is something else.'],
  NO_SHARES: ['Find shares of the file; it says of each file why it is none.'],
  SERVICE: ['Look up the code of the service on this page; or try again, or ask another node.'],
  INTERRUPTED: ['Run the command again; where something was kept, it says how to go on.'],
}

/** Fields that hold no text: what is inside an error, or instead of its own words. */
const none = new Set<string | symbol>(['cause', 'hint', 'hints', 'detail', 'docs'])
const dots = new Proxy({}, { get: (_, name) => (none.has(name) ? undefined : '…') })

function made(create: new (options: object) => unknown): unknown {
  const bare = Reflect.construct(create, [{}]) as { readonly code?: unknown }
  try {
    const dotted = Reflect.construct(create, [dots]) as { readonly code?: unknown }
    return dotted.code === bare.code ? dotted : bare
  } catch {
    // It wants a list or a number there.
    return bare
  }
}

/** The class's TSDoc as one paragraph. */
function commentOf(declaration: ts.ClassDeclaration): string {
  const [doc] = ts.getJSDocCommentsAndTags(declaration)
  const text = doc && ts.getTextOfJSDocComment(doc.comment)
  if (!text) throw new Error(`${declaration.name?.text} has no comment`)
  return text
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
