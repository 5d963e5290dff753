// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ConsentDecision} from "./base/ConsentDecision.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {IRecordRegistry} from "./interfaces/IRecordRegistry.sol";
import {ConsentMessages} from "./libraries/ConsentMessages.sol";
import {ConsentSlot} from "./libraries/ConsentSlot.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {Authorization, Consent, ConsentState, Terms} from "./types/Consents.sol";
import {NO_RECORD, OrganizationId, Pseudonym, RecordId} from "./types/Ids.sol";

// Structs in memory: each field of one in calldata is checked anew whenever it is read.
/* solhint-disable gas-calldata-parameters */

/// @title Consent registry
/// @notice One slot a consent, and the one place that decides.
contract ConsentRegistry is ConsentDecision, EIP712 {
    uint40 private constant _MAX_CARRYING = 15 minutes;
    uint256 private constant _MAX_BATCH = 64;

    modifier onlyController(Pseudonym pseudonym) {
        require(_PATIENTS.controllerOf(pseudonym) == msg.sender, ConsentNotController(pseudonym, msg.sender));
        _;
    }

    /// @notice Decides about the patients, records, and affiliations of these registries.
    constructor(
        IPatientRegistry patients,
        IRecordRegistry records,
        IActorRegistry actors
    ) ConsentDecision(patients, records, actors) EIP712("Sharewell", "1") {}

    /// @inheritdoc IConsentRegistry
    function grant(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Terms memory terms
    ) external onlyController(pseudonym) {
        _permit(pseudonym, granteeId, recordId, ConsentSlot.pack(terms), block.timestamp);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external onlyController(pseudonym) {
        _revoke(pseudonym, granteeId, recordId);
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
    function grantMany(Pseudonym pseudonym, Consent[] calldata consents) external onlyController(pseudonym) {
        _checkBatch(consents.length);
        for (uint256 i = 0; i < consents.length; ++i) {
            Consent calldata one = consents[i];
            _permit(pseudonym, one.granteeId, one.recordId, one.terms, block.timestamp);
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
        _authorize(pseudonym, controller, signed, authorization);
        _permitSigned(pseudonym, granteeId, recordId, ConsentSlot.pack(terms), authorization.signedAt);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata authorization
    ) external {
        _authorizeClose(ConsentMessages.REVOKE, pseudonym, granteeId, recordId, authorization);
        _revoke(pseudonym, granteeId, recordId);
    }

    /// @inheritdoc IConsentRegistry
    function denyBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata authorization
    ) external {
        _authorizeClose(ConsentMessages.DENY, pseudonym, granteeId, recordId, authorization);
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
        _authorize(pseudonym, controller, signed, authorization);
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
        _authorize(pseudonym, controller, signed, authorization);
        _checkBatch(consents.length);
        for (uint256 i = 0; i < consents.length; ++i) {
            Consent calldata one = consents[i];
            _permitSigned(pseudonym, one.granteeId, one.recordId, one.terms, authorization.signedAt);
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
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        uint256 terms,
        uint40 signedAt
    ) private {
        _checkYounger(pseudonym, granteeId, Derivation.consentKey(pseudonym, granteeId, recordId), signedAt);
        _permit(pseudonym, granteeId, recordId, terms, signedAt);
    }

    /// @dev `terms` as ConsentSlot packs them.
    function _permit(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        uint256 terms,
        uint256 decidedAt
    ) private {
        _checkTerms(recordId, terms);
        _checkScope(pseudonym, granteeId, recordId);
        uint256 word = ConsentSlot.enter(terms, ConsentState.Permit, decidedAt);
        _slots[Derivation.consentKey(pseudonym, granteeId, recordId)] = word;
        emit Granted(pseudonym, granteeId, recordId, word);
    }

    function _revoke(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) private {
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

    function _authorizeClose(
        bytes32 typeHash,
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata authorization
    ) private {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = ConsentMessages.hashClose(typeHash, pseudonym, controller, granteeId, recordId, authorization);
        _authorize(pseudonym, controller, signed, authorization);
    }

    /// @dev Whether who decides now signed exactly this, for now, and for the first time.
    function _authorize(
        Pseudonym pseudonym,
        address controller,
        bytes32 signed,
        Authorization calldata authorization
    ) private {
        (uint40 signedAt, uint40 deadline) = (authorization.signedAt, authorization.deadline);
        require(signedAt <= block.timestamp, ConsentNotYetSigned(signedAt));
        require(block.timestamp <= deadline, ConsentDeadlineOver(deadline));
        // No overflow: signedAt is not after the block.
        uint40 latest = signedAt + _MAX_CARRYING;
        require(deadline <= latest, ConsentDeadlineTooFar(deadline, latest));
        _spend(pseudonym, authorization.nonce);
        bool valid = _isSigned(controller, _hashTypedDataV4(signed), authorization.signature);
        require(valid, ConsentBadSignature(pseudonym, controller));
    }

    /// @dev By key first: an account that has both a key and code (EIP-7702) signs with its key.
    function _isSigned(address controller, bytes32 digest, bytes memory signature) private view returns (bool) {
        // The third is the failure's argument, and every failure is a no.
        // slither-disable-next-line unused-return
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && signer == controller) return true;
        // An account without code answers nothing, which is no.
        return SignatureChecker.isValidERC1271SignatureNow(controller, digest, signature);
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
        // Nothing above the categories: no limit of uses, and no bit that belongs to the slot.
        if (terms >> 128 != 0) revert ConsentUseLimit(terms >> 128);
    }

    function _checkBatch(uint256 count) private pure {
        require(count != 0 && count <= _MAX_BATCH, ConsentBadBatch(count));
    }
}
