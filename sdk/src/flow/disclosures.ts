import type { Hex } from '../bytes.ts'
import {
  type Chain,
  consentsOf,
  countedUsesOf,
  credentialOf,
  type GlassWindow,
  glassWindows,
  operators,
  releaseRequestsOf,
  releasesOf,
  view,
  type WaitOptions,
} from '../chain/index.ts'
import { askOpenings, maxOpenings } from './key-nodes.ts'
import { type ProvenOpening, proveOpenings, type ToldFault, type ToldOpenings } from './openings.ts'
import type { ReadPass } from './tickets.ts'
import { loggingGrace } from './unlogged.ts'

/** One time that somebody was given the key of a record, as its reader signed it. */
export type Disclosure = {
  readonly requestHash: Hex
  readonly pseudonym: Hex
  readonly recordId: Hex
  readonly version: number
  readonly reader: Hex
  /** Index of the purpose, as consents number them. */
  readonly purpose: number
  /** The slot of the consent under which it was released. */
  readonly consentKey: Hex
  /** For which the reader acted; absent for a delegate. */
  readonly organization?: Hex | undefined
  /** When it was logged, by the chain's clock; when a node says that it answered, where nobody logged it. */
  readonly at: number
  /** Where the chain says that it was asked for; absent: a node released what nobody had logged. */
  readonly logged?: { readonly transaction: Hex; readonly sender: Hex } | undefined
  /** Key nodes that wrote on the chain that they released it. */
  readonly released: readonly Hex[]
  /** Key nodes that show it to the patient. */
  readonly shownBy: readonly Hex[]
}

/** A use that the chain counts under the patient's own consent, and that no node explains. */
export type Unexplained = {
  readonly requestHash: Hex
  readonly pseudonym: Hex
  readonly consentKey: Hex
  readonly at: number
  readonly transaction: Hex
  readonly released: readonly Hex[]
}

/**
 * What a key node did wrong. Beside those of {@link ToldFault}: WITHHELD, it wrote that it released what it does not
 * show; UNLOGGED, it shows what it never wrote that it released; UNREQUESTED, it shows what nobody logged before.
 */
export type NodeFault = {
  readonly operator: Hex
  readonly code: ToldFault['code'] | 'WITHHELD' | 'UNLOGGED' | 'UNREQUESTED'
  readonly requestHash?: Hex | undefined
}

/** Who was given the keys of a pseudonym's records, and how far that can be trusted. */
export type Accounting = {
  /** Newest first. */
  readonly disclosures: readonly Disclosure[]
  readonly unexplained: readonly Unexplained[]
  /** Windows in which the glass was broken, newest first; what was opened in them is among the disclosures. */
  readonly emergencies: readonly GlassWindow[]
  readonly faults: readonly NodeFault[]
  /** Key nodes that told nothing. */
  readonly silent: readonly { readonly operator: Hex; readonly code: string }[]
  /** How many key nodes told what they keep. */
  readonly asked: number
}

/**
 * The accounting of disclosures of one pseudonym: what every active key node shows its controller, each opening proved
 * by its reader's signature, joined with what the chain logged. One honest node that released is enough for a disclosure
 * to show. A request without a use limit names nobody on the chain: where every node that released it keeps it back, it
 * does not show.
 * @throws KeyNodesError when no node answers.
 * @example
 * const pass = await readPass(chain, { pseudonym, purpose: purposes.indexOf('PATRQT') })
 * const { disclosures, unexplained, faults } = await accountOfDisclosures(chain, { pass })
 */
export async function accountOfDisclosures(
  chain: Chain,
  { pass }: { pass: ReadPass },
  { signal }: WaitOptions = {},
): Promise<Accounting> {
  const pseudonym = pass.pseudonym.toLowerCase() as Hex
  // Also those that left the committee: what they released before, only they can show.
  const nodes = (await operators(chain, { kind: 'key' }, { signal })).filter(({ active }) => active)
  const { told, silent } = await askOpenings(nodes, pass, { signal })
  const [{ openings, faults }, counted, emergencies] = await Promise.all([
    proveOpenings(chain, { told, pseudonym }, { signal }),
    countedOf(chain, pseudonym, { signal }),
    glassWindows(chain, { pseudonym }, { signal }),
  ])
  const shown = new Set(openings.map(({ requestHash }) => requestHash))
  const dark = counted.filter(({ requestHash }) => !shown.has(requestHash))
  const hashes = [...shown, ...dark.map(({ requestHash }) => requestHash)]
  const said = await saidOnChain(chain, hashes, { signal })
  const organizationOf = affiliations(chain, { signal })
  const disclosures = await Promise.all(
    openings.map(async (opening) => disclosureOf(opening, said, pseudonym, await organizationOf(opening.request))),
  )
  const now = (await view(chain, { signal })).latest.time
  return {
    disclosures: disclosures.sort((a, b) => b.at - a.at),
    unexplained: dark.map((one) => ({ ...one, pseudonym, released: said.released(one.requestHash) })),
    emergencies: emergencies.toReversed(),
    faults: [...faults, ...openings.flatMap((opening) => faultsOf(opening, { said, told, now }))],
    silent,
    asked: told.length,
  }
}

