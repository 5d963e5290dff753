// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Checkpoints} from "./base/Checkpoints.sol";
import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IKeyCommittee} from "./interfaces/IKeyCommittee.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {IReaderSessions} from "./interfaces/IReaderSessions.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Session} from "./types/Actors.sol";
import {Use} from "./types/Consents.sol";
import {NO_RECORD, OperatorId, Pseudonym, RecordId} from "./types/Ids.sol";

/// @title Access log
/// @notice Events only: what was asked and what was released.
contract AccessLog is IAccessLog, Checkpoints, EIP712 {
    uint256 private constant _MAX_BATCH = 256;
    bytes32 private constant _USE_TYPEHASH = keccak256(
        "Use(bytes32 requestHash,bytes32 consentKey,uint40 number,uint40 deadline)"
    );

    IPatientRegistry private immutable _PATIENTS;
    IConsentRegistry private immutable _CONSENTS;

    /// @notice Logs for these registries, and counts uses in the last, which believes no other log from now on.
    constructor(
        IActorRegistry actors,
        IPatientRegistry patients,
        IKeyCommittee committee,
        IConsentRegistry consents
    ) Checkpoints(actors, committee) EIP712("Sharewell", "1") {
        _PATIENTS = patients;
        _CONSENTS = consents;
        consents.attachLog();
    }

    /// @inheritdoc IAccessLog
    function request(
        Pseudonym pseudonym,
        RecordId recordId,
        uint8 purpose,
        uint32 categories,
        bytes32 noteHash
    ) external {
        require(Purposes.isConsentable(purpose), AccessLogBadPurpose(purpose));
        require(recordId == NO_RECORD || categories == 0, AccessLogBadScope(recordId, categories));
        require(_PATIENTS.controllerOf(pseudonym) != address(0), AccessLogUnknownPseudonym(pseudonym));
        require(_ACTORS.isAttested(msg.sender), AccessLogNotAttested(msg.sender));
        emit Requested(pseudonym, msg.sender, recordId, purpose, categories, noteHash);
    }

    /// @inheritdoc IAccessLog
    function logReleaseRequest(bytes32 requestHash) external {
        require(requestHash != 0, AccessLogEmptyHash());
        emit ReleaseRequested(requestHash, msg.sender);
    }

    /// @inheritdoc IAccessLog
    function logCountedRequest(bytes32 requestHash, Use calldata use) external {
        _count(requestHash, msg.sender, use);
    }

    /// @inheritdoc IAccessLog
    function logCountedRequestBySignature(
        bytes32 requestHash,
        Use calldata use,
        address reader,
        uint40 deadline,
        bytes calldata signature
    ) external {
        require(block.timestamp <= deadline, AccessLogDeadlineOver(deadline));
        bytes32 key = _count(requestHash, reader, use);
        bytes32 signed = keccak256(abi.encode(_USE_TYPEHASH, requestHash, key, use.number, deadline));
        bool valid = _isSigned(reader, _hashTypedDataV4(signed), signature);
        require(valid, AccessLogBadSignature(requestHash, reader));
    }

    /// @inheritdoc IAccessLog
    function logReleased(bytes32[] calldata requestHashes) external {
        uint256 count = requestHashes.length;
        require(count != 0 && count <= _MAX_BATCH, AccessLogBadBatch(count));
        OperatorId operator = _ACTORS.operatorOf(msg.sender);
        // Who left logs what it answered before: a seat may be gone, a release is not.
        require(_COMMITTEE.hasServed(operator), AccessLogNotKeyNode(msg.sender));
        for (uint256 i = 0; i < count; ++i) {
            require(requestHashes[i] != 0, AccessLogEmptyHash());
            emit Released(requestHashes[i], operator);
        }
    }

    /// @dev By the reader, or by the key of a live session: its purposes are the key nodes' to check.
    function _isSigned(address reader, bytes32 digest, bytes calldata signature) private view returns (bool) {
        address signer = Signatures.signerOf(digest, signature);
        if (signer == reader && signer != address(0)) return true;
        Session memory session = IReaderSessions(address(_ACTORS)).sessionOf(signer);
        if (session.reader == reader && block.timestamp < session.until) return true;
        return Signatures.isSignedByContract(reader, digest, signature);
    }

    /// @dev The registry knows its log, and takes the log's word for who reads.
    function _count(bytes32 requestHash, address reader, Use calldata use) private returns (bytes32 key) {
        require(requestHash != 0, AccessLogEmptyHash());
        key = _CONSENTS.countUse(reader, use);
        emit ReleaseRequested(requestHash, msg.sender);
        emit UseCounted(requestHash, key, use.number);
    }
}
