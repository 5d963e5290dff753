/** An error as a person reads it. */
export type Explanation = {
  readonly title: string
  readonly what: string
  readonly todo?: string | undefined
  readonly code?: string | undefined
  readonly detail?: string | undefined
  /** Nothing is broken: somebody decided so, or has not decided yet. */
  readonly mild?: boolean | undefined
}

type Known = Omit<Explanation, 'code' | 'detail'>

const again = 'Try again in a moment.'

/** Every refusal that can reach a screen, by the code of the error that carries it. */
const known: Readonly<Record<string, Known>> = {
  REFUSED: { title: 'You said no', what: 'Nothing was signed and nothing has changed.', mild: true },
  NETWORK: {
    title: 'This is another network',
    what: 'The chain that answers is not the one this page was made for.',
    todo: 'Reload the page. If it stays, tell whoever runs it.',
  },
  NETWORK_FILE: {
    title: 'No network here',
    what: 'The page cannot read which network it belongs to.',
    todo: 'Tell whoever runs this page.',
  },
  STALE_HEAD: {
    title: 'The chain stands still',
    what: 'The newest block is more than a minute old, so nobody can say which permissions hold now.',
    todo: 'Wait until blocks arrive again, then retry.',
  },
  CHAIN_TIMEOUT: { title: 'The chain does not answer', what: 'The chain client took too long.', todo: again },
  CHAIN_CALL: {
    title: 'The chain does not answer',
    what: 'The chain client could not answer this question.',
    todo: again,
  },
  // Consent
  NO_CONSENT: {
    title: 'No permission yet',
    what: 'The patient has not given you access to this record.',
    todo: 'Ask the patient with the form on this page; they decide in their own time.',
    mild: true,
  },
  OTHER_CATEGORIES: {
    title: 'Not this kind of record',
    what: 'Your permission covers other kinds of record.',
    todo: 'Ask the patient for this kind too.',
    mild: true,
  },
  NOT_YET_VALID: {
    title: 'Not yet',
    what: 'Your permission starts later.',
    todo: 'Open it again once the time has come.',
    mild: true,
  },
  EXPIRED: {
    title: 'Your permission has ended',
    what: 'The time that the patient gave is over.',
    todo: 'Ask the patient again.',
    mild: true,
  },
  WRONG_PURPOSE: {
    title: 'Not for this purpose',
    what: 'The patient permitted another purpose than the one you chose.',
    todo: 'Choose the purpose that was granted, or ask for this one.',
    mild: true,
  },
  REVOKED: {
    title: 'The patient stopped sharing',
    what: 'Your permission was taken back. Nothing more can be opened under it.',
    todo: 'If you still need the record, ask the patient again.',
    mild: true,
  },
  DENIED: {
    title: 'The patient said no',
    what: 'The patient refused you access.',
    todo: 'Speak with the patient.',
    mild: true,
  },
  UNKNOWN_PURPOSE: {
    title: 'No such purpose',
    what: 'No permission can cover this purpose.',
    todo: 'Choose another purpose.',
  },
  WRONG_CATEGORY: {
    title: 'Another kind of record',
    what: 'The record is of another kind than asked for.',
    todo: 'Reload the list of records.',
  },
  WRONG_PSEUDONYM: {
    title: 'Another patient’s record',
    what: 'This record belongs to another patient code.',
    todo: 'Check the code.',
  },
  ERASED: { title: 'This record was erased', what: 'Its keys and shares were destroyed. Nobody can open it again.' },
  UNKNOWN_RECORD: {
    title: 'No such record',
    what: 'The chain knows no record of this id.',
    todo: 'Check the code or reload the list.',
  },
  UNKNOWN_PSEUDONYM: {
    title: 'No such patient',
    what: 'The chain knows no patient of this code.',
    todo: 'Check the code with the patient.',
  },
  // Release
  REQUEST_EXPIRED: {
    title: 'That took too long',
    what: 'The request to open ran out before it was answered.',
    todo: 'Open the record again.',
  },
  NOT_LOGGED: {
    title: 'The log entry is missing',
    what: 'The key nodes answer only what stands in the access log.',
    todo: 'Open the record again.',
  },
  LOG_TOO_OLD: {
    title: 'That took too long',
    what: 'The log entry is more than ten minutes old.',
    todo: 'Open the record again.',
  },
  CREDENTIAL_DEAD: {
    title: 'Your affiliation has ended',
    what: 'No hospital vouches for your account at the moment.',
    todo: 'Ask your hospital to attest you again.',
  },
  NOT_YOUR_CREDENTIAL: {
    title: 'Not your affiliation',
    what: 'The affiliation in the request belongs to another account.',
    todo: 'Choose the right account in your wallet and try again.',
  },
  SUPERSEDED: {
    title: 'There is a newer version',
    what: 'The record was replaced by a newer version meanwhile.',
    todo: 'Reload the list and open the newest.',
  },
  OTHER_MANIFEST: {
    title: 'There is a newer version',
    what: 'The chain names another version than the one asked for.',
    todo: 'Reload the list and open the newest.',
  },
  REFUSED_RECORD: {
    title: 'This record was withdrawn',
    what: 'The key nodes release nothing for it any more.',
    todo: 'Ask the hospital that deposited it.',
  },
  BUDGET_MINUTE: {
    title: 'Too many in a minute',
    what: 'The key nodes limit how much one account opens in a short time.',
    todo: 'Wait a minute and try again.',
  },
  BUDGET_DAY: {
    title: 'Too many today',
    what: 'The key nodes limit how much one account opens in a day.',
    todo: 'Try again tomorrow.',
  },
  BUDGET_PATIENT: {
    title: 'Too many of this patient today',
    what: 'The key nodes limit how often one patient’s records are opened in a day.',
    todo: 'Try again tomorrow.',
  },
  KEY_NODES: {
    title: 'The key nodes do not answer',
    what: 'Too few of the hospitals’ key nodes did what was asked.',
    todo: again,
  },
  NO_COMMITTEE: {
    title: 'No key nodes yet',
    what: 'This network has not generated its release key.',
    todo: 'Wait until the network has started.',
  },
  QUORUM: {
    title: 'Too few key nodes answered',
    what: 'The key of a record needs the answer of several hospitals, and too few gave one.',
    todo: `${again} The picture shows who refused and why.`,
  },
  POLICY: {
    title: 'These shares do not add up',
    what: 'That choice of n, t and r is not possible.',
    todo: 'Choose t between 1 and n, and r below t.',
  },
  TICKET: {
    title: 'Your ticket has run out',
    what: 'Tickets hold for some minutes, and a clock may be wrong.',
    todo: 'Check this device’s clock and try again.',
  },
  SIGNATURE: {
    title: 'The signature does not fit',
    what: 'Another account signed than the one that asked.',
    todo: 'Choose the right account in your wallet and try again.',
  },
  SIGNER_MISSING: {
    title: 'No wallet is connected',
    what: 'This step needs your signature.',
    todo: 'Connect a wallet first.',
    mild: true,
  },
  NOT_ENOUGH_OPERATORS: {
    title: 'Too few storage nodes are up',
    what: 'There are more shares than nodes that answer.',
    todo: 'Choose fewer shares, or wait until more nodes are up.',
  },
  NOT_PLACED: {
    title: 'A storage node did not take its share',
    what: 'Every share needs its node’s signed receipt, and one is missing. Nothing was anchored.',
    todo: 'Try again; other nodes may be chosen.',
  },
  WORKERS_FAILED: {
    title: 'No worker could rebuild it',
    what: 'Every worker failed or sent something wrong; nothing wrong was accepted.',
    todo: again,
  },
  BLOCKS_UNAVAILABLE: { title: 'The record’s description is missing', what: 'No storage node gave it.', todo: again },
  INCONSISTENT_RECORD: {
    title: 'The record was deposited wrongly',
    what: 'Its shares do not belong together.',
    todo: 'Tell the hospital that deposited the record.',
  },
  CONTRACT_REFUSAL: { title: 'The contract says no', what: 'The chain refuses this step; nothing has changed.' },
  WRONG_ACCOUNT: {
    title: 'Another account is needed',
    what: 'The account that decides here is not connected to this page.',
    todo: 'Share that account in your wallet, then try again.',
  },
  BUNDLE: {
    title: 'This bundle cannot be split',
    what: 'It must hold exactly one patient.',
    todo: 'Deposit one patient’s bundle at a time.',
  },
  // Gather, rebuild, verify, open
  TOO_FEW_SHARES: {
    title: 'Too few shares answered',
    what: 'Fewer storage nodes gave a good share than the record needs.',
    todo: `${again} The picture shows which nodes are missing.`,
  },
  MANIFEST: {
    title: 'The record’s description was tampered with',
    what: 'It is not the one fixed on the chain, so nothing was opened.',
    todo: 'Tell the hospital that deposited the record.',
  },
  PLACEMENT: {
    title: 'The record’s places were tampered with',
    what: 'The list of places is not the one fixed on the chain.',
    todo: 'Tell the hospital that deposited the record.',
  },
  KEY_HEADER: {
    title: 'The key header was tampered with',
    what: 'It is not the one that the manifest fixes.',
    todo: 'Tell the hospital that deposited the record.',
  },
  KEY_MISMATCH: {
    title: 'The key does not fit',
    what: 'The released key is not the one this record was sealed with.',
    todo: 'Tell the hospital that deposited the record.',
  },
  OPEN: {
    title: 'The record cannot be opened',
    what: 'What arrived is not what was sealed. Nothing of it is shown.',
    todo: 'Try again; another worker will rebuild it.',
  },
  CHUNK: {
    title: 'A part of the record is damaged',
    what: 'One part does not match its fingerprint. Nothing of it is shown.',
    todo: again,
  },
  TRUNCATED: { title: 'The record is cut short', what: 'Its end is missing. Nothing of it is shown.', todo: again },
  COMMITMENT: {
    title: 'This is not the original',
    what: 'The opened bytes are not those that the chain committed to. Nothing of it is shown.',
    todo: 'Tell the hospital that deposited the record.',
  },
  // Wallet, vault, codes
  VAULT: {
    title: 'The vault stays closed',
    what: 'This wallet account did not make this vault.',
    todo: 'Connect the account with which you made it.',
  },
  PATIENT_CODE: {
    title: 'This is no patient code',
    what: 'The text is incomplete, or comes from another network.',
    todo: 'Scan it again, or have it sent again as text.',
  },
  FILE_TOO_LARGE: {
    title: 'Too large for a browser',
    what: 'This page handles files up to 512 MB.',
    todo: 'Use the command line: sharewell deposit FILE, or sharewell retrieve.',
  },
  ABORTED: { title: 'Stopped', what: 'You stopped it. Nothing half-done remains on this device.', mild: true },
}

