import type { Explained, Group } from './explained.ts'

const intro = `# Errors

Every error has a code for programs, one line for people and a hint. In a program of ours it is the \`code\` of the error; on the
command line it is the \`code\` of \`--json\`, and \`sharewell explain CODE\` says what stands here; over HTTP it is the \`code\` of
the problem details (RFC 9457), whose \`type\` is \`urn:sharewell:error:CODE\`. This page has them all: what each says (… stands
for what it names), when it happens, what to do.

It is written by \`npm run generate\` from the code, and \`npm run check\` fails when it is stale.
`

/** The page. */
export function pageOf(groups: readonly Group[]): string {
  const contents = groups.map(({ title, codes }) => `- [${title}](#${anchorOf(title)}): ${codes.length}`)
  return `${[intro, contents.join('\n'), ...groups.map(sectionOf)]
    .join('\n\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}

const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/g, '')
    .replaceAll(' ', '-')

const sectionOf = ({ title, about, codes }: Group) => [`## ${title}`, about, ...codes.map(entryOf)].join('\n\n')

function entryOf({ code, says, why, todo, http, page }: Explained): string {
  const lines = [
    /\w/.test(says) && `- Says: ${pointed(says)}`,
    why && `- When: ${whenOf(why)}`,
    `- Do: ${todo.map(pointed).join(' ')}`,
    http.length > 0 && `- HTTP: ${statusesOf(http)}`,
    page && `- More: [${page}](${page})`,
  ]
  return [`### ${code}`, lines.filter(Boolean).join('\n')].join('\n\n')
}

const statusesOf = (http: Explained['http']) =>
  [...new Set(http.map(({ service, status }) => `${status} (${service})`))].join(', ')

/** A comment that begins with `Thrown when` says when. */
function whenOf(why: string): string {
  const when = why.replace(
    /^Thrown(?: \([^)]*\))?(?: inside a command| at the end of a check-up)? (?:when |where |if |for )?/,
    '',
  )
  return pointed(when.charAt(0).toUpperCase() + when.slice(1))
}

/** One line that ends with a point, and nothing in it that Markdown would take for its own. */
function pointed(text: string): string {
  const plain = text
    .replaceAll(/[<>|]/g, (sign) => `\\${sign}`)
    .replaceAll(/\s+/g, ' ')
    .trim()
  return /[.!?)…]$/.test(plain) ? plain : `${plain}.`
}
