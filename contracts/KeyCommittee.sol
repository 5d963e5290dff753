// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IKeyCommittee} from "./interfaces/IKeyCommittee.sol";
import {Operator, OperatorKind} from "./types/Actors.sol";
import {Epoch} from "./types/Committee.sol";
import {NO_OPERATOR, OperatorId, OrganizationId} from "./types/Ids.sol";

/// @title Key committee
/// @notice Epochs of the release key and who holds their shares.
contract KeyCommittee is IKeyCommittee, AccessManaged {
    uint256 private constant _MAX_MEMBERS = 16;

    /// @inheritdoc IKeyCommittee
    uint32 public activeEpoch;

    IActorRegistry private immutable _ACTORS;

    mapping(uint32 epoch => Epoch entry) private _epochs;
    mapping(bytes32 transcriptHash => bool used) private _transcripts;
    mapping(bytes32 transcriptHash => mapping(OperatorId operator => bool yes)) private _confirmed;

    /// @notice Leaves proposals to an AccessManager.
    constructor(address manager, IActorRegistry actors) AccessManaged(manager) {
        _ACTORS = actors;
    }

    /// @inheritdoc IKeyCommittee
    function propose(
        uint32 epoch,
        uint16 k,
        OperatorId[] calldata members,
        bytes32 groupKey,
        bytes32[] calldata verifyingShares,
        bytes32 transcriptHash
    ) external restricted {
        _checkEpoch(epoch);
        bool sized =
            k >= 2 && k <= members.length && members.length <= _MAX_MEMBERS && members.length == verifyingShares.length;
        require(sized, KeyCommitteeBadSize(k, members.length, verifyingShares.length));
        require(groupKey != 0 && transcriptHash != 0, KeyCommitteeEmptyField());
        for (uint256 i = 0; i < verifyingShares.length; ++i) {
            require(verifyingShares[i] != 0, KeyCommitteeEmptyField());
        }
        require(!_transcripts[transcriptHash], KeyCommitteeTranscriptUsed(transcriptHash));
        _checkSeats(k, members);

        _transcripts[transcriptHash] = true;
        _epochs[epoch] = Epoch(k, 0, false, groupKey, transcriptHash, members, verifyingShares);
        emit Proposed(epoch, transcriptHash, k, groupKey);
    }

    /// @inheritdoc IKeyCommittee
    function confirm(uint32 epoch, bytes32 transcriptHash) external {
        _checkEpoch(epoch);
        Epoch storage entry = _epochs[epoch];
        bytes32 expected = entry.transcriptHash;
        bool same = expected != 0 && transcriptHash == expected;
        require(same, KeyCommitteeWrongTranscript(transcriptHash, expected));
        OperatorId operator = _ACTORS.operatorOf(msg.sender);
        require(_hasSeat(entry, operator), KeyCommitteeNotMember(msg.sender));
        require(!_confirmed[expected][operator], KeyCommitteeConfirmedTwice(operator));

        _confirmed[expected][operator] = true;
        ++entry.confirmations;
        emit Confirmed(epoch, expected, operator);
        if (entry.confirmations < entry.members.length) return;
        entry.active = true;
        activeEpoch = epoch;
        emit Activated(epoch, entry.groupKey);
    }

    /// @inheritdoc IKeyCommittee
    function epochOf(uint32 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }

    /// @inheritdoc IKeyCommittee
    function isMember(OperatorId operator) external view returns (bool) {
        return _hasSeat(_epochs[activeEpoch], operator);
    }

    /// @inheritdoc IKeyCommittee
    function hasConfirmed(bytes32 transcriptHash, OperatorId operator) external view returns (bool) {
        return _confirmed[transcriptHash][operator];
    }

    function _checkEpoch(uint32 epoch) private view {
        require(epoch == activeEpoch + 1, KeyCommitteeWrongEpoch(epoch, activeEpoch + 1));
    }

    /// @dev Each seat an active key node of its own, and no organization with those below it k of them.
    function _checkSeats(uint16 k, OperatorId[] calldata members) private view {
        OrganizationId[] memory roots = new OrganizationId[](members.length);
        for (uint256 i = 0; i < members.length; ++i) {
            Operator memory entry = _ACTORS.operatorInfo(members[i]);
            bool active = entry.kind == OperatorKind.Key && _ACTORS.operatorOf(entry.account) == members[i];
            require(active && entry.account != address(0), KeyCommitteeNotKeyNode(members[i]));
            roots[i] = _ACTORS.rootOf(entry.organization);
            uint256 seats = 1;
            for (uint256 j = 0; j < i; ++j) {
                require(!(members[i] == members[j]), KeyCommitteeSeatTwice(members[i]));
                if (roots[i] == roots[j]) ++seats;
            }
            require(seats < k, KeyCommitteeTooManySeats(roots[i], seats, k));
        }
    }

    function _hasSeat(Epoch storage entry, OperatorId operator) private view returns (bool) {
        if (operator == NO_OPERATOR) return false;
        uint256 count = entry.members.length;
        for (uint256 i = 0; i < count; ++i) {
            if (entry.members[i] == operator) return true;
        }
        return false;
    }
}
