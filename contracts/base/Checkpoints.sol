// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IActorRegistry} from "../interfaces/IActorRegistry.sol";
import {ICheckpoints} from "../interfaces/ICheckpoints.sol";
import {IKeyCommittee} from "../interfaces/IKeyCommittee.sol";
import {OperatorId} from "../types/Ids.sol";

/// @title Checkpoints
/// @notice Keeps nothing: the events are the record.
abstract contract Checkpoints is ICheckpoints {
    IActorRegistry internal immutable _ACTORS;
    IKeyCommittee internal immutable _COMMITTEE;

    constructor(IActorRegistry actors, IKeyCommittee committee) {
        _ACTORS = actors;
        _COMMITTEE = committee;
    }

    /// @inheritdoc ICheckpoints
    function confirmLogKey(uint32 epoch, uint16 k, bytes32 groupKey, bytes32 transcriptHash) external {
        require(k > 1 && groupKey != 0 && transcriptHash != 0, CheckpointsEmptyField());
        uint32 serving = _COMMITTEE.activeEpoch();
        require(epoch == serving, CheckpointsWrongEpoch(epoch, serving));
        emit LogKeyConfirmed(epoch, groupKey, _member(), k, transcriptHash);
    }

    /// @inheritdoc ICheckpoints
    function checkpoint(bytes32 groupKey, uint40 until, uint64 size, bytes32 root, bytes32 r, bytes32 z) external {
        require(groupKey != 0 && size != 0 && root != 0 && r != 0 && z != 0, CheckpointsEmptyField());
        require(until <= block.timestamp, CheckpointsInFuture(until));
        emit Checkpointed(groupKey, _member(), until, size, root, r, z);
    }

    function _member() private view returns (OperatorId operator) {
        operator = _ACTORS.operatorOf(msg.sender);
        require(_COMMITTEE.isMember(operator), CheckpointsNotKeyNode(msg.sender));
    }
}
