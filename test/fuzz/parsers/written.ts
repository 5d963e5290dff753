import { type Network, parseCouncilCall } from '@sharewell/sdk/chain'
import { parseAlertRules } from '@sharewell/sdk/flow/book'
import { readSheet, splitWords, writeSheetCode } from '@sharewell/sdk/person'
import { type Driven, target } from '../drive.ts'
import { bittenText } from '../random.ts'
import { bittenTree, type Tree } from '../trees.ts'
import { filled, hexOf, networkId } from './samples.ts'

const rules: Tree = {
  v: 1,
  rules: [
    {
      id: 'a',
      kind: 'hours',
      days: ['mon'],
      from: '06:00',
      until: '24:00',
      timeZone: 'UTC',
      organization: hexOf(1, 16),
    },
    { id: 'b', kind: 'rush', of: 'patients', most: 20 },
    { id: 'c', kind: 'new-reader', days: 30 },
    { id: 'd', kind: 'break-glass' },
  ],
}

const account = hexOf(2, 20)
const contracts = new Proxy({}, { get: () => account }) as Network['contracts']
const calls: readonly Tree[] = [
  { function: 'setOperatorActive', args: { id: hexOf(1, 16), active: 'true' } },
  { function: 'setOperatorActive', args: [hexOf(1, 16), false] },
  { function: 'grantRole', args: ['0', account, '0'] },
  { function: 'setThreshold', args: [3] },
]

/** What one person writes down and another gives to a program. */
export function written(): Readonly<Record<string, Driven>> {
  const [sheets = []] = splitWords(filled(1), { groups: [{ needed: 2, of: 3 }], exponent: 0 })
  const codes = sheets.map((words) => writeSheetCode({ networkId, words }))
  return {
    'sheet of a recovery kit': target({
      make: (random) => bittenText(codes, random),
      parse: (text) => readSheet(text, { networkId }),
      codes: ['GUARDIAN', 'RECOVERY_WORDS'],
    }),
    'call of a council': target({
      make: (random) => bittenTree(calls, random),
      parse: (json) => parseCouncilCall({ contracts }, json),
      codes: ['COUNCIL_CALL'],
    }),
    'rules of alerts': target({
      make: (random) => bittenTree([rules], random),
      parse: parseAlertRules,
      codes: ['ALERT_RULES'],
    }),
  }
}
