// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {IRecordRegistry} from "./interfaces/IRecordRegistry.sol";
import {ConsentSlot} from "./libraries/ConsentSlot.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {ConsentState, Decision, Query, Slot, Terms} from "./types/Consents.sol";
import {NO_PSEUDONYM, NO_RECORD, Pseudonym, RecordId} from "./types/Ids.sol";

// Terms in memory save 2,200 gas a grant, because they are read three times.
/* solhint-disable gas-calldata-parameters */

/// @title Consent registry
/// @notice One slot a consent, and the one place that decides.
contract ConsentRegistry is IConsentRegistry {
    uint8 private constant _PERSON = 1;

    IPatientRegistry private immutable _PATIENTS;
    IRecordRegistry private immutable _RECORDS;

    mapping(bytes32 key => uint256 word) private _slots;
    mapping(Pseudonym pseudonym => mapping(bytes32 granteeId => uint40 at)) private _floors;

    modifier onlyController(Pseudonym pseudonym) {
        require(_PATIENTS.controllerOf(pseudonym) == msg.sender, ConsentNotController(pseudonym, msg.sender));
        _;
    }

    /// @notice Decides about the patients and records of these registries.
    constructor(IPatientRegistry patients, IRecordRegistry records) {
        _PATIENTS = patients;
        _RECORDS = records;
    }

    /// @inheritdoc IConsentRegistry
    function grant(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Terms memory terms
    ) external onlyController(pseudonym) {
        _checkTerms(recordId, terms);
        _checkScope(pseudonym, granteeId, recordId);
        bytes32 key = Derivation.consentKey(pseudonym, granteeId, recordId);
        _slots[key] = ConsentSlot.permit(terms, block.timestamp);
        emit Granted(pseudonym, granteeId, recordId, terms.from, terms.until, terms.purposes, terms.categories, 0);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external onlyController(pseudonym) {
        _close(pseudonym, granteeId, recordId, ConsentState.Revoked);
        emit Revoked(pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function deny(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external onlyController(pseudonym) {
        _checkScope(pseudonym, granteeId, recordId);
        _close(pseudonym, granteeId, recordId, ConsentState.Denied);
        emit Denied(pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function revokeAll(Pseudonym pseudonym, bytes32 granteeId) external onlyController(pseudonym) {
        _floors[pseudonym][granteeId] = uint40(block.timestamp);
        emit RevokedAll(pseudonym, granteeId);
    }

    /// @inheritdoc IConsentRegistry
    function decide(Query calldata query) external view returns (Decision code, bytes32 key) {
        code = _facts(query);
        if (code != Decision.Permit) return (code, 0);

        code = Decision.NoConsent;
        bool permitted;
        // The bare id is always looked at too: a reader must not escape a denial by choosing a salt.
        for (uint256 bare = 0; bare < (query.salt == 0 ? 1 : 2); ++bare) {
            bytes32 grantee = personId(query.reader, bare == 0 ? query.salt : bytes32(0));
            for (uint256 wide = query.recordId == NO_RECORD ? 1 : 0; wide < 2; ++wide) {
                RecordId scope = wide == 0 ? query.recordId : NO_RECORD;
                bytes32 slotKey = Derivation.consentKey(query.pseudonym, grantee, scope);
                Decision found = _judge(query, grantee, ConsentSlot.read(_slots[slotKey]), wide == 1);
                if (found == Decision.Denied) return (found, slotKey);
                if (found == Decision.Permit && !permitted) {
                    (permitted, key) = (true, slotKey);
                } else if (!permitted && found > code) {
                    (code, key) = (found, slotKey);
                }
            }
        }
        if (permitted) code = Decision.Permit;
    }

    /// @inheritdoc IConsentRegistry
    function slotOf(bytes32 key) external view returns (Slot memory) {
        return ConsentSlot.read(_slots[key]);
    }

    /// @inheritdoc IConsentRegistry
    function floorOf(Pseudonym pseudonym, bytes32 granteeId) external view returns (uint40) {
        return _floors[pseudonym][granteeId];
    }

    /// @inheritdoc IConsentRegistry
    function keyOf(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external pure returns (bytes32) {
        return Derivation.consentKey(pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function personId(address account, bytes32 salt) public pure returns (bytes32) {
        return Derivation.granteeId(_PERSON, bytes32(uint256(uint160(account))), salt);
    }

    /// @dev Ends whatever the slot said and keeps what it was about for the history.
    function _close(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId, ConsentState state) private {
        require(granteeId != 0, ConsentNoGrantee());
        bytes32 key = Derivation.consentKey(pseudonym, granteeId, recordId);
        _slots[key] = ConsentSlot.close(_slots[key], state, block.timestamp);
    }

    function _checkScope(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) private view {
        require(granteeId != 0, ConsentNoGrantee());
        if (recordId == NO_RECORD) return;
        require(_RECORDS.pseudonymOf(recordId) == pseudonym, ConsentNotItsRecord(pseudonym, recordId));
    }

    function _checkTerms(RecordId recordId, Terms memory terms) private view {
        require(terms.from < terms.until, ConsentEmptyTime(terms.from, terms.until));
        require(block.timestamp < terms.until, ConsentAlreadyOver(terms.until));
        uint16 purposes = terms.purposes;
        require(purposes & Purposes.BREAK_GLASS == 0, ConsentBreakGlass());
        require(purposes != 0 && purposes <= Purposes.ALL, ConsentBadPurposes(purposes));
        bool fits = (recordId == NO_RECORD) == (terms.categories != 0);
        require(fits, ConsentBadCategories(recordId, terms.categories));
        require(terms.useLimit == 0, ConsentUseLimit(terms.useLimit));
    }

    /// @dev What is wrong with the question itself; Permit if nothing.
    function _facts(Query calldata query) private view returns (Decision) {
        if (_PATIENTS.controllerOf(query.pseudonym) == address(0)) return Decision.UnknownPseudonym;
        if (query.recordId != NO_RECORD) {
            (Pseudonym owner, uint8 category, bool erased) = _RECORDS.scopeOf(query.recordId);
            if (owner == NO_PSEUDONYM) return Decision.UnknownRecord;
            if (erased) return Decision.Erased;
            if (owner != query.pseudonym) return Decision.WrongPseudonym;
            if (category != query.categoryBit) return Decision.WrongCategory;
        }
        if (query.categoryBit > 31) return Decision.WrongCategory;
        return Purposes.isConsentable(query.purpose) ? Decision.Permit : Decision.UnknownPurpose;
    }

    /// @dev What one slot says to the question; of several reasons against it, the last in Decision.
    function _judge(
        Query calldata query,
        bytes32 grantee,
        Slot memory slot,
        bool wide
    ) private view returns (Decision) {
        if (slot.state == ConsentState.None) return Decision.NoConsent;
        if (slot.state == ConsentState.Denied) return Decision.Denied;
        if (slot.state == ConsentState.Revoked) return Decision.Revoked;
        mapping(bytes32 granteeId => uint40 at) storage floors = _floors[query.pseudonym];
        if (slot.changedAt <= floors[grantee] || slot.changedAt <= floors[0]) return Decision.Revoked;
        if ((slot.purposes >> query.purpose) & 1 == 0) return Decision.WrongPurpose;
        if (query.at >= slot.until) return Decision.Expired;
        if (query.at < slot.from) return Decision.NotYetValid;
        if (wide && (slot.categories >> query.categoryBit) & 1 == 0) return Decision.OtherCategories;
        return Decision.Permit;
    }
}
