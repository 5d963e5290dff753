// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IActorRegistry} from "../interfaces/IActorRegistry.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IDelegations} from "../interfaces/IDelegations.sol";
import {IPatientRegistry} from "../interfaces/IPatientRegistry.sol";
import {IRecordRegistry} from "../interfaces/IRecordRegistry.sol";
import {ConsentSlot} from "../libraries/ConsentSlot.sol";
import {DelegationSlot} from "../libraries/DelegationSlot.sol";
import {Derivation} from "../libraries/Derivation.sol";
import {Purposes} from "../libraries/Purposes.sol";
import {Affiliation} from "../types/Actors.sol";
import {ConsentState, Decision, Path, Query} from "../types/Consents.sol";
import {NO_ORGANIZATION, NO_PSEUDONYM, NO_RECORD, Pseudonym} from "../types/Ids.sol";
import {ConsentStore} from "./ConsentStore.sol";

// Structs in memory: each field of one in calldata is checked anew whenever it is read.
/* solhint-disable gas-calldata-parameters */

/// @title Consent decision
/// @notice The one place that decides: `decide` looks everywhere, `decideAlong` at one slot.
abstract contract ConsentDecision is ConsentStore {
    uint256 private constant _LEVELS = 4;
    uint256 private constant _ROLES = 32;
    /// @dev Scopes of a grantee's slots, as a mask.
    uint256 private constant _NONE = 0;
    uint256 private constant _RECORD = 1;
    uint256 private constant _WIDE = 2;
    uint256 private constant _BOTH = 3;

    IPatientRegistry internal immutable _PATIENTS;
    IRecordRegistry internal immutable _RECORDS;
    IDelegations internal immutable _DELEGATIONS;
    IActorRegistry internal immutable _ACTORS;

    constructor(IPatientRegistry patients, IRecordRegistry records, IActorRegistry actors, IDelegations delegations) {
        _PATIENTS = patients;
        _RECORDS = records;
        _ACTORS = actors;
        _DELEGATIONS = delegations;
    }

    /// @inheritdoc IConsentRegistry
    function decide(Query memory query) external view returns (Decision code, bytes32 key) {
        code = _facts(query);
        if (code != Decision.Permit) return (code, 0);

        (code, key) = _ask(query, Derivation.PERSON, _person(query), _BOTH);
        if (code == Decision.Denied || code == Decision.Permit) return (code, key);
        (Decision said, bytes32 saidKey) = _askDelegation(query);
        if (_outranks(said, code)) (code, key) = (said, saidKey);
        bytes32[] memory ids = _ACTORS.credentialsOf(query.reader);
        for (uint256 i = 0; i < ids.length && code != Decision.Permit; ++i) {
            (Decision found, bytes32 slotKey) = _askGroups(query, _ACTORS.affiliationOf(ids[i], query.at));
            if (_outranks(found, code)) (code, key) = (found, slotKey);
        }
    }

    /// @inheritdoc IConsentRegistry
    function decideAlong(Query memory query, Path memory path) external view returns (Decision code, bytes32 key) {
        code = _facts(query);
        if (code != Decision.Permit) return (code, 0);

        uint256 scope = path.wide || query.recordId == NO_RECORD ? _WIDE : _RECORD;
        bool asDelegate = path.role == Derivation.AS_DELEGATE;
        if (path.credentialId == 0 && !asDelegate) return _ask(query, Derivation.PERSON, _person(query), scope);

        (code, key) = _ask(query, Derivation.PERSON, _person(query), _NONE);
        if (code == Decision.Denied) return (code, key);
        if (path.credentialId == 0) return _askDelegation(query);
        Affiliation memory held = _ACTORS.affiliationOf(path.credentialId, query.at);
        if (!_isPlace(held, query.reader, path.level, path.role)) return (Decision.NotAffiliated, 0);
        (uint8 kind, bytes32 value) = Derivation.group(held.path[path.level], path.role);
        return _ask(query, kind, value, scope);
    }

    /// @dev Whether the affiliation is the reader's, lives, reaches that level, and names that role.
    function _isPlace(Affiliation memory held, address reader, uint8 level, uint8 role) internal pure returns (bool) {
        bool own = held.live && held.account == reader && level < _LEVELS;
        // Numbers of roles and bits of a word, which nobody can shift by a wei.
        // slither-disable-next-line incorrect-equality
        bool named = role == Derivation.NO_ROLE || (role < _ROLES && (held.roles >> role) & 1 == 1);
        return own && named && held.path[level] != NO_ORGANIZATION;
    }

    /// @dev What is wrong with the question itself; Permit if nothing.
    function _facts(Query memory query) private view returns (Decision) {
        Pseudonym pseudonym = query.pseudonym;
        if (query.recordId == NO_RECORD) {
            if (_PATIENTS.controllerOf(pseudonym) == address(0)) return Decision.UnknownPseudonym;
        } else {
            (Pseudonym owner, uint8 category, bool erased) = _RECORDS.scopeOf(query.recordId);
            // Who has a record is registered, and is not asked for.
            if (owner != pseudonym || owner == NO_PSEUDONYM) {
                if (_PATIENTS.controllerOf(pseudonym) == address(0)) return Decision.UnknownPseudonym;
                if (owner == NO_PSEUDONYM) return Decision.UnknownRecord;
                return erased ? Decision.Erased : Decision.WrongPseudonym;
            }
            if (erased) return Decision.Erased;
            if (category != query.categoryBit) return Decision.WrongCategory;
        }
        if (query.categoryBit > 31) return Decision.WrongCategory;
        return Purposes.isConsentable(query.purpose) ? Decision.Permit : Decision.UnknownPurpose;
    }

    /// @dev What the delegation of the reader says, if there is one.
    function _askDelegation(Query memory query) private view returns (Decision code, bytes32 key) {
        uint256 word;
        (word, key) = _DELEGATIONS.wordOf(query.pseudonym, query.reader);
        if (word == 0) return (Decision.NoConsent, 0);
        uint40 until = DelegationSlot.until(word);
        if (until == 0) return (Decision.Revoked, key);
        // Who may only consent for others was told nothing about reading.
        if (DelegationSlot.reads(word) == 0) return (Decision.NoConsent, 0);
        if ((DelegationSlot.reads(word) >> query.purpose) & 1 == 0) return (Decision.WrongPurpose, key);
        if (query.at >= until) return (Decision.Expired, key);
        bool covered = (DelegationSlot.categories(word) >> query.categoryBit) & 1 == 1;
        return (covered ? Decision.Permit : Decision.OtherCategories, key);
    }

    /// @dev What consents to organizations and roles say to one affiliation, from its organization upward.
    function _askGroups(Query memory query, Affiliation memory held) private view returns (Decision code, bytes32 key) {
        code = Decision.NoConsent;
        for (uint256 level = 0; level < _LEVELS && held.path[level] != NO_ORGANIZATION; ++level) {
            // The organization itself, then each role.
            for (uint256 i = 0; i <= _ROLES; ++i) {
                if (i != 0 && (held.roles >> (i - 1)) & 1 == 0) continue;
                uint8 role = i == 0 ? Derivation.NO_ROLE : uint8(i - 1);
                (uint8 kind, bytes32 value) = Derivation.group(held.path[level], role);
                (Decision found, bytes32 slotKey) = _ask(query, kind, value, _BOTH);
                if (!held.live) found = found == Decision.Permit ? Decision.NotAffiliated : Decision.NoConsent;
                if (_outranks(found, code)) (code, key) = (found, slotKey);
            }
        }
    }

    /// @dev What the slots of one grantee in `scopes` say, under the salt and bare; a denial of a person counts in every
    /// scope. The bare id is always looked at: a reader must not escape a denial by choosing a salt.
    function _ask(
        Query memory query,
        uint8 kind,
        bytes32 value,
        uint256 scopes
    ) private view returns (Decision code, bytes32 key) {
        code = Decision.NoConsent;
        if (query.salt != 0) (code, key) = _askId(query, kind, Derivation.granteeId(kind, value, query.salt), scopes);
        (Decision found, bytes32 slotKey) = _askId(query, kind, Derivation.granteeId(kind, value, 0), scopes);
        if (_outranks(found, code)) (code, key) = (found, slotKey);
    }

    function _askId(
        Query memory query,
        uint8 kind,
        bytes32 granteeId,
        uint256 scopes
    ) private view returns (Decision code, bytes32 key) {
        code = Decision.NoConsent;
        for (uint256 scope = query.recordId == NO_RECORD ? _WIDE : _RECORD; scope <= _WIDE; ++scope) {
            bool asked = scopes & scope != 0;
            if (!asked && kind != Derivation.PERSON) continue;
            (Decision found, bytes32 slotKey) = _judge(query, granteeId, scope == _WIDE, asked);
            // Only a person is denied: else one denial would bind colleagues whom the patient consented to.
            if (found == Decision.Denied && kind != Derivation.PERSON) found = Decision.Revoked;
            if (_outranks(found, code)) (code, key) = (found, slotKey);
        }
    }

    /// @dev What one slot says to the question; of several reasons against it, the last in Decision. Where it is not
    /// `asked`, only whether it denies.
    // It compares states and bits of one word, which nobody can shift by a wei.
    // slither-disable-next-line incorrect-equality
    function _judge(
        Query memory query,
        bytes32 granteeId,
        bool wide,
        bool asked
    ) private view returns (Decision code, bytes32 key) {
        Pseudonym pseudonym = query.pseudonym;
        key = Derivation.consentKey(pseudonym, granteeId, wide ? NO_RECORD : query.recordId);
        uint256 slot = _slots[key];
        ConsentState state = ConsentSlot.state(slot);
        if (state == ConsentState.Denied) return (Decision.Denied, key);
        if (!asked || state == ConsentState.None) return (Decision.NoConsent, key);
        if (state == ConsentState.Revoked) return (Decision.Revoked, key);
        if (_isOver(pseudonym, granteeId, ConsentSlot.changedAt(slot))) return (Decision.Revoked, key);
        if ((ConsentSlot.purposes(slot) >> query.purpose) & 1 == 0) return (Decision.WrongPurpose, key);
        if (query.at >= ConsentSlot.until(slot)) return (Decision.Expired, key);
        if (query.at < ConsentSlot.from(slot)) return (Decision.NotYetValid, key);
        bool covered = !wide || (ConsentSlot.categories(slot) >> query.categoryBit) & 1 == 1;
        if (!covered) return (Decision.OtherCategories, key);
        return (ConsentSlot.isUsedUp(slot) ? Decision.UsedUp : Decision.Permit, key);
    }

    /// @dev A denial wins, then a permit, then the larger code; of equals the first that was found.
    function _outranks(Decision found, Decision code) private pure returns (bool) {
        if (code == Decision.Denied) return false;
        if (found == Decision.Denied) return true;
        if (code == Decision.Permit) return false;
        return found == Decision.Permit || found > code;
    }

    function _person(Query memory query) private pure returns (bytes32) {
        return bytes32(uint256(uint160(query.reader)));
    }
}
