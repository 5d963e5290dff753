import type { Hex } from '@sharewell/sdk/bytes'
import { credentialsOf, recordOf } from '@sharewell/sdk/chain'
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { type Fault, type Retrieved, type RetrieveOptions, retrieve as retrieveRecord } from '@sharewell/sdk/flow'
import type { ReleaseReceipt } from '@sharewell/sdk/flow/book'
import { parseByteRange } from '../byte-range.ts'
import { command, common, text, UsageError } from '../command.ts'
import { InterruptedError } from '../interrupted.ts'
import { proofKeeper } from '../network/fault-files.ts'
import { watchJourney } from '../network/journey.ts'
import { parseId, placeOfPseudonym } from '../network/people.ts'
import { givenReceipt, receiptOption } from '../network/reader-grants.ts'
import { NoSuchRecordError } from '../network/records.ts'
import { keepReceipts } from '../network/release-receipts.ts'
import { type ActorOptions, actingAt, actorOptions, openSession, openView, type Session } from '../network/session.ts'
import { readSessionFile } from '../network/shift-file.ts'
import { parsePurpose } from '../network/terms.ts'
import { openOutput } from '../output.ts'
import { openPart, type PartFile } from '../part-file.ts'
import { formatBytes } from '../progress.ts'
import { StateError } from '../state.ts'
import type { Terminal } from '../terminal.ts'

/** `sharewell retrieve`. */
export const retrieve = command({
  name: 'retrieve',
  group: 'Records on a network:',
  summary: 'Open a record, and check every byte of it.',
  usage: '<record>',
  operands: { record: 'record id (0x and 64 hex digits)' },
  about:
    'A patient opens an own record alone. Anybody else needs a live grant for the purpose: key nodes then release the ' +
    'key, an untrusted worker rebuilds the sealed bytes, and every byte is checked here against what the chain fixed. ' +
    'Workers and nodes that lie or fail are named and replaced; what proves a lie is kept in a file. If a check fails no file is made. Cut off, it leaves ' +
    'FILE.part, and the same command goes on from there after comparing it with the record.',
  examples: [
    ['sharewell retrieve 0x1f... -o labs.json --as okafor', 'Open a record for treatment.'],
    ['sharewell retrieve 0x1f... -o labs.json --session shift.json', 'Open it on shift, without your key.'],
    ['sharewell retrieve 0x1f... --range 0-131 -o - --as royal | xxd', 'Look at the first 132 bytes of an own record.'],
  ],
  options: {
    output: text('-o, --output <file>', 'where the record goes; - is stdout (required)'),
    range: text(
      '--range <first-last>',
      'only these bytes, counted from 0, both ends included; reads only their chunks',
    ),
    purpose: text('--purpose <code>', 'what you read it for (default: TREAT)'),
    receipt: receiptOption,
    session: text('--session <file>', "act by this session ('sharewell session begin'), and by no key of yours"),
    force: common.force,
    ...actorOptions,
  },
  async run({ args: [record = ''], options, terminal, signal }) {
    const recordId = parseId(record, 'record id')
    const { output, force } = options
    if (output === undefined)
      throw new UsageError({ problem: 'the record needs a name', hints: ['say where it goes with -o; - is stdout'] })
    const range = options.range === undefined ? undefined : parseByteRange(options.range)
    const purpose = parsePurpose(options.purpose ?? 'TREAT')
    const session = options.session === undefined ? await openSession(options, signal) : await onShift(options, signal)
    const receipt = await givenReceipt(session, options.receipt, signal)
    const reader = await readerOf(session, { recordId, purpose, consentSalt: receipt?.salt }, signal)
    const span = range && { range: { from: range.from, to: range.to ?? Number.MAX_SAFE_INTEGER } }
    const onReceipts = (receipts: readonly ReleaseReceipt[]) => keep(receipts, reader.chain, terminal)
    const asked = { ...reader, recordId, ...span, onReceipts, onProof: proofKeeper(terminal), signal }
    const write = range === undefined && output !== '-' ? writePart : writeAtOnce
    const { bytes, mime, size, faults } = await write(output, { force, asked, terminal, signal })
    for (const { role, operator, code, detail } of faults) terminal.warn(`${role} ${operator}: ${code}, ${detail}`)
    terminal.note(`opened ${formatBytes(bytes)}${range ? ` of ${formatBytes(size)}` : ''} (${mime})`)
    if (output !== '-') terminal.result({ type: 'retrieved', output, recordId, mime, size, bytes, faults }, output)
  },
})