type Said = {
  logged(requestHash: Hex): { readonly time: number; readonly transaction: Hex; readonly sender: Hex } | undefined
  released(requestHash: Hex): readonly Hex[]
}

function disclosureOf(
  { requestHash, request, at, shownBy }: ProvenOpening,
  said: Said,
  pseudonym: Hex,
  organization: Hex | undefined,
): Disclosure {
  const { recordId, version, reader, purpose, consentKey } = request
  const logged = said.logged(requestHash)
  return {
    requestHash,
    pseudonym,
    recordId,
    version,
    reader: reader.toLowerCase() as Hex,
    purpose,
    consentKey,
    ...(organization && { organization }),
    at: logged?.time ?? at,
    ...(logged && { logged: { transaction: logged.transaction, sender: logged.sender } }),
    released: said.released(requestHash),
    shownBy,
  }
}

function faultsOf(
  { requestHash, request, shownBy }: ProvenOpening,
  { said, told, now }: { said: Said; told: readonly ToldOpenings[]; now: number },
): NodeFault[] {
  const released = said.released(requestHash)
  // A full list ends with the newest: what is older is not kept back.
  const whole = told.filter(({ openings }) => openings.length < maxOpenings).map(({ operator }) => operator)
  const due = now > request.notAfter + loggingGrace
  return [
    ...whole.filter((one) => released.includes(one) && !shownBy.includes(one)).map(as('WITHHELD')),
    ...(said.logged(requestHash) ? [] : shownBy.map(as('UNREQUESTED'))),
    ...(due ? shownBy.filter((one) => !released.includes(one)).map(as('UNLOGGED')) : []),
  ]

  function as(code: NodeFault['code']) {
    return (operator: Hex): NodeFault => ({ operator, code, requestHash })
  }
}

/** Hashes that one question to the chain names. */
const atOnce = 100

async function saidOnChain(chain: Chain, hashes: readonly Hex[], options: WaitOptions): Promise<Said> {
  const logged = new Map<Hex, { time: number; transaction: Hex; sender: Hex }>()
  const released = new Map<Hex, Set<Hex>>()
  for (let at = 0; at < hashes.length; at += atOnce) {
    const requestHash = hashes.slice(at, at + atOnce)
    const [asked, answered] = await Promise.all([
      releaseRequestsOf(chain, { requestHash }, options),
      releasesOf(chain, { requestHash }, options),
    ])
    for (const { requestHash: hash, time, transaction, sender } of asked)
      if (!logged.has(hash)) logged.set(hash, { time, transaction, sender })
    for (const { requestHash: hash, operator } of answered)
      released.set(hash, (released.get(hash) ?? new Set()).add(operator))
  }
  return { logged: (hash) => logged.get(hash), released: (hash) => [...(released.get(hash) ?? [])] }
}

/** Uses counted under the pseudonym's own consents: the only requests that name a patient on the chain. */
async function countedOf(chain: Chain, pseudonym: Hex, options: WaitOptions) {
  const consents = await consentsOf(chain, { pseudonym }, options)
  const found = (
    await Promise.all(consents.map(({ key: consentKey }) => countedUsesOf(chain, { consentKey }, options)))
  ).flat()
  return found.map(({ requestHash, consentKey, time: at, transaction }) => ({
    requestHash,
    consentKey,
    at,
    transaction,
  }))
}

/** For which organization the reader of a request acted. */
function affiliations(chain: Chain, options: WaitOptions) {
  const known = new Map<Hex, ReturnType<typeof credentialOf>>()
  return async ({ credentialId: credential, reader }: { credentialId: Hex; reader: Hex }) => {
    const found = known.get(credential) ?? credentialOf(chain, { credential }, options)
    known.set(credential, found)
    const held = await found
    return held && held.account.toLowerCase() === reader.toLowerCase() ? held.organization : undefined
  }
}
