// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Ceremonies} from "./base/Ceremonies.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IKeyCommittee} from "./interfaces/IKeyCommittee.sol";
import {Operator, OperatorKind} from "./types/Actors.sol";
import {Ceremony, CeremonyState, Epoch} from "./types/Committee.sol";
import {NO_OPERATOR, OperatorId, OrganizationId} from "./types/Ids.sol";

/// @title Key committee
/// @notice Epochs of the release key, who holds their shares, and how one follows another.
contract KeyCommittee is Ceremonies, AccessManaged {
    uint256 private constant _MAX_MEMBERS = 16;
    uint32 private constant _MIN_WINDOW = 1 minutes;
    uint32 private constant _MAX_WINDOW = 7 days;
    /// @dev A member opens a refresh this long after the ceremony before began, or later.
    uint256 private constant _REFRESH_PAUSE = 1 days;
    uint32 private constant _REFRESH_WINDOW = 1 hours;

    /// @inheritdoc IKeyCommittee
    uint32 public activeEpoch;
    /// @inheritdoc IKeyCommittee
    mapping(OperatorId operator => bool yes) public hasServed;

    mapping(uint32 epoch => Epoch entry) private _epochs;
    mapping(bytes32 transcriptHash => bool used) private _transcripts;

    /// @notice Leaves the opening of ceremonies to an AccessManager.
    constructor(address manager, IActorRegistry actors) AccessManaged(manager) Ceremonies(actors) {}

    /// @inheritdoc IKeyCommittee
    function openCeremony(
        bool generation,
        uint16 k,
        OperatorId[] calldata dealers,
        OperatorId[] calldata members,
        uint32 window
    ) external restricted returns (uint32 ceremony) {
        bool sized = k >= 2 && k <= members.length && members.length <= _MAX_MEMBERS;
        require(sized, KeyCommitteeBadSize(k, members.length));
        require(window >= _MIN_WINDOW && window <= _MAX_WINDOW, KeyCommitteeBadWindow(window));
        _checkSeats(k, members);
        _checkDealers(generation, dealers);
        if (_ceremonies[latestCeremony].state == CeremonyState.Open) _end(latestCeremony, CeremonyState.Replaced);
        return _begin(_terms(generation, k, generation ? members : dealers, members, window), 0);
    }

    /// @inheritdoc IKeyCommittee
    function openRefresh(OperatorId[] calldata dealers) external returns (uint32 ceremony) {
        Epoch storage serving = _epochs[activeEpoch];
        _party(serving.members);
        Ceremony storage last = _ceremonies[latestCeremony];
        uint256 from = last.startedAt + _REFRESH_PAUSE;
        bool due = last.state != CeremonyState.Open && block.timestamp >= from;
        require(due, KeyCommitteeTooEarly(from));
        _checkDealers(false, dealers);
        Ceremony memory terms = _terms(false, serving.k, dealers, serving.members, _REFRESH_WINDOW);
        terms.byMember = true;
        return _begin(terms, 0);
    }

    /// @inheritdoc IKeyCommittee
    function accept(
        uint32 ceremony,
        bytes32 groupKey,
        bytes32[] calldata verifyingShares,
        bytes32 transcriptHash
    ) external {
        Ceremony storage entry = _revealedAll(ceremony);
        OperatorId member = _party(entry.members);
        require(_accepted[ceremony][member] == 0, KeyCommitteeOutOfTurn(ceremony));
        bool whole = verifyingShares.length == entry.members.length && groupKey != 0 && transcriptHash != 0;
        for (uint256 i = 0; whole && i < verifyingShares.length; ++i) whole = verifyingShares[i] != 0;
        require(whole, KeyCommitteeEmptyField());
        bytes32 kept = _epochs[activeEpoch].groupKey;
        require(entry.generation || groupKey == kept, KeyCommitteeKeyChanged(groupKey, kept));
        require(!_transcripts[transcriptHash], KeyCommitteeTranscriptUsed(transcriptHash));

        bytes32 resultHash = keccak256(abi.encode(groupKey, verifyingShares, transcriptHash));
        _accepted[ceremony][member] = resultHash;
        emit Accepted(ceremony, member, resultHash);
        if (++_acceptedCount[ceremony][resultHash] < entry.members.length) return;
        _transcripts[transcriptHash] = true;
        (uint32 epoch, OperatorId[] memory members) = (entry.epoch, entry.members);
        uint16 all = uint16(members.length);
        _epochs[epoch] = Epoch(entry.k, all, true, groupKey, transcriptHash, members, verifyingShares);
        activeEpoch = epoch;
        for (uint256 i = 0; i < members.length; ++i) hasServed[members[i]] = true;
        _end(ceremony, CeremonyState.Done);
        emit Activated(epoch, groupKey);
    }

    /// @inheritdoc IKeyCommittee
    function epochOf(uint32 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }

    /// @inheritdoc IKeyCommittee
    function isMember(OperatorId operator) external view returns (bool) {
        return !(operator == NO_OPERATOR) && _has(_epochs[activeEpoch].members, operator);
    }

    function _terms(
        bool generation,
        uint16 k,
        OperatorId[] memory dealers,
        OperatorId[] memory members,
        uint32 window
    ) private view returns (Ceremony memory) {
        return Ceremony(activeEpoch + 1, k, generation, false, CeremonyState.Open, window, 0, 0, dealers, members);
    }

    /// @dev As in Ceremonies.
    function _activeShareOf(OperatorId operator) internal view override returns (bytes32) {
        Epoch storage entry = _epochs[activeEpoch];
        for (uint256 i = 0; i < entry.members.length; ++i) {
            if (entry.members[i] == operator) return entry.verifyingShares[i];
        }
        return 0;
    }

    /// @dev As in Ceremonies.
    function _activeThreshold() internal view override returns (uint16) {
        return _epochs[activeEpoch].k;
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

    /// @dev Enough holders of the key that serves, each once; in a generation the members themselves.
    function _checkDealers(bool generation, OperatorId[] calldata dealers) private view {
        uint16 needed = _epochs[activeEpoch].k;
        bool enough = generation ? dealers.length == 0 : activeEpoch != 0 && dealers.length >= needed;
        require(enough, KeyCommitteeBadDealers(dealers.length, needed));
        for (uint256 i = 0; i < dealers.length; ++i) {
            require(_activeShareOf(dealers[i]) != 0, KeyCommitteeBadDealers(dealers.length, needed));
            for (uint256 j = 0; j < i; ++j) require(!(dealers[i] == dealers[j]), KeyCommitteeSeatTwice(dealers[i]));
        }
    }
}
