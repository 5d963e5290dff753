// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Checkpoints} from "./base/Checkpoints.sol";
import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IKeyCommittee} from "./interfaces/IKeyCommittee.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {NO_RECORD, OperatorId, Pseudonym, RecordId} from "./types/Ids.sol";

/// @title Access log
/// @notice Events only: what was asked and what was released.
contract AccessLog is IAccessLog, Checkpoints {
    uint256 private constant _MAX_BATCH = 256;

    IActorRegistry private immutable _ACTORS;
    IPatientRegistry private immutable _PATIENTS;
    IKeyCommittee private immutable _COMMITTEE;

    /// @notice Logs for these registries.
    constructor(
        IActorRegistry actors,
        IPatientRegistry patients,
        IKeyCommittee committee
    ) Checkpoints(actors, committee) {
        _ACTORS = actors;
        _PATIENTS = patients;
        _COMMITTEE = committee;
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
    function logReleased(bytes32[] calldata requestHashes) external {
        uint256 count = requestHashes.length;
        require(count != 0 && count <= _MAX_BATCH, AccessLogBadBatch(count));
        OperatorId operator = _ACTORS.operatorOf(msg.sender);
        require(_COMMITTEE.isMember(operator), AccessLogNotKeyNode(msg.sender));
        for (uint256 i = 0; i < count; ++i) {
            require(requestHashes[i] != 0, AccessLogEmptyHash());
            emit Released(requestHashes[i], operator);
        }
    }
}
