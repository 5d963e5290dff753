/** Writes what `sharewell explain` knows of every code, from the same groups as docs/errors.md: `npm run generate`. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { errorGroups } from './errors/groups.ts'

const file = path.join(import.meta.dirname, '../cli/src/explain/codes.json')
const all = (await errorGroups()).flatMap(({ title, codes }) =>
  codes.map(({ code, why, todo }) => ({
    code,
    where: title,
    why: sentence(why.replace(/^Thrown(?: \([^)]*\))?(?: at the end| inside a command)? (?:when|where|if) /, '')),
    todo: todo.map(sentence).join(' '),
  })),
)
const sorted = all.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`)

function sentence(text: string): string {
  const plain = text.replaceAll('`', '').trim()
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}${/[.!?…]$/.test(plain) || plain === '' ? '' : '.'}`
}
