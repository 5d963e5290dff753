import { type Chain, operators, staffOf } from '@sharewell/sdk/chain'
import { command } from '../command.ts'
import { shownAs } from '../network/names.ts'
import { findOrganization, type ListedOrganization, listOrganizations, pathTo } from '../network/organizations.ts'
import { networkOptions, openView } from '../network/session.ts'
import { liveStaff } from '../network/staff.ts'
import type { JsonLine } from '../terminal.ts'
import { columns, type Part, painted } from '../text.ts'

/** `sharewell organizations`. */
export const organizations = command({
  name: 'organizations',
  group: 'Organizations and staff:',
  summary: 'List the organizations, each with those below it.',
  usage: '',
  operands: {},
  about:
    'Names come from the directory and are shown only where the organization itself signed them; one without such a ' +
    'name is shown by its id, with a mark. An organization counts only while it and all above it are switched on.',
  examples: [['sharewell organizations', 'Who takes part?']],
  options: networkOptions,
  async run({ options, terminal, signal }) {
    const listed = await listOrganizations(await openView(options, signal), signal)
    const rows = columns(listed.map(rowOf))
    terminal.list(listed.map((each, at) => ({ value: lineOf(each), text: rows[at] ?? '' })))
    if (listed.length === 0) terminal.note('no organizations yet')
  },
})

/** `sharewell organizations show`. */
export const organizationsShow = command({
  name: 'organizations show',
  group: 'Organizations and staff:',
  summary: 'Show one organization: its place, staff and nodes.',
  usage: '<organization>',
  operands: { organization: 'its id or the beginning of it, its name or a part of it; in the demo also hospital-1' },
  about: 'What the registry says of one organization, and for how many people it vouches now.',
  examples: [['sharewell organizations show "Harbor General"', 'Look at a hospital.']],
  options: networkOptions,
  async run({ args: [who = ''], options, terminal, signal }) {
    const view = await openView(options, signal)
    const found = await findOrganization(view, who, signal)
    const listed = await listOrganizations(view, signal)
    const above = pathTo(listed, found)
    const below = listed.filter(({ parent }) => parent === found.id)
    const nodes = (await operators(view.chain, {}, { signal })).filter(({ organization }) => organization === found.id)
    const staff = await staffCounts(view.chain, found, signal)
    const facts: [string, string | number][] = [
      ['name', found.name ?? 'none that verifies'],
      ['id', found.id],
      ['kind', found.kind],
      ['state', stateOf(found)],
      ['account', found.account],
      ...above.map((each): [string, string] => ['part of', shownAs(each.name, each.id)]),
      ...below.map((each): [string, string] => ['has', shownAs(each.name, each.id)]),
      ...nodes.map(({ kind, endpoint, active }): [string, string] => [
        `${kind} node`,
        `${endpoint}${active ? '' : ' (switched off)'}`,
      ]),
      ['staff', `${staff.live} now, ${staff.ever} ever`],
    ]
    const value = {
      ...lineOf(found),
      above: above.map(({ id }) => id),
      below: below.map(({ id }) => id),
      nodes: nodes.map(({ id, kind, endpoint, active }) => ({ id, kind, endpoint, active })),
      staff,
    }
    const rows = columns(facts.map(([name, fact]) => [`${name}:`, String(fact)]))
    terminal.list(rows.map((text, at) => (at === 0 ? { value, text } : { text })))
  },
})

/** One line of `--json`. */
function lineOf({ id, kind, parent, depth, live, active, account, name, directoryHash }: ListedOrganization): JsonLine {
  const top = BigInt(parent) === 0n
  return {
    type: 'organization',
    id,
    ...(name !== undefined && { name }),
    kind,
    parent: top ? null : parent,
    depth,
    live,
    active,
    account,
    directoryHash,
  }
}

function rowOf({ id, kind, depth, live, name, active }: ListedOrganization): Part[] {
  const shown = name ?? '(no verified name)'
  const state = active ? 'above it switched off' : 'switched off'
  return [`${'  '.repeat(depth)}${shown}`, kind, id, live ? '' : painted('careful', state)]
}

function stateOf({ live, active }: ListedOrganization): string {
  if (live) return 'active'
  return active ? 'inactive: one above it is switched off' : 'switched off'
}

async function staffCounts(chain: Chain, { id }: ListedOrganization, signal: AbortSignal) {
  const everyone = await staffOf(chain, { organization: id }, { signal })
  const live = await liveStaff(chain, { organization: id, everyone }, signal)
  return { live: live.length, ever: new Set(everyone).size }
}
