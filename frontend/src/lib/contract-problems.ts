import type { Known } from './known-problems.ts'

/** Why a contract does not take a decision or a question, by the name of its error. */
export const contractProblems: Readonly<Record<string, Known>> = {
  ConsentOlder: {
    title: 'You decided something newer',
    what: 'Meanwhile, or in the same second, you decided otherwise about this. The newer decision holds.',
    todo: 'Look at what holds now; to change it, decide again.',
    mild: true,
  },
  ConsentNotYetSigned: {
    title: 'This device’s clock is ahead',
    what: 'Your decision carries a time that has not come yet.',
    todo: 'Set the clock right, then decide again.',
  },
  ConsentDeadlineOver: {
    title: 'Your signature has run out',
    what: 'A signed decision holds for 15 minutes.',
    todo: 'Decide again.',
  },
  ConsentNonceUsed: {
    title: 'This was taken already',
    what: 'This very decision stands in the public ledger already, or was withdrawn.',
    todo: 'Look at what holds now.',
    mild: true,
  },
  ConsentBadSignature: {
    title: 'The signature does not fit',
    what: 'Another account signed than the one that decides here.',
    todo: 'Choose the right account in your wallet and decide again.',
  },
  ConsentNotController: {
    title: 'Another account decides here',
    what: 'This account does not decide about this code.',
    todo: 'Choose the account with which you became a patient there.',
  },
  ConsentNotItsRecord: {
    title: 'Not one of your records',
    what: 'The record belongs to another code, or was erased.',
    todo: 'Reload the page and choose again.',
  },
  ConsentAlreadyOver: {
    title: 'That end has passed',
    what: 'The permission would have ended before it began.',
    todo: 'Choose a later end.',
  },
  AccessLogNotAttested: {
    title: 'No hospital vouches for this account',
    what: 'Only people for whom a hospital vouches may ask patients.',
    todo: 'Ask your hospital to attest you.',
  },
  GuardiansTooEarly: {
    title: 'Not yet',
    what: 'Seven days have to pass first, so that a takeover can be seen and stopped.',
    todo: 'Come back when the time is over that the page shows.',
    mild: true,
  },
  GuardiansNothingWaits: {
    title: 'Nothing waits here',
    what: 'It was done already, was stopped, or its time is over.',
    todo: 'Look at what holds now.',
    mild: true,
  },
  GuardiansRecoveryWaits: {
    title: 'A recovery waits here',
    what: 'Your guardians signed for another account. Until that is done or stopped nothing else can begin.',
    todo: 'If you did not ask for it, stop it first.',
  },
  GuardiansBadCircle: {
    title: 'These guardians cannot act',
    what: 'It takes two to sixteen different people, and at least two of them together.',
    todo: 'Add a guardian, or choose how many act together.',
  },
  GuardiansBadSignature: {
    title: 'One of the answers does not fit',
    what: 'A guardian signed something else than what is asked here.',
    todo: 'Ask the guardians to sign new requests.',
  },
  BreakGlassNotEmergencyClinician: {
    title: 'Not an emergency clinician any more',
    what: 'No hospital vouches for the one who asks as an emergency clinician.',
    todo: 'Ask the hospital to attest it.',
  },
  BreakGlassNotGuardian: {
    title: 'Not an officer there any more',
    what: 'The hospital that keeps the patient names others as its emergency officers.',
    todo: 'Ask another officer, with a new request.',
  },
  BreakGlassDeadlineOver: {
    title: 'This request has run out',
    what: 'A request counts for ten minutes.',
    todo: 'Have the clinician make a new one.',
  },
  BreakGlassStillOpen: {
    title: 'An emergency is open already',
    what: 'The same clinician has one open for this patient.',
    todo: 'Go on with that one, or close it first.',
  },
  BreakGlassOpenedBefore: {
    title: 'This request was used',
    what: 'It opened an emergency before.',
    todo: 'Have the clinician make a new one.',
    mild: true,
  },
  BreakGlassReviewOverdue: {
    title: 'A review is overdue',
    what: 'Nobody reviewed an earlier emergency of that hospital in time, so it can declare no other.',
    todo: 'Have a reviewer look at the earlier one now; then try again.',
  },
  BreakGlassNotReviewer: {
    title: 'Not a reviewer of this one',
    what: 'It takes a reviewer of the clinician’s hospital or of the one that keeps the patient, who took no part in it.',
    todo: 'Hand it to another reviewer.',
  },
  BreakGlassNothingToReview: {
    title: 'Nothing to review here',
    what: 'It is still open, or somebody reviewed it already.',
    todo: 'Look at what holds now.',
    mild: true,
  },
  BreakGlassNotOpen: { title: 'It is over already', what: 'It was closed, or its 24 hours are over.', mild: true },
  PatientBadSignature: {
    title: 'This code was not signed for you',
    what: 'The signature in the code is not for this hospital and key.',
    todo: 'Ask the patient to show a new code.',
  },
}
