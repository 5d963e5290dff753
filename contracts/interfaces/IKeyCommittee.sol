// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../types/Committee.sol";
import {OperatorId, OrganizationId} from "../types/Ids.sol";

/// @title Key committee
/// @notice Which key nodes hold shares of the release key, and which public key they answer for.
interface IKeyCommittee {
    /// @notice A key was generated; it serves once every member confirms.
    event Proposed(uint32 indexed epoch, bytes32 indexed transcriptHash, uint16 k, bytes32 groupKey);

    /// @notice A member saw the same key generation.
    event Confirmed(uint32 indexed epoch, bytes32 indexed transcriptHash, OperatorId indexed operator);

    /// @notice Every member confirmed: the epoch serves.
    event Activated(uint32 indexed epoch, bytes32 groupKey);

    /// @notice Only the epoch after the active one can be proposed or confirmed.
    error KeyCommitteeWrongEpoch(uint32 given, uint32 expected);
    /// @notice Not 2 <= k <= members <= 16, or not one verifying share a member.
    error KeyCommitteeBadSize(uint16 k, uint256 members, uint256 verifyingShares);
    /// @notice A key, share or hash is missing.
    error KeyCommitteeEmptyField();
    /// @notice Not an active operator of a key node.
    error KeyCommitteeNotKeyNode(OperatorId operator);
    /// @notice An operator has two seats.
    error KeyCommitteeSeatTwice(OperatorId operator);
    /// @notice One organization, with all below it, would hold k seats: it could open records alone.
    error KeyCommitteeTooManySeats(OrganizationId organization, uint256 seats, uint16 k);
    /// @notice A transcript is proposed once, so that what a member confirms cannot be exchanged.
    error KeyCommitteeTranscriptUsed(bytes32 transcriptHash);
    /// @notice The proposal has another transcript.
    error KeyCommitteeWrongTranscript(bytes32 given, bytes32 expected);
    /// @notice The caller is no member of the proposal.
    error KeyCommitteeNotMember(address caller);
    /// @notice The member confirmed already.
    error KeyCommitteeConfirmedTwice(OperatorId operator);

    /// @notice Proposes the key of the next epoch, replacing an unconfirmed proposal. Only the administration.
    /// @dev Members compare every field with what they computed themselves before they confirm.
    function propose(
        uint32 epoch,
        uint16 k,
        OperatorId[] calldata members,
        bytes32 groupKey,
        bytes32[] calldata verifyingShares,
        bytes32 transcriptHash
    ) external;

    /// @notice Confirms the proposal as one of its members; the last one activates the epoch.
    function confirm(uint32 epoch, bytes32 transcriptHash) external;

    /// @notice The epoch that serves; 0 before the first.
    function activeEpoch() external view returns (uint32);

    /// @notice An epoch: proposed, serving or past; k is 0 where there is none.
    function epochOf(uint32 epoch) external view returns (Epoch memory);

    /// @notice Whether the operator has a seat in the epoch that serves.
    function isMember(OperatorId operator) external view returns (bool);

    /// @notice Whether the operator confirmed the proposal with this transcript.
    function hasConfirmed(bytes32 transcriptHash, OperatorId operator) external view returns (bool);
}