/** The refusal that most key nodes gave, where they agree on one that has words of its own. */
function commonRefusal(error: Error): string | undefined {
  const { refusals } = error as { refusals?: readonly { readonly code: string }[] }
  const counts = new Map<string, number>()
  for (const { code } of refusals ?? []) counts.set(code, (counts.get(code) ?? 0) + 1)
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return most && Object.hasOwn(known, most[0]) ? most[0] : undefined
}

/** Explains any error: by the first code in its chain of causes that we know, else by its own first line. */
export function explain(error: unknown): Explanation {
  const chain = causesOf(error)
  const detail = chain.map((one) => one.message).join('\n\n') || String(error)
  for (const one of chain) {
    const code = commonRefusal(one) ?? codeOf(one)
    if (code && Object.hasOwn(known, code))
      return { ...(known[code] as Known), code, detail: known[code]?.mild ? undefined : detail }
  }
  const [first = 'Something went wrong.', ...rest] = (chain[0]?.message ?? String(error)).split('\n')
  const todo = rest.find((line) => line.startsWith('- '))?.slice(2)
  return { title: 'That did not work', what: first, todo: todo ?? again, code: chain.map(codeOf).find(Boolean), detail }
}

/** The first hint that an error carries. */
const hintOf = (error: Error): string | undefined => (error as { hints?: readonly string[] }).hints?.[0]

function causesOf(error: unknown): Error[] {
  const chain: Error[] = []
  for (let one = error; one instanceof Error && !chain.includes(one) && chain.length < 12; one = one.cause)
    chain.push(one)
  return chain
}

function codeOf(error: Error): string | undefined {
  const { code, name } = error as { code?: unknown; name: string }
  if (code === 4001 || name === 'UserRejectedRequestError') return 'REFUSED'
  if (name === 'AbortError') return 'ABORTED'
  if (typeof code === 'string') return code.replace(/^E_/, '')
  return undefined
}

/** An operator's failure in two or three words, for the chip that names it. */
export function problemWords(code: string | undefined): string {
  if (!code) return 'no good answer'
  const plain = code.replace(/^E_/, '')
  return Object.hasOwn(known, plain)
    ? (known[plain] as Known).title.toLowerCase()
    : plain.replaceAll('_', ' ').toLowerCase()
}
