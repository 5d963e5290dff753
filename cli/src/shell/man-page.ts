import { type Command, groups } from '../command.ts'
import { globalOptions } from './shape.ts'

/** The manual page sharewell(1) in roff, from the same table as the help. */
export function manPage(commands: readonly Command[], version: string): string {
  return [
    '.\\" Made from the table of commands by scripts/generate-man.ts. Change the commands, not this file.',
    `.TH SHAREWELL 1 "" "Sharewell ${version}" "User Commands"`,
    '.SH NAME',
    'sharewell \\- health records that belong to the patient',
    '.SH SYNOPSIS',
    '.B sharewell',
    '.RI [ options ]',
    '.I command',
    '.RI [ arguments ]',
    '.SH DESCRIPTION',
    paragraph(
      'Seals, splits, opens and rebuilds files by itself, and carries records over a network: sealed, split over storage ' +
        'nodes where no single party can read or lose them, opened only under the consent of the patient.',
    ),
    '.PP',
    paragraph(
      'Results go to standard output, everything else to standard error. Nothing is overwritten without --force, and a ' +
        'failed command leaves no partial file. A file named - is standard input or output.',
    ),
    '.SH OPTIONS',
    ...globalOptions.flatMap(({ short, long, about }) => item(short ? `${short}, ${long}` : long, about)),
    ...item('-V, --version', 'print the version'),
    ...groups.flatMap((group) =>
      section(
        group,
        commands.filter((command) => command.group === group),
      ),
    ),
    '.SH EXIT STATUS',
    ...item('0', 'done'),
    ...item('1', 'failed, or, for health and doctor, something is not well'),
    ...item('2', 'called in a way that cannot work'),
    '.SH ENVIRONMENT',
    ...item('SHAREWELL_NETWORK', 'file or URL of the network, where --network is not given'),
    ...item('NO_COLOR', 'any value: no colours; there are none either where the output is no terminal'),
    '.SH FILES',
    ...item(
      '.sharewell/network.json',
      'the network, where neither names one: in this folder or the nearest one above it',
    ),
    '.SH SEE ALSO',
    'docs/guide/cli.md, docs/guide/cli\\-json.md and docs/spec in the repository.',
    '',
  ].join('\n')
}

function section(group: string, commands: readonly Command[]): string[] {
  if (commands.length === 0) return []
  return [`.SH "${group.replace(':', '').toUpperCase()}"`, ...commands.flatMap(entry)]
}

function entry({ name, usage, summary, about, operands, options, examples }: Command): string[] {
  return [
    `.SS "sharewell ${`${name} ${escaped(usage)}`.trim()}"`,
    paragraph(summary),
    '.PP',
    paragraph(about),
    ...Object.entries(operands).flatMap(([operand, what]) => item(operand, what, 'I')),
    ...Object.values(options).flatMap(({ flags, about: what }) => item(flags, what)),
    ...examples.flatMap(([line, what]) => [
      '.PP',
      paragraph(what),
      '.PP',
      '.RS 4',
      '.nf',
      `$ ${escaped(line)}`,
      '.fi',
      '.RE',
    ]),
  ]
}

function item(term: string, what: string, font: 'B' | 'I' = 'B'): string[] {
  return ['.TP', `.${font} ${escaped(term)}`, paragraph(what)]
}

/** A line that starts with a dot or an apostrophe would be a request. */
const paragraph = (text: string) => escaped(text).replace(/^(?=[.'])/, '\\&')

/** ASCII alone, so that every man reads it; a hyphen of an option is one that can be copied. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('’', '\\(cq')
    .replaceAll(
      /[^\x20-\x7e]/g,
      (letter) => `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
}
