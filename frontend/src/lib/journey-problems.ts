import type { Known } from './known-problems.ts'

const again = 'Try again in a moment.'

/** What can go wrong on a record's journey, by the code of the error or of the key node's refusal. */
export const journeyProblems: Readonly<Record<string, Known>> = {
  REQUEST_EXPIRED: {
    title: 'That took too long',
    what: 'The request to open ran out before it was answered.',
    todo: 'Open the record again.',
  },
  SESSION: {
    title: 'Your shift has ended',
    what: 'It was ended, perhaps on another device, or its time is over.',
    todo: 'Begin a new shift, then open the record again.',
  },
  SESSION_DEAD: {
    title: 'Your shift does not count',
    what: 'The hospitals that keep the keys found it ended, too new, or for another purpose.',
    todo: 'Begin a new shift, then open the record again.',
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
    what: 'The public ledger names another version than the one asked for.',
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
  INCONSISTENT_RENEWAL: {
    title: 'The record’s new shares do not fit together',
    what: 'They were made again since it was deposited, and some place that keeps one has a wrong one.',
    todo: 'Tell the hospital that looks after the record; it can find out which place.',
  },
  CONTRACT_REFUSAL: { title: 'This was not taken', what: 'The public ledger refuses this step; nothing has changed.' },
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
  TOO_FEW_SHARES: {
    title: 'Too few shares answered',
    what: 'Fewer storage nodes gave a good share than the record needs.',
    todo: `${again} The picture shows which nodes are missing.`,
  },
  MANIFEST: {
    title: 'The record’s description was tampered with',
    what: 'It is not the one fixed in the public ledger, so nothing was opened.',
    todo: 'Tell the hospital that deposited the record.',
  },
  PLACEMENT: {
    title: 'The record’s places were tampered with',
    what: 'The list of places is not the one fixed in the public ledger.',
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
    what: 'The opened bytes are not those that the public ledger has the fingerprint of. Nothing of it is shown.',
    todo: 'Tell the hospital that deposited the record.',
  },
}
