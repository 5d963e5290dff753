import { purposes } from '../chain/index.ts'
import type { NamesOf } from '../record/index.ts'
import type { Accounting } from './disclosures.ts'

const header = [
  'time',
  'reader',
  'reader_name',
  'organization',
  'organization_name',
  'record',
  'record_name',
  'version',
  'purpose',
  'explained',
  'logged',
  'released_by',
  'shown_by',
  'consent',
  'request',
  'pseudonym',
] as const

/**
 * Disclosures, and what no node explains, as CSV (RFC 4180, UTF-8, CRLF), newest first. A cell that a spreadsheet would
 * take for a formula begins with an apostrophe.
 */
export function disclosuresCsv(
  { disclosures, unexplained }: Pick<Accounting, 'disclosures' | 'unexplained'>,
  names: NamesOf = {},
): string {
  const explained = disclosures.map(({ at, ...one }): readonly [number, readonly string[]] => [
    at,
    [
      iso(at),
      one.reader,
      names.reader?.(one.reader) ?? '',
      one.organization ?? '',
      (one.organization && names.organization?.(one.organization)) ?? '',
      one.recordId,
      names.record?.(one.recordId) ?? '',
      `${one.version}`,
      purposes[one.purpose] ?? `${one.purpose}`,
      'yes',
      one.logged ? 'yes' : 'no',
      `${one.released.length}`,
      `${one.shownBy.length}`,
      one.consentKey,
      one.requestHash,
      one.pseudonym,
    ],
  ])
  const dark = unexplained.map(({ at, released, consentKey, requestHash, pseudonym }) => {
    const unknown = Array.from({ length: 8 }, () => '')
    const rest = ['no', 'yes', `${released.length}`, '0', consentKey, requestHash, pseudonym]
    return [at, [iso(at), ...unknown, ...rest]] as const
  })
  const rows = [...explained, ...dark].sort(([a], [b]) => b - a).map(([, row]) => row)
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '')

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
