import type { Bug } from '../planting.ts'

/** A bug, and a history that meets it soon. */
export type PlantedBug = Bug & { readonly seed: number }

const decision = { contract: 'base/ConsentDecision', through: ['base/ConsentUses', 'ConsentRegistry'] }
const uses = { contract: 'base/ConsentUses', through: ['ConsentRegistry'] }
const store = {
  contract: 'base/ConsentStore',
  through: ['base/ConsentDecision', 'base/ConsentUses', 'ConsentRegistry'],
}
const registry = { contract: 'ConsentRegistry' }

/** Bugs of the registry that a comparison with the model must find. */
export const bugs: readonly PlantedBug[] = [
  {
    bug: 'anyone signs for a patient',
    seed: 18,
    ...registry,
    from: 'bool valid = Signatures.isSignedByContract(controller, digest, authorization.signature);',
    to: 'bool valid = true;',
  },
  {
    bug: 'a grant that was held back undoes a revocation',
    seed: 1,
    ...store,
    from: 'require(signedAt > decidedAt, ConsentOlder(key, signedAt, decidedAt));',
    to: '',
  },
  {
    bug: 'a grant of the same second counts as younger',
    seed: 1,
    ...store,
    from: 'require(signedAt > decidedAt,',
    to: 'require(signedAt >= decidedAt,',
  },
  {
    bug: 'a grant that was held back survives the end of everything',
    seed: 17,
    ...store,
    from: 'floor = floorOf(pseudonym, 0);',
    to: '',
  },
  {
    bug: 'a signed grant counts from its block on',
    seed: 14,
    ...registry,
    from: '_permit(by, pseudonym, granteeId, recordId, key, terms, old, signedAt);',
    to: '_permit(by, pseudonym, granteeId, recordId, key, terms, old, block.timestamp);',
  },
  {
    bug: 'a batch by signature is not held against later decisions',
    seed: 1,
    ...registry,
    from: '_permitSigned(by, pseudonym, one.granteeId, one.recordId, one.terms, authorization.signedAt);',
    to: 'bytes32 key = Derivation.consentKey(pseudonym, one.granteeId, one.recordId);\n_permit(by, pseudonym, one.granteeId, one.recordId, key, one.terms, _slots[key], authorization.signedAt);',
  },
  {
    bug: 'a signature counts again and again',
    seed: 2,
    ...store,
    from: '_nonces[pseudonym][nonce >> 8] = word | (1 << bit);',
    to: 'word;',
  },
  {
    bug: 'the end of everything forgets which nonces were used',
    seed: 18,
    ...store,
    from: '((word >> _FIRST_NONCE) << _FIRST_NONCE) | uint40(block.timestamp)',
    to: 'word & 0 | uint40(block.timestamp)',
  },
  {
    bug: 'a signature may be carried for ever',
    seed: 1,
    ...registry,
    from: 'require(deadline <= latest, ConsentDeadlineTooFar(deadline, latest));',
    to: '',
  },
  {
    bug: 'an end of sharing with one is forgotten',
    seed: 6,
    ...store,
    from: 'changedAt <= _floors[pseudonym][granteeId] || changedAt',
    to: 'changedAt',
  },
  {
    bug: 'who left an organization still reads',
    seed: 14,
    ...decision,
    from: 'if (!held.live) found = found == Decision.Permit ? Decision.NotAffiliated : Decision.NoConsent;',
    to: '',
  },
  {
    bug: 'who left an organization still reads along a path',
    seed: 1,
    ...decision,
    from: 'bool own = held.live && held.account == reader',
    to: 'bool own = held.account == reader',
  },
  {
    bug: 'another’s affiliation counts',
    seed: 1,
    ...decision,
    from: 'held.live && held.account == reader &&',
    to: 'held.live &&',
  },
  {
    bug: 'every role counts along a path',
    seed: 2,
    ...decision,
    from: '(role < _ROLES && (held.roles >> role) & 1 == 1)',
    to: 'role < _ROLES',
  },
  {
    bug: 'a denial in an organization’s slot binds its people',
    seed: 3,
    ...decision,
    from: 'if (found == Decision.Denied && kind != Derivation.PERSON) found = Decision.Revoked;',
    to: '',
  },
  {
    bug: 'a salt gets round a denial',
    seed: 2,
    ...decision,
    from: '(Decision found, bytes32 slotKey) = _askId(query, kind, Derivation.granteeId(kind, value, 0), scopes);',
    to: 'if (query.salt != 0) return (code, key);\n(Decision found, bytes32 slotKey) = _askId(query, kind, Derivation.granteeId(kind, value, 0), scopes);',
  },
  {
    bug: 'along a path, a denial counts in the scope of the path only',
    seed: 7,
    ...decision,
    from: 'if (!asked && kind != Derivation.PERSON) continue;',
    to: 'if (!asked) continue;',
  },
  {
    bug: 'a use of a consent is not counted',
    seed: 2,
    ...uses,
    from: '_slots[key] = ConsentSlot.use(slot);',
    to: '',
  },
  {
    bug: 'a use is counted as often as it is sent',
    seed: 2,
    ...uses,
    from: 'require(use.number == counted, ConsentUseTaken(key, use.number, counted));',
    to: 'counted;',
  },
  {
    bug: 'a consent is used once more than it allows',
    seed: 2,
    ...uses,
    from: 'require(!ConsentSlot.isUsedUp(slot), ConsentUsedUp(key));',
    to: '',
  },
  {
    bug: 'strangers use up what others may read',
    seed: 1,
    ...uses,
    from: 'require(_isPlace(held, reader, use.level, use.role), ConsentNotAffiliated(use.credentialId, reader));',
    to: '',
  },
  {
    bug: 'what was used up still permits',
    seed: 2,
    ...decision,
    from: 'ConsentSlot.isUsedUp(slot) ? Decision.UsedUp : Decision.Permit',
    to: 'Decision.Permit',
  },
  {
    bug: 'a delegation never ends',
    seed: 3,
    ...decision,
    from: 'if (query.at >= until) return (Decision.Expired, key);',
    to: '',
  },
  {
    bug: 'a delegate reads for every purpose',
    seed: 7,
    ...decision,
    from: 'if ((DelegationSlot.reads(word) >> query.purpose) & 1 == 0) return (Decision.WrongPurpose, key);',
    to: '',
  },
  {
    bug: 'a delegate undoes a denial',
    seed: 14,
    ...registry,
    from: 'require(ConsentSlot.state(old) != ConsentState.Denied, ConsentDeniedByController(key));',
    to: 'old;',
  },
  {
    bug: 'a delegate consents for longer than it is one',
    seed: 1,
    ...registry,
    from: 'ConsentSlot.until(terms) <= DelegationSlot.until(by) &&',
    to: '',
  },
  {
    bug: 'a delegate consents to every purpose',
    seed: 10,
    ...registry,
    from: 'if (ConsentSlot.purposes(terms) & ~DelegationSlot.grants(limits) != 0) return false;',
    to: '',
  },
  {
    bug: 'what a delegate signed before it was named anew is alive',
    seed: 13,
    ...registry,
    from: 'if (word != 0 && authorization.signedAt > DelegationSlot.changedAt(word))',
    to: 'if (word != 0)',
  },
  {
    bug: 'the organization uppermost is not looked at',
    seed: 9,
    ...decision,
    from: 'level < _LEVELS && held.path[level] != NO_ORGANIZATION',
    to: 'level + 1 < _LEVELS && held.path[level] != NO_ORGANIZATION',
  },
]