/** Keeps what the nodes signed. That it cannot be kept is no reason not to open. */
function keep(receipts: readonly ReleaseReceipt[], { network }: Acting['chain'], terminal: Terminal): void {
  try {
    keepReceipts(network.networkId, receipts)
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    terminal.warn(`${firstLine(error.message)} What the key nodes signed is not kept.`)
  }
}

type Written = {
  readonly bytes: number
  readonly mime: string
  readonly size: number
  readonly faults: readonly Fault[]
}
type Writing = {
  readonly force: boolean | undefined
  readonly asked: RetrieveOptions
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** A whole record into a file: what was opened stays as FILE.part until all of it is there. */
async function writePart(output: string, writing: Writing): Promise<Written> {
  const { force, asked, terminal, signal } = writing
  const part = await openPart(output, { force }).catch((error: unknown) => {
    if (error instanceof StateError)
      return terminal.warn(`${firstLine(error.message)} What is cut off now begins anew.`)
    throw error
  })
  if (!part) return await writeAtOnce(output, writing)
  let took = 0
  const onKept = (length: number) => {
    took = length
    part.keep(length)
  }
  try {
    const onProgress = watchJourney(terminal, 'retrieving')
    const kept = part.left > 0 ? { bytes: part.bytes(), onKept } : undefined
    const opened = await retrieveRecord({ ...asked, kept, onProgress })
    const written = await writeAll(part, opened)
    await part.commit()
    if (took > 0) terminal.note(`${formatBytes(took)} of it were there already and hold`)
    return written
  } catch (error) {
    // Bytes that passed one by one and are not the record together: what lies there is of no use.
    if (error instanceof BaseError && error.code === 'OPEN') await part.discard()
    throw signal.aborted
      ? new InterruptedError({ hint: `run the same command again to go on from ${output}.part` })
      : error
  } finally {
    await part.close()
  }
}

/** A part of a record, or one for stdout: there is nothing to go on with. */
async function writeAtOnce(output: string, { force, asked, terminal }: Writing): Promise<Written> {
  const target = await openOutput(output, { force })
  try {
    const written = await writeAll(
      target,
      await retrieveRecord({ ...asked, onProgress: watchJourney(terminal, 'retrieving') }),
    )
    await target.commit()
    return written
  } finally {
    await target.discard()
  }
}

async function writeAll(target: Pick<PartFile, 'write'>, opened: Retrieved): Promise<Written> {
  let bytes = 0
  for await (const piece of opened.bytes) {
    await target.write(piece)
    bytes += piece.length
  }
  return { bytes, ...(await opened.trailer), faults: opened.faults }
}

/** Who opens: somebody with a key, or a session without one. */
type Acting = Pick<Session, 'chain' | 'places'> & { readonly account: { readonly address: Hex } }

async function onShift(
  { session: file = '', ...options }: ActorOptions & { session?: string | undefined },
  signal: AbortSignal,
): Promise<Acting> {
  if (options.as !== undefined || options.keyFile !== undefined)
    throw new UsageError({ problem: '--session acts for its reader alone', hints: ['leave --as and --key-file away'] })
  const { chain } = await openView(options, signal)
  const session = await readSessionFile(file, chain.network, signal)
  return { chain: { ...chain, session }, places: [], account: { address: session.reader } }
}

/** A patient opens by the own key of that provider, anybody else as staff of an organization under a grant. */
async function readerOf(
  session: Acting,
  { recordId, purpose, consentSalt }: { recordId: Hex; purpose: number; consentSalt: Hex | undefined },
  signal: AbortSignal,
): Promise<Pick<RetrieveOptions, 'chain' | 'as'>> {
  const { chain, account } = session
  const record = await recordOf(chain, { recordId }, { signal })
  if (record === undefined) throw new NoSuchRecordError({ recordId })
  const place = placeOfPseudonym(session, record.pseudonym)
  if (place) return { chain: actingAt(session, place), as: { kind: 'patient', selfSeed: place.keys.self.seed } }
  const credentials = await credentialsOf(chain, { account: account.address }, { signal })
  const live = credentials.find(({ retracted, until }) => !retracted && until > chain.clock())
  return {
    chain,
    as: { kind: 'reader', purpose, ...(live && { credentialId: live.id }), ...(consentSalt && { consentSalt }) },
  }
}
