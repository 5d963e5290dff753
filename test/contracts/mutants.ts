/**
 * An invariant that no bug breaks proves nothing. Each bug here is planted in a copy of the real contract, and the
 * invariant beside it must fail there.
 */
export type Mutant = {
  readonly bug: string
  /** The file to change, below `contracts/`. */
  readonly contract: string
  /** The files between it and the tests, which are copied too. */
  readonly through?: readonly string[]
  readonly suite: string
  readonly from: string
  readonly to: string
  readonly breaks: string
}

export const mutants: readonly Mutant[] = [
  {
    bug: 'anchoring again replaces a record',
    contract: 'RecordRegistry',
    suite: 'Records',
    from: 'require(entry.pseudonym == NO_PSEUDONYM, RecordAlreadyAnchored(id));',
    to: '',
    breaks: 'invariant_anAnchoredVersionIsNeverReplaced',
  },
  {
    bug: 'a depositor chooses the version to write',
    contract: 'RecordRegistry',
    suite: 'Records',
    from: 'uint32 version = entry.version + 1;',
    to: 'uint32 version = next.version;',
    breaks: 'invariant_aRecordNeverGoesBack',
  },
  {
    bug: 'anyone deposits',
    contract: 'RecordRegistry',
    suite: 'Records',
    from: 'require(_PATIENTS.controllerOf(pseudonym) == msg.sender, RecordNotDepositor(pseudonym, msg.sender));',
    to: '',
    breaks: 'invariant_onlyDepositorsWrite',
  },
  {
    bug: 'anyone consents',
    contract: 'ConsentRegistry',
    suite: 'Consents',
    from: 'require(_PATIENTS.controllerOf(pseudonym) == msg.sender, ConsentNotController(pseudonym, msg.sender));',
    to: '',
    breaks: 'invariant_onlyTheControllerDecides',
  },
  {
    bug: 'revokeAll is forgotten',
    contract: 'base/ConsentDecision',
    through: ['ConsentRegistry'],
    suite: 'Consents',
    from: 'if (_isOver(pseudonym, granteeId, ConsentSlot.changedAt(slot))) return (Decision.Revoked, key);',
    to: '',
    breaks: 'invariant_decidesAsTheModelDoes',
  },
  {
    bug: 'a permit wins over a denial',
    contract: 'base/ConsentDecision',
    through: ['ConsentRegistry'],
    suite: 'Consents',
    from: 'if (found == Decision.Denied) return true;',
    to: '',
    breaks: 'invariant_decidesAsTheModelDoes',
  },
  {
    bug: 'a consent lasts a second too long',
    contract: 'base/ConsentDecision',
    through: ['ConsentRegistry'],
    suite: 'Consents',
    from: 'query.at >= ConsentSlot.until(slot)',
    to: 'query.at > ConsentSlot.until(slot)',
    breaks: 'invariant_decidesAsTheModelDoes',
  },
  {
    bug: 'a registration needs no signature',
    contract: 'PatientRegistry',
    suite: 'Patients',
    from: 'require(signed, PatientBadSignature(pseudonym, controller));',
    to: 'signed;',
    breaks: 'invariant_noPseudonymIsHijacked',
  },
  {
    bug: 'a hospital takes another one’s account for an uploader',
    contract: 'base/Organizations',
    through: ['ActorRegistry'],
    suite: 'Actors',
    from: 'require(_isFree(key) || _uploaders[key].organization == id, ActorAccountTaken(key));',
    to: '',
    breaks: 'invariant_noHospitalLosesItsVoice',
  },
  {
    bug: 'anyone speaks for a hospital',
    contract: 'base/Organizations',
    through: ['ActorRegistry'],
    suite: 'Actors',
    from: 'require(_organizations[id].account == msg.sender, ActorNotOrganization(id, msg.sender));\n        _;',
    to: '_;',
    breaks: 'invariant_nobodyActsForAnother',
  },
  {
    bug: 'a retracted practitioner stays listed',
    contract: 'ActorRegistry',
    suite: 'Actors',
    from: '_list(entry.directoryHash, 0);',
    to: '',
    breaks: 'invariant_theFileOfEveryEntryIsListed',
  },
  {
    bug: 'an affiliation is listed at each renewal',
    contract: 'ActorRegistry',
    suite: 'Actors',
    from: 'if (ids[i] == id) return;',
    to: '',
    breaks: 'invariant_affiliationsAreDistinct',
  },
  {
    bug: 'k - 1 members act',
    contract: 'Council',
    suite: 'Council',
    from: 'if (confirmationsOf(id).length >= threshold) _execute(id, entry);',
    to: 'if (confirmationsOf(id).length + 1 >= threshold) _execute(id, entry);',
    breaks: 'invariant_nothingHappensWithoutKMembers',
  },
  {
    bug: 'a confirmation outlives the account that gave it',
    contract: 'Council',
    suite: 'Council',
    from: 'if (account == address(0) || account != _accountOf(member)) continue;',
    to: 'if (account == address(0)) continue;',
    breaks: 'invariant_nothingHappensWithoutKMembers',
  },
  {
    bug: 'what was executed stays open',
    contract: 'Council',
    suite: 'Council',
    from: 'entry.executed = true;',
    to: '',
    breaks: 'invariant_aProposalIsExecutedOnce',
  },
  {
    bug: 'fewer than k members are left',
    contract: 'Council',
    suite: 'Council',
    from: '_members.pop();\n        _checkThreshold(threshold);',
    to: '_members.pop();',
    breaks: 'invariant_theCouncilCanAlwaysDecide',
  },
  {
    bug: 'anyone, the deployer too, changes the council',
    contract: 'Council',
    suite: 'Council',
    from: 'require(msg.sender == address(this), CouncilNotItself(msg.sender));',
    to: '',
    breaks: 'invariant_nobodyActsAlone',
  },
  {
    bug: 'a called contract confirms on',
    contract: 'Council',
    suite: 'Council',
    from: 'function confirm(bytes32 id) external nonReentrant {',
    to: 'function confirm(bytes32 id) external {',
    breaks: 'invariant_nothingIsConfirmedFromWithin',
  },
  {
    bug: 'one hospital takes k seats',
    contract: 'KeyCommittee',
    suite: 'Committee',
    from: 'require(seats < k, KeyCommitteeTooManySeats(roots[i], seats, k));',
    to: '',
    breaks: 'invariant_noHospitalOpensAlone',
  },
  {
    bug: 'k confirmations are enough',
    contract: 'KeyCommittee',
    suite: 'Committee',
    from: 'if (entry.confirmations < entry.members.length) return;',
    to: 'if (entry.confirmations < entry.k) return;',
    breaks: 'invariant_anEpochServesOnlyWhenAllConfirmed',
  },
]
