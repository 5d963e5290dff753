import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { consentsOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { command, flag, text, UsageError } from '../command.ts'
import { type Carriage, carry, sendOption } from '../network/carry.ts'
import { findGranteeRef, type GranteeRef, type GranteeWords, granteeOptions } from '../network/grantees.ts'
import { choosePlace } from '../network/people.ts'
import { providerOption, recordScope } from '../network/scope.ts'
import { actorOptions, openSession, type Place, type Session } from '../network/session.ts'

/** `sharewell revoke`. */
export const revoke = command({
  name: 'revoke',
  group: 'Records on a network:',
  summary: 'Stop sharing: with somebody, a record, or everything.',
  usage: '[reader]',
  operands: {
    reader: "account, consent receipt or its file, or an id from 'sharewell grants'; in the demo also a name",
  },
  about:
    'For patients. Ends every grant to this reader, organization or role, at each provider where there is one; with ' +
    '--record only the grant for that record. --all ends every grant to anybody. It counts from the block that ' +
    'carries it: no key node answers after that. What has been read cannot be unread.',
  examples: [
    ['sharewell revoke okafor --as royal', 'Stop sharing with this doctor.'],
    ['sharewell revoke okafor --as royal --record 0x1f...', 'Take back one record.'],
    ['sharewell revoke --organization "Harbor General" --as royal', 'Stop sharing with a hospital.'],
    ['sharewell revoke okafor.receipt --as royal', 'End a private grant.'],
    ['sharewell revoke --all --as royal', 'Stop sharing with everyone.'],
  ],
  options: {
    ...granteeOptions,
    record: text('--record <id>', 'take back only the grant for this record'),
    all: flag('--all', 'every grant; with --from only those to one reader, which is the same as naming the reader'),
    from: text('--from <reader>', 'with --all: from whom'),
    provider: providerOption,
    send: sendOption,
    ...actorOptions,
  },
  async run({ args: [operand], options, terminal, signal }) {
    const { record, provider, send } = options
    const words = checkWords(operand, options)
    const session = await openSession(options, signal)
    const grantee = words && (await findGranteeRef(session, words, signal))
    const how = { send, signal }
    const done =
      record !== undefined && grantee
        ? [await takeBack(session, { grantee, record }, how)]
        : await stopSharing(session, { grantee, provider }, how)
    if (done.length === 0) throw new NothingSharedError({ who: grantee?.name ?? 'anybody' })
    terminal.note(
      `${grantee?.name ?? 'nobody'} can read ${grantee ? 'no more of it' : 'anything but you'}; what has been read cannot be unread`,
    )
    for (const each of done)
      terminal.result({ type: 'revoked', granteeId: grantee?.granteeId ?? null, ...each }, each.transaction)
  },
})

type Words = GranteeWords & {
  readonly all: boolean | undefined
  readonly from?: string | undefined
  readonly record?: string | undefined
}

/** Whom the words name, or undefined where it is everybody; refuses what says nothing, or two things. */
function checkWords(operand: string | undefined, options: Words): GranteeWords | undefined {
  const { all, from, record, organization, role, at } = options
  if (from !== undefined && (!all || operand !== undefined))
    throw new UsageError({
      problem: '--from says from whom --all takes',
      hints: ['revoke --all --from READER, or revoke READER'],
    })
  if (all && record !== undefined)
    throw new UsageError({ problem: '--all and --record say two things', hints: ['leave one of them away'] })
  const words = { who: operand ?? from, organization, role, at }
  const named = Object.values(words).some((each) => each !== undefined)
  if (named === (all === true && from === undefined))
    throw new UsageError({
      problem: 'say what to end',
      hints: ['name a reader, --organization, --role with --at, or --all'],
    })
  return named ? words : undefined
}

type How = Parameters<typeof carry>[3]
type Done = Carriage & { readonly pseudonym: Hex; readonly recordId?: Hex | undefined }

/** At each of the patient's places where something is shared, or at the one that was named. */
async function stopSharing(
  session: Session,
  { grantee, provider }: { readonly grantee: GranteeRef | undefined; readonly provider: string | undefined },
  how: How,
): Promise<Done[]> {
  const [first] = session.places
  // Says in words of its own that only a patient can do this.
  const places = provider === undefined && first !== undefined ? session.places : [choosePlace(session, provider)]
  const done: Done[] = []
  for (const place of places) {
    if (!(await shares(session, place, grantee?.granteeId, how.signal))) continue
    const pseudonym = toHex(place.keys.pseudonym)
    const act = { kind: 'RevokeAll', pseudonym, granteeId: grantee?.granteeId } as const
    done.push({ pseudonym, ...(await carry(session, place, act, how)) })
  }
  return done
}

async function shares(
  { chain }: Session,
  { keys }: Place,
  granteeId: Hex | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const consents = await consentsOf(chain, { pseudonym: toHex(keys.pseudonym) }, { signal })
  return consents.some((one) => one.state === 'permit' && (granteeId === undefined || one.granteeId === granteeId))
}

async function takeBack(
  session: Session,
  { grantee, record }: { readonly grantee: GranteeRef; readonly record: string },
  how: How,
): Promise<Done> {
  const { place, pseudonym, recordId } = await recordScope(session, record, how.signal)
  const act = { kind: 'Revoke', pseudonym, granteeId: grantee.granteeId, recordId } as const
  return { pseudonym, recordId, ...(await carry(session, place, act, how)) }
}

/** Thrown when there is no live grant to end. */
export class NothingSharedError extends BaseError<'NOTHING_SHARED'> {
  override readonly name = 'NothingSharedError'
  constructor({ who = '' }: { who?: string }) {
    super('NOTHING_SHARED', `Nothing is shared with ${who}.`, { hints: ["'sharewell grants' lists what is shared"] })
  }
}
