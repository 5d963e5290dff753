/** An error that a person can meet, in their words. */
export type Known = {
  readonly title: string
  readonly what: string
  readonly todo?: string | undefined
  /** Nothing is broken: somebody decided so, or has not decided yet. */
  readonly mild?: boolean | undefined
}

const again = 'Try again in a moment.'

/** What the network, consent, wallet, vault and codes can refuse, by the code of the error. */
export const decisionProblems: Readonly<Record<string, Known>> = {
  REFUSED: { title: 'You said no', what: 'Nothing was signed and nothing has changed.', mild: true },
  NETWORK: {
    title: 'This is another network',
    what: 'The public ledger that answers is not the one this page was made for.',
    todo: 'Reload the page. If it stays, tell whoever runs it.',
  },
  PATIENT_KEY: {
    title: 'This code was altered',
    what: 'The key in the code is not the one that the patient registered, or nobody registered it. Nothing was sealed.',
    todo: 'Read the code again from the screen of the patient.',
  },
  NETWORK_FILE: {
    title: 'No network here',
    what: 'The page cannot read which network it belongs to.',
    todo: 'Tell whoever runs this page.',
  },
  STALE_HEAD: {
    title: 'The public ledger stands still',
    what: 'The newest block is more than a minute old, so nobody can say which permissions hold now.',
    todo: 'Wait until blocks arrive again, then retry.',
  },
  CHAIN_TIMEOUT: { title: 'The public ledger does not answer', what: 'It took too long.', todo: again },
  CHAIN_CALL: {
    title: 'The public ledger does not answer',
    what: 'It could not answer this question.',
    todo: again,
  },
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
  NOT_AFFILIATED: {
    title: 'You no longer belong to this team',
    what: 'The patient shares with a hospital, a department or a team. Your place in it has ended.',
    todo: 'Ask the hospital to confirm your place again, or ask the patient.',
    mild: true,
  },
  REVOKED: {
    title: 'The patient stopped sharing',
    what: 'Your permission was taken back. Nothing more can be opened under it.',
    todo: 'If you still need the record, ask the patient again.',
    mild: true,
  },
  USED_UP: {
    title: 'Opened as often as allowed',
    what: 'The patient allowed only so many openings, and they are used up.',
    todo: 'Ask the patient again.',
    mild: true,
  },
  NOT_COUNTED: {
    title: 'This opening was not counted',
    what: 'The patient allows only so many openings, and changed the permission just now.',
    todo: 'Open it again.',
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
    what: 'The public ledger knows no such record.',
    todo: 'Check the code or reload the list.',
  },
  UNKNOWN_PSEUDONYM: {
    title: 'No such patient',
    what: 'The public ledger knows no patient of this code.',
    todo: 'Check the code with the patient.',
  },
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
  GUARDIAN: {
    title: 'This is not what was asked for',
    what: 'The text is incomplete, of another kind or network, or was made for somebody else.',
    todo: 'Copy or scan the whole of it, from the device of who made it.',
  },
  NOT_GUARDED: {
    title: 'Not one of the guardians',
    what: 'This person was not named as a guardian at this hospital, or nobody was.',
    todo: 'Ask one of those whom you named.',
  },
  BREAK_GLASS: {
    title: 'This opens no emergency',
    what: 'The text is incomplete, was changed, or was made for somebody else.',
    todo: 'Copy or scan the whole of it again. Where it was made for another person or key, begin anew.',
  },
  NOT_THE_OFFICER: {
    title: 'Another officer was asked',
    what: 'The request names another officer than the account you are.',
    todo: 'Hand it to that officer, or have the clinician make one for you.',
  },
  OFFICER_KEY: {
    title: 'This key opens no part',
    what: 'The hospital that keeps the patient named another key as an officer’s. No emergency was declared.',
    todo: 'Choose the key file that belongs to the key you gave your hospital.',
  },
  OTHER_EMERGENCY: {
    title: 'A request of another emergency',
    what: 'It is whole, but it opened another emergency than this one.',
    todo: 'Ask for the request of this emergency.',
  },
  NO_WINDOW: {
    title: 'No emergency is open',
    what: 'The public ledger shows no emergency of yours for this patient.',
    todo: 'Declare one with an emergency officer first.',
  },
  WINDOW_CLOSED: {
    title: 'The emergency was closed',
    what: 'You, the officer or the patient closed it. Nothing is released in it any more.',
    mild: true,
  },
  WINDOW_OVER: { title: 'The emergency is over', what: 'Its 24 hours are over.', mild: true },
  CONSENT_RECEIPT: {
    title: 'This is no consent receipt',
    what: 'The text is incomplete, damaged, or comes from another network.',
    todo: 'Ask the patient to show the receipt again, and copy or scan the whole of it.',
  },
  NOT_YOUR_RECEIPT: {
    title: 'This receipt is for somebody else',
    what: 'The patient made it out to another person.',
    todo: 'Connect the account that the patient chose, or ask the patient for a receipt of your own.',
  },
  FILE_TOO_LARGE: {
    title: 'Too large for a browser',
    what: 'This page handles files up to 512 MB, and health records in JSON up to 128 MB.',
    todo: 'Use the command line: sharewell deposit FILE, or sharewell retrieve.',
  },
  ABORTED: { title: 'Stopped', what: 'You stopped it. Nothing half-done remains on this device.', mild: true },
}
