import { toHex } from '@sharewell/sdk/bytes'
import { type ConsentReceipt, requestsOf } from '@sharewell/sdk/chain'
import { command, flag } from '../command.ts'
import { viewGrants } from '../network/grant-view.ts'
import { readReceipt } from '../network/grantees.ts'
import { knowGrantees } from '../network/known-grantees.ts'
import { readMail } from '../network/mailbox.ts'
import { choosePlace, placeTitle } from '../network/people.ts'
import { NoSuchReceiptError } from '../network/receipts.ts'
import { providerOption } from '../network/scope.ts'
import { actorOptions, openSession } from '../network/session.ts'

/** `sharewell grants`. */
export const grants = command({
  name: 'grants',
  group: 'Records on a network:',
  summary: 'List who can read what of yours, and until when.',
  usage: '[receipt...]',
  operands: { receipt: 'receipts of private grants, or files with them: then their readers have names' },
  about:
    'For patients. Names come from the directory and are shown only where they verify. The chain names readers by a ' +
    'hash; whom a private grant is for, only its receipt tells.',
  examples: [
    ['sharewell grants --as royal', 'Who can read my records?'],
    ['sharewell grants --all --as royal', 'And who could?'],
    ['sharewell grants *.receipt --as royal', 'With the names of private grants.'],
  ],
  options: { all: flag('--all', 'also those that are over or revoked'), provider: providerOption, ...actorOptions },
  async run({ args, options, terminal, signal }) {
    const session = await openSession(options, signal)
    const { chain } = session
    const [first] = session.places
    const places = options.provider === undefined && first ? session.places : [choosePlace(session, options.provider)]
    const receipts = await Promise.all(
      args.map(async (word): Promise<ConsentReceipt> => {
        const found = await readReceipt(word, chain.network.networkId, signal)
        if (found) return found
        throw new NoSuchReceiptError({ word })
      }),
    )
    const asked = await Promise.all(
      places.map(({ keys }) => requestsOf(chain, { pseudonym: toHex(keys.pseudonym) }, { signal })),
    )
    const accounts = asked.flat().map(({ reader }) => reader)
    const known = await knowGrantees(session, { accounts, receipts }, signal)
    let hidden = 0
    for (const place of places) {
      // Without the key nodes there are no names of categories, and still the grants.
      const mail = await readMail(session, place, signal).catch(() => undefined)
      signal.throwIfAborted()
      const found = await viewGrants(
        session,
        place,
        { known, categoryKey: mail?.categoryKey, all: options.all ?? false },
        signal,
      )
      hidden += found.hidden
      terminal.line(await placeTitle(session, place, signal))
      if (found.lines.length === 0) terminal.line('  nobody but you')
      terminal.list(found.lines)
    }
    if (hidden > 0) terminal.note(`${hidden} more that are over: --all lists them`)
  },
})
