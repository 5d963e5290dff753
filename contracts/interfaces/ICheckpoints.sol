// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorId} from "../types/Ids.sol";

/// @title Checkpoints
/// @notice What the committee signs over everything that the network's contracts said so far. Events only: a reader
/// takes a key that every member of its epoch confirmed, and a checkpoint whose signature such a key made.
interface ICheckpoints {
    /// @notice A member of the epoch holds a share of this key, which signs checkpoints and nothing else.
    event LogKeyConfirmed(
        uint32 indexed epoch,
        bytes32 indexed groupKey,
        OperatorId indexed operator,
        uint16 k,
        bytes32 transcriptHash
    );

    /// @notice The tree over the first `size` events, all that happened before `until`, has this root, signed with FROST
    /// (r and z: R and z of RFC 9591) by k of those who hold the key.
    event Checkpointed(
        bytes32 indexed groupKey,
        OperatorId indexed operator,
        uint40 until,
        uint64 size,
        bytes32 root,
        bytes32 r,
        bytes32 z
    );

    /// @notice The caller is no active key node of the committee that serves.
    error CheckpointsNotKeyNode(address caller);
    /// @notice Only a key for the epoch that serves can be confirmed.
    error CheckpointsWrongEpoch(uint32 given, uint32 expected);
    /// @notice A key, hash or size is missing, or a threshold below 2.
    error CheckpointsEmptyField();
    /// @notice A checkpoint speaks about what was, not about what will be.
    error CheckpointsInFuture(uint40 until);

    /// @notice Says that the caller holds a share of a key that k members sign checkpoints with.
    function confirmLogKey(uint32 epoch, uint16 k, bytes32 groupKey, bytes32 transcriptHash) external;

    /// @notice Publishes a signed checkpoint. By a key node of the committee that serves.
    /// @dev The signature is not checked here: whoever reads does. A false one is its sender's shame and nothing more.
    function checkpoint(bytes32 groupKey, uint40 until, uint64 size, bytes32 root, bytes32 r, bytes32 z) external;
}
