// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ConsentDecision} from "./base/ConsentDecision.sol";
import {ConsentUses} from "./base/ConsentUses.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IDelegations} from "./interfaces/IDelegations.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {IRecordRegistry} from "./interfaces/IRecordRegistry.sol";
import {ConsentMessages} from "./libraries/ConsentMessages.sol";
import {ConsentSlot} from "./libraries/ConsentSlot.sol";
import {DelegationSlot} from "./libraries/DelegationSlot.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Authorization, Consent, ConsentState, Terms} from "./types/Consents.sol";
import {NO_RECORD, OrganizationId, Pseudonym, RecordId} from "./types/Ids.sol";

// Structs in memory: each field of one in calldata is checked anew whenever it is read.
/* solhint-disable gas-calldata-parameters */

/// @title Consent registry
/// @notice One slot a consent, and the one place that decides.
contract ConsentRegistry is ConsentUses, EIP712 {
    uint40 private constant _MAX_CARRYING = 15 minutes;
    uint256 private constant _MAX_BATCH = 64;

    modifier onlyController(Pseudonym pseudonym) {
        require(_PATIENTS.controllerOf(pseudonym) == msg.sender, ConsentNotController(pseudonym, msg.sender));
        _;
    }

    /// @notice Decides about the patients, records, affiliations, and delegates of these registries.
    constructor(
        IPatientRegistry patients,
        IRecordRegistry records,
        IActorRegistry actors,
        IDelegations delegations
    ) ConsentDecision(patients, records, actors, delegations) EIP712("Sharewell", "1") {}

    /// @inheritdoc IConsentRegistry
    function grant(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId, Terms memory terms) external {
        uint256 by = _deciderOf(pseudonym, msg.sender);
        bytes32 key = Derivation.consentKey(pseudonym, granteeId, recordId);
        _permit(by, pseudonym, granteeId, recordId, key, ConsentSlot.pack(terms), _slots[key], block.timestamp);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external {
        _revoke(_deciderOf(pseudonym, msg.sender), pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function deny(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external onlyController(pseudonym) {
        _deny(pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function revokeAll(Pseudonym pseudonym, bytes32 granteeId) external onlyController(pseudonym) {
        _revokeAll(pseudonym, granteeId);
    }

    /// @inheritdoc IConsentRegistry
    function grantMany(Pseudonym pseudonym, Consent[] calldata consents) external {
        uint256 by = _deciderOf(pseudonym, msg.sender);
        _checkBatch(consents.length);
        for (uint256 i = 0; i < consents.length; ++i) {
            Consent calldata one = consents[i];
            bytes32 key = Derivation.consentKey(pseudonym, one.granteeId, one.recordId);
            _permit(by, pseudonym, one.granteeId, one.recordId, key, one.terms, _slots[key], block.timestamp);
        }
    }

    /// @inheritdoc IConsentRegistry
    function grantBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Terms memory terms,
        Authorization calldata authorization
    ) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = ConsentMessages.hashGrant(pseudonym, controller, granteeId, recordId, terms, authorization);
        uint256 by = _authorize(pseudonym, controller, signed, authorization);
        _permitSigned(by, pseudonym, granteeId, recordId, ConsentSlot.pack(terms), authorization.signedAt);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata authorization
    ) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = ConsentMessages.hashClose(
            ConsentMessages.REVOKE,
            pseudonym,
            controller,
            granteeId,
            recordId,
            authorization
        );
        uint256 by = _authorize(pseudonym, controller, signed, authorization);
        _revoke(by, pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function denyBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata authorization
    ) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = ConsentMessages.hashClose(
            ConsentMessages.DENY,
            pseudonym,
            controller,
            granteeId,
            recordId,
            authorization
        );
        _authorizeController(pseudonym, controller, signed, authorization);
        _deny(pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function revokeAllBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        Authorization calldata authorization
    ) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = ConsentMessages.hashRevokeAll(pseudonym, controller, granteeId, authorization);
        _authorizeController(pseudonym, controller, signed, authorization);
        _revokeAll(pseudonym, granteeId);
    }

    /// @inheritdoc IConsentRegistry
    function grantManyBySignature(
        Pseudonym pseudonym,
        Consent[] calldata consents,
        Authorization calldata authorization
    ) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = ConsentMessages.hashGrantMany(pseudonym, controller, consents, authorization);
        uint256 by = _authorize(pseudonym, controller, signed, authorization);
        _checkBatch(consents.length);
        for (uint256 i = 0; i < consents.length; ++i) {
            Consent calldata one = consents[i];
            _permitSigned(by, pseudonym, one.granteeId, one.recordId, one.terms, authorization.signedAt);
        }
    }

    /// @inheritdoc IConsentRegistry
    function cancelNonce(Pseudonym pseudonym, uint256 nonce) external onlyController(pseudonym) {
        _spend(pseudonym, nonce);
        emit NonceCancelled(pseudonym, nonce);
    }

    /// @inheritdoc IConsentRegistry
    function keyOf(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external pure returns (bytes32) {
        return Derivation.consentKey(pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function personId(address account, bytes32 salt) external pure returns (bytes32) {
        return Derivation.granteeId(Derivation.PERSON, bytes32(uint256(uint160(account))), salt);
    }

    /// @inheritdoc IConsentRegistry
    function groupId(OrganizationId organization, uint8 role, bytes32 salt) external pure returns (bytes32) {
        (uint8 kind, bytes32 value) = Derivation.group(organization, role);
        return Derivation.granteeId(kind, value, salt);
    }

    function _permitSigned(
        uint256 by,
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        uint256 terms,
        uint40 signedAt
    ) private {
        bytes32 key = Derivation.consentKey(pseudonym, granteeId, recordId);
        uint256 old = _slots[key];
        _checkYounger(pseudonym, granteeId, key, old, signedAt);
        _permit(by, pseudonym, granteeId, recordId, key, terms, old, signedAt);
    }

    /// @dev `terms` as ConsentSlot packs them.
    function _permit(
        uint256 by,
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        bytes32 key,
        uint256 terms,
        uint256 old,
        uint256 decidedAt
    ) private {
        _checkTerms(recordId, terms);
        _checkScope(pseudonym, granteeId, recordId);
        if (by != 0) _checkGrant(by, pseudonym, granteeId, recordId, key, terms, old);
        uint256 word = ConsentSlot.permit(terms, old, decidedAt);
        _slots[key] = word;
        emit Granted(pseudonym, granteeId, recordId, word);
    }

    function _revoke(uint256 by, Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) private {
        if (by != 0) {
            bytes32 key = Derivation.consentKey(pseudonym, granteeId, recordId);
            uint256 slot = _slots[key];
            ConsentState state = ConsentSlot.state(slot);
            require(state != ConsentState.Denied, ConsentDeniedByController(key));
            // slither-disable-next-line incorrect-equality
            require(state == ConsentState.Permit, ConsentNothingToRevoke(key));
            bool within = _isWithin(by, recordId, slot);
            require(within, ConsentBeyondDelegation(pseudonym, DelegationSlot.accountOf(by)));
        }
        _close(pseudonym, granteeId, recordId, ConsentState.Revoked);
        emit Revoked(pseudonym, granteeId, recordId);
    }

    function _deny(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) private {
        _checkScope(pseudonym, granteeId, recordId);
        _close(pseudonym, granteeId, recordId, ConsentState.Denied);
        emit Denied(pseudonym, granteeId, recordId);
    }

    function _revokeAll(Pseudonym pseudonym, bytes32 granteeId) private {
        _setFloor(pseudonym, granteeId);
        emit RevokedAll(pseudonym, granteeId);
    }

    /// @dev Ends whatever the slot said and keeps what it was about for the history.
    function _close(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId, ConsentState state) private {
        require(granteeId != 0, ConsentNoGrantee());
        bytes32 key = Derivation.consentKey(pseudonym, granteeId, recordId);
        _slots[key] = ConsentSlot.enter(_slots[key], state, block.timestamp);
    }

    /// @dev Who decides now and signed exactly this, for now, and for the first time: 0 for the controller, else the word
    /// of a delegate (DelegationSlot.decider).
    function _authorize(
        Pseudonym pseudonym,
        address controller,
        bytes32 signed,
        Authorization calldata authorization
    ) private returns (uint256 by) {
        bytes32 digest = _open(pseudonym, signed, authorization);
        address signer = Signatures.signerOf(digest, authorization.signature);
        if (signer == controller && signer != address(0)) return 0;
        uint256 word = _delegationOf(pseudonym, signer);
        // What a delegate signed before it was named, or named again, is as dead as it was then.
        if (word != 0 && authorization.signedAt > DelegationSlot.changedAt(word))
            return DelegationSlot.decider(word, signer);
        bool valid = Signatures.isSignedByContract(controller, digest, authorization.signature);
        require(valid, ConsentBadSignature(pseudonym, controller));
    }

    /// @dev The same for what is the controller's alone.
    function _authorizeController(
        Pseudonym pseudonym,
        address controller,
        bytes32 signed,
        Authorization calldata authorization
    ) private {
        bytes32 digest = _open(pseudonym, signed, authorization);
        bool valid = Signatures.isSigned(controller, digest, authorization.signature);
        require(valid, ConsentBadSignature(pseudonym, controller));
    }

    /// @dev Checks the times, spends the nonce, and gives what must have been signed.
    function _open(
        Pseudonym pseudonym,
        bytes32 signed,
        Authorization calldata authorization
    ) private returns (bytes32 digest) {
        (uint40 signedAt, uint40 deadline) = (authorization.signedAt, authorization.deadline);
        require(signedAt <= block.timestamp, ConsentNotYetSigned(signedAt));
        require(block.timestamp <= deadline, ConsentDeadlineOver(deadline));
        // No overflow: signedAt is not after the block.
        uint40 latest = signedAt + _MAX_CARRYING;
        require(deadline <= latest, ConsentDeadlineTooFar(deadline, latest));
        _spend(pseudonym, authorization.nonce);
        return _hashTypedDataV4(signed);
    }

    /// @dev Who decides by an own transaction: 0 for the controller, or the word of a delegate that may consent.
    function _deciderOf(Pseudonym pseudonym, address account) private view returns (uint256 by) {
        if (_PATIENTS.controllerOf(pseudonym) == account) return 0;
        uint256 word = _delegationOf(pseudonym, account);
        require(word != 0, ConsentNotController(pseudonym, account));
        return DelegationSlot.decider(word, account);
    }

    /// @dev The delegation of who may consent for the pseudonym now; 0 for anyone else.
    function _delegationOf(Pseudonym pseudonym, address account) private view returns (uint256) {
        // The key is for who decides about reading.
        // slither-disable-next-line unused-return
        (uint256 word, ) = _DELEGATIONS.wordOf(pseudonym, account);
        return DelegationSlot.grants(word) != 0 && block.timestamp < DelegationSlot.until(word) ? word : 0;
    }

    /// @dev A delegate permits within its limits, never longer than it is one, and never over a denial.
    function _checkGrant(
        uint256 by,
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        bytes32 key,
        uint256 terms,
        uint256 old
    ) private view {
        require(ConsentSlot.state(old) != ConsentState.Denied, ConsentDeniedByController(key));
        bool itself = granteeId == Derivation.granteeId(Derivation.PERSON, bytes32(by >> 96), 0);
        bool within = !itself && ConsentSlot.until(terms) <= DelegationSlot.until(by) && _isWithin(by, recordId, terms);
        require(within, ConsentBeyondDelegation(pseudonym, DelegationSlot.accountOf(by)));
    }

    /// @dev Whether a delegate may consent for all these purposes and categories, or the record's category.
    function _isWithin(uint256 limits, RecordId recordId, uint256 terms) private view returns (bool) {
        if (ConsentSlot.purposes(terms) & ~DelegationSlot.grants(limits) != 0) return false;
        uint32 categories = ConsentSlot.categories(terms);
        if (recordId != NO_RECORD) {
            // Whose record it is, was checked with the scope.
            // slither-disable-next-line unused-return
            (, uint8 category, ) = _RECORDS.scopeOf(recordId);
            categories = uint32(1) << category;
        }
        // Bits of a word.
        // slither-disable-next-line incorrect-equality
        return categories & ~DelegationSlot.categories(limits) == 0;
    }

    function _checkScope(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) private view {
        require(granteeId != 0, ConsentNoGrantee());
        if (recordId == NO_RECORD) return;
        require(_RECORDS.pseudonymOf(recordId) == pseudonym, ConsentNotItsRecord(pseudonym, recordId));
    }

    function _checkTerms(RecordId recordId, uint256 terms) private view {
        (uint40 from, uint40 until) = (ConsentSlot.from(terms), ConsentSlot.until(terms));
        if (from >= until) revert ConsentEmptyTime(from, until);
        if (block.timestamp >= until) revert ConsentAlreadyOver(until);
        uint16 purposes = ConsentSlot.purposes(terms);
        if (purposes & Purposes.BREAK_GLASS != 0) revert ConsentBreakGlass();
        if (purposes == 0 || purposes > Purposes.ALL) revert ConsentBadPurposes(purposes);
        uint32 categories = ConsentSlot.categories(terms);
        if ((recordId == NO_RECORD) == (categories == 0)) revert ConsentBadCategories(recordId, categories);
        // Nothing above the use limit: no bit that belongs to the slot.
        if (terms >> 144 != 0) revert ConsentBadTerms(terms);
    }

    function _checkBatch(uint256 count) private pure {
        require(count != 0 && count <= _MAX_BATCH, ConsentBadBatch(count));
    }
}
