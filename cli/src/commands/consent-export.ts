import { toHex, utf8 } from '@sharewell/sdk/bytes'
import { type Consent, consentsOf, delegatesOf } from '@sharewell/sdk/chain'
import { consentToFhir, draftOfSlot } from '@sharewell/sdk/record'
import { command, common, text } from '../command.ts'
import { findGranteeRef } from '../network/grantees.ts'
import { knowGrantees } from '../network/known-grantees.ts'
import { readMail } from '../network/mailbox.ts'
import { choosePlace } from '../network/people.ts'
import { providerOption } from '../network/scope.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { checkFree, openOutput } from '../output.ts'

/** `sharewell consent export`. */
export const consentExport = command({
  name: 'consent export',
  group: 'Records on a network:',
  summary: 'Write what you granted as FHIR Consents, one a line.',
  usage: '[reader]',
  operands: { reader: 'only the consents of this one: account, demo name, or receipt of a private grant' },
  about:
    'For patients. IHE PCF; a file of one line can be imported again, here and elsewhere. It names the reader in the ' +
    'open, also where the chain does not: it is your own copy. Grants that are over or revoked are left out, and ' +
    'private ones whose receipt is not given.',
  examples: [
    ['sharewell consent export --as royal', 'Everything that holds now.'],
    ['sharewell consent export okafor -o okafor.json --as royal', 'What one doctor may.'],
  ],
  options: {
    output: text('-o, --output <file>', 'write them there, mode 0600 (default: stdout)'),
    force: common.force,
    provider: providerOption,
    ...actorOptions,
  },
  async run({ args: [who], options, terminal, signal }) {
    const { output, force, provider } = options
    if (output !== undefined) await checkFree(output, force)
    const session = await openSession(options, signal)
    const place = choosePlace(session, provider)
    const only = who === undefined ? undefined : await findGranteeRef(session, { who }, signal)
    const known = await knowGrantees(session, { receipts: only?.receipt ? [only.receipt] : [] }, signal)
    const pseudonym = toHex(place.keys.pseudonym)
    // Without the key nodes single records, denials and grants of everything can still be written.
    const mail = await readMail(session, place, signal).catch(() => undefined)
    signal.throwIfAborted()
    const now = session.chain.clock()
    const found = (await consentsOf(session.chain, { pseudonym }, { signal })).filter(
      (one) => (one.state === 'denied' || permitsAt(one, now)) && (!only || one.granteeId === only.granteeId),
    )
    const written = await Promise.all(
      found.map(async (consent) => {
        const grantee = known(consent.granteeId)
        const draft = grantee && draftOfSlot(consent, { grantee: grantee.grantee, categoryKey: mail?.categoryKey })
        if (!grantee || !draft) return undefined
        const { networkId } = session.chain.network
        const { key, changedAt: decidedAt } = consent
        const frame = { networkId, pseudonym, provider: place.providerId, key, decidedAt }
        return consentToFhir(draft, frame, { display: await grantee.name() })
      }),
    )
    const consents = written.filter((one) => one !== undefined)
    const lines = consents.map((one) => JSON.stringify(one))
    if (output === undefined)
      for (const [at, consent] of consents.entries()) terminal.result({ type: 'consent', consent }, lines[at] ?? '')
    else {
      const target = await openOutput(output, { force, mode: 0o600 })
      try {
        await target.write(utf8(lines.map((line) => `${line}\n`).join('')))
        await target.commit()
      } finally {
        await target.discard()
      }
      terminal.result({ type: 'consents', file: output, count: lines.length }, output)
    }
    const hidden = found.length - consents.length
    if (hidden > 0) terminal.note(`${hidden} more: give the receipt of a private grant to write it as well`)
    const delegates = only ? [] : await delegatesOf(session.chain, { pseudonym }, { signal })
    const acting = delegates.filter(({ state }) => state === 'live').length
    if (acting > 0)
      terminal.note(
        `delegates (${acting}) are not in it: FHIR Consent has no element for them; see 'sharewell delegate list'`,
      )
  },
})

/** Whether a consent still permits anything: in time, and not opened as often as it allows. */
const permitsAt = ({ state, until, useLimit, used }: Consent, now: number): boolean =>
  state === 'permit' && until > now && (useLimit === 0 || used < useLimit)
