// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IActorRegistry} from "../interfaces/IActorRegistry.sol";
import {IKeyCommittee} from "../interfaces/IKeyCommittee.sol";
import {Ceremony, CeremonyState, Complaint, Progress} from "../types/Committee.sol";
import {OperatorId} from "../types/Ids.sol";

/// @title Ceremonies
/// @notice The steps of a ceremony: each once, in order and in time, so that nobody is blamed for another's delay.
abstract contract Ceremonies is IKeyCommittee {
    uint256 private constant _MAX_DATA = 2048;

    /// @inheritdoc IKeyCommittee
    uint32 public latestCeremony;

    IActorRegistry internal immutable _ACTORS;

    mapping(uint32 ceremony => Ceremony entry) internal _ceremonies;
    mapping(uint32 ceremony => mapping(OperatorId dealer => bytes32 hash)) private _packages;
    mapping(uint32 ceremony => mapping(OperatorId dealer => bool yes)) private _revealed;
    mapping(uint32 ceremony => uint256 count) private _committedCount;
    mapping(uint32 ceremony => uint256 count) private _revealedCount;
    mapping(uint32 ceremony => mapping(OperatorId dealer => mapping(OperatorId member => uint8 level))) private _levels;
    mapping(uint32 ceremony => mapping(OperatorId member => bytes32 resultHash)) internal _accepted;
    mapping(uint32 ceremony => mapping(bytes32 resultHash => uint256 count)) internal _acceptedCount;
    mapping(uint32 ceremony => mapping(OperatorId culprit => mapping(OperatorId member => bool yes))) private _votes;
    mapping(uint32 ceremony => mapping(OperatorId culprit => uint256 count)) private _voteCount;

    constructor(IActorRegistry actors) {
        _ACTORS = actors;
    }

    /// @inheritdoc IKeyCommittee
    function commit(uint32 ceremony, bytes32 packageHash) external {
        Ceremony storage entry = _open(ceremony);
        OperatorId dealer = _party(entry.dealers);
        require(packageHash != 0, KeyCommitteeEmptyField());
        require(_packages[ceremony][dealer] == 0, KeyCommitteeOutOfTurn(ceremony));
        _inTime(ceremony, entry, 1);
        _packages[ceremony][dealer] = packageHash;
        ++_committedCount[ceremony];
        emit PackageCommitted(ceremony, dealer, packageHash);
    }

    /// @inheritdoc IKeyCommittee
    function reveal(uint32 ceremony, bytes32[] calldata commitment, bytes calldata proof) external {
        Ceremony storage entry = _open(ceremony);
        OperatorId dealer = _party(entry.dealers);
        bool turn = _committedCount[ceremony] == entry.dealers.length && !_revealed[ceremony][dealer];
        require(turn, KeyCommitteeOutOfTurn(ceremony));
        _inTime(ceremony, entry, 2);
        bytes32 given = keccak256(abi.encode(ceremony, dealer, commitment, proof));
        bytes32 committed = _packages[ceremony][dealer];
        require(given == committed, KeyCommitteeOtherPackage(given, committed));
        // A longer commitment would raise the threshold; another first one would change the key.
        require(commitment.length == entry.k, KeyCommitteeBadPackage(dealer));
        for (uint256 i = 0; i < commitment.length; ++i) require(commitment[i] != 0, KeyCommitteeBadPackage(dealer));
        bool own = entry.generation || commitment[0] == _activeShareOf(dealer);
        require(own, KeyCommitteeBadPackage(dealer));

        _revealed[ceremony][dealer] = true;
        ++_revealedCount[ceremony];
        emit PackageRevealed(ceremony, dealer, commitment, proof);
    }

    /// @inheritdoc IKeyCommittee
    function complain(uint32 ceremony, OperatorId dealer, bytes calldata key) external {
        Ceremony storage entry = _revealedAll(ceremony);
        OperatorId member = _party(entry.members);
        uint8 level = _levels[ceremony][dealer][member];
        bool turn = (level == 0 || level == 2) && _accepted[ceremony][member] == 0;
        require(turn && _has(entry.dealers, dealer) && !(dealer == member), KeyCommitteeOutOfTurn(ceremony));
        _inTime(ceremony, entry, level == 0 ? 3 : 5);
        require(key.length <= _MAX_DATA, KeyCommitteeBadLength(key.length));
        _levels[ceremony][dealer][member] = level + 1;
        emit Complained(ceremony, dealer, member, level + 1, key);
    }

    /// @inheritdoc IKeyCommittee
    function answer(uint32 ceremony, OperatorId member, bytes calldata data) external {
        Ceremony storage entry = _open(ceremony);
        OperatorId dealer = _party(entry.dealers);
        uint8 level = _levels[ceremony][dealer][member];
        require(level == 1 || level == 3, KeyCommitteeOutOfTurn(ceremony));
        _inTime(ceremony, entry, level == 1 ? 4 : 6);
        bool fits = level == 1 ? data.length <= _MAX_DATA : data.length == 32;
        require(fits, KeyCommitteeBadLength(data.length));
        _levels[ceremony][dealer][member] = level + 1;
        emit Answered(ceremony, dealer, member, level + 1, data);
    }

    /// @inheritdoc IKeyCommittee
    function exclude(uint32 ceremony, OperatorId culprit) external {
        Ceremony storage entry = _open(ceremony);
        OperatorId member = _party(entry.members);
        bool known = _has(entry.dealers, culprit) || _has(entry.members, culprit);
        require(known && !_votes[ceremony][culprit][member], KeyCommitteeOutOfTurn(ceremony));
        _votes[ceremony][culprit][member] = true;
        emit ExclusionVoted(ceremony, culprit, member);
        // Fewer than k of a set are at fault, so one of k is not.
        if (++_voteCount[ceremony][culprit] < entry.k) return;
        OperatorId[] memory out = new OperatorId[](1);
        out[0] = culprit;
        emit Struck(ceremony, culprit, false);
        _again(ceremony, out, out);
    }

    /// @inheritdoc IKeyCommittee
    function beginAgain(uint32 ceremony) external {
        Ceremony storage entry = _open(ceremony);
        (OperatorId[] memory dealers, OperatorId[] memory members) = silentIn(ceremony);
        require(dealers.length + members.length != 0, KeyCommitteeNobodySilent(ceremony));
        for (uint256 i = 0; i < dealers.length; ++i) emit Struck(ceremony, dealers[i], true);
        for (uint256 i = 0; i < members.length; ++i) emit Struck(ceremony, members[i], true);
        // Who makes a new key deals and holds: it cannot do the one without the other.
        if (entry.generation) (dealers, members) = (_joined(dealers, members), _joined(dealers, members));
        _again(ceremony, dealers, members);
    }

    /// @inheritdoc IKeyCommittee
    function ceremonyOf(uint32 ceremony) external view returns (Ceremony memory) {
        return _ceremonies[ceremony];
    }

    /// @inheritdoc IKeyCommittee
    function progressOf(uint32 ceremony) external view returns (Progress memory progress) {
        OperatorId[] memory dealers = _ceremonies[ceremony].dealers;
        OperatorId[] memory members = _ceremonies[ceremony].members;
        progress.packages = new bytes32[](dealers.length);
        progress.revealed = new bool[](dealers.length);
        progress.accepted = new bytes32[](members.length);
        for (uint256 i = 0; i < dealers.length; ++i) {
            progress.packages[i] = _packages[ceremony][dealers[i]];
            progress.revealed[i] = _revealed[ceremony][dealers[i]];
        }
        for (uint256 i = 0; i < members.length; ++i) progress.accepted[i] = _accepted[ceremony][members[i]];
    }

    /// @inheritdoc IKeyCommittee
    function complaintsOf(uint32 ceremony) external view returns (Complaint[] memory complaints) {
        OperatorId[] memory dealers = _ceremonies[ceremony].dealers;
        OperatorId[] memory members = _ceremonies[ceremony].members;
        Complaint[] memory all = new Complaint[](dealers.length * members.length);
        uint256 count = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            (OperatorId dealer, OperatorId member) = (dealers[i / members.length], members[i % members.length]);
            uint8 level = _levels[ceremony][dealer][member];
            if (level == 0) continue;
            all[count] = Complaint(dealer, member, level);
            ++count;
        }
        complaints = new Complaint[](count);
        for (uint256 i = 0; i < count; ++i) complaints[i] = all[i];
    }

    /// @inheritdoc IKeyCommittee
    function silentIn(uint32 ceremony) public view returns (OperatorId[] memory dealers, OperatorId[] memory members) {
        Ceremony storage entry = _ceremonies[ceremony];
        if (entry.state != CeremonyState.Open) return (dealers, members);
        dealers = _where(ceremony, entry.dealers, _dealerIsSilent);
        bool waited = _revealedCount[ceremony] == entry.dealers.length && _over(entry, 7);
        if (waited && dealers.length == 0) members = _where(ceremony, entry.members, _memberIsSilent);
    }

    /// @dev Opens the ceremony that makes the next epoch.
    function _begin(Ceremony memory terms, uint32 previous) internal returns (uint32 ceremony) {
        ceremony = ++latestCeremony;
        (terms.state, terms.startedAt, terms.startBlock) = (
            CeremonyState.Open,
            uint40(block.timestamp),
            uint64(block.number)
        );
        _ceremonies[ceremony] = terms;
        emit CeremonyOpened(ceremony, terms.epoch, terms.generation, previous);
    }

    /// @dev Ends a ceremony.
    function _end(uint32 ceremony, CeremonyState state) internal {
        _ceremonies[ceremony].state = state;
        emit CeremonyEnded(ceremony, state);
    }

    /// @dev A ceremony in which every dealer showed its package.
    function _revealedAll(uint32 ceremony) internal view returns (Ceremony storage entry) {
        entry = _open(ceremony);
        require(_revealedCount[ceremony] == entry.dealers.length, KeyCommitteeOutOfTurn(ceremony));
    }

    /// @dev The caller's operator, if it is one of these.
    function _party(OperatorId[] storage parties) internal view returns (OperatorId operator) {
        operator = _ACTORS.operatorOf(msg.sender);
        require(_has(parties, operator), KeyCommitteeNotMember(msg.sender));
    }

    /// @dev X_i of an operator in the epoch that serves.
    function _activeShareOf(OperatorId operator) internal view virtual returns (bytes32);

    /// @dev How many dealers the epoch that serves needs.
    function _activeThreshold() internal view virtual returns (uint16);

    function _has(OperatorId[] storage parties, OperatorId operator) internal view returns (bool) {
        for (uint256 i = 0; i < parties.length; ++i) if (parties[i] == operator) return true;
        return false;
    }

    function _open(uint32 ceremony) private view returns (Ceremony storage entry) {
        entry = _ceremonies[ceremony];
        require(entry.state == CeremonyState.Open, KeyCommitteeNotOpen(ceremony));
    }

    function _again(uint32 ceremony, OperatorId[] memory dealersOut, OperatorId[] memory membersOut) private {
        Ceremony memory entry = _ceremonies[ceremony];
        entry.dealers = _without(entry.dealers, dealersOut);
        entry.members = _without(entry.members, membersOut);
        // Nobody but the administration takes seats: what a member opened ends here, and the epoch before serves on.
        bool enough =
            !entry.byMember &&
                entry.members.length >= entry.k &&
                (entry.generation || entry.dealers.length >= _activeThreshold());
        _end(ceremony, enough ? CeremonyState.BegunAgain : CeremonyState.Failed);
        if (enough) _begin(entry, ceremony);
    }

    function _over(Ceremony storage entry, uint256 windows) private view returns (bool) {
        return block.timestamp > entry.startedAt + windows * entry.window;
    }

    function _inTime(uint32 ceremony, Ceremony storage entry, uint256 windows) private view {
        require(!_over(entry, windows), KeyCommitteeTooLate(ceremony, entry.startedAt + windows * entry.window));
    }

    function _dealerIsSilent(uint32 ceremony, OperatorId dealer) private view returns (bool) {
        Ceremony storage entry = _ceremonies[ceremony];
        uint256 all = entry.dealers.length;
        if (_committedCount[ceremony] < all) return _over(entry, 1) && _packages[ceremony][dealer] == 0;
        if (_revealedCount[ceremony] < all) return _over(entry, 2) && !_revealed[ceremony][dealer];
        (bool firstOver, bool secondOver) = (_over(entry, 4), _over(entry, 6));
        for (uint256 i = 0; i < entry.members.length; ++i) {
            uint8 level = _levels[ceremony][dealer][entry.members[i]];
            if ((level == 1 && firstOver) || (level == 3 && secondOver)) return true;
        }
        return false;
    }

    function _memberIsSilent(uint32 ceremony, OperatorId member) private view returns (bool) {
        return _accepted[ceremony][member] == 0;
    }

    function _where(
        uint32 ceremony,
        OperatorId[] memory parties,
        function(uint32, OperatorId) view returns (bool) holds
    ) private view returns (OperatorId[] memory found) {
        OperatorId[] memory all = new OperatorId[](parties.length);
        uint256 count = 0;
        for (uint256 i = 0; i < parties.length; ++i) {
            if (!holds(ceremony, parties[i])) continue;
            all[count] = parties[i];
            ++count;
        }
        found = new OperatorId[](count);
        for (uint256 i = 0; i < count; ++i) found[i] = all[i];
    }

    function _without(
        OperatorId[] memory parties,
        OperatorId[] memory out
    ) private pure returns (OperatorId[] memory left) {
        OperatorId[] memory all = new OperatorId[](parties.length);
        uint256 count = 0;
        for (uint256 i = 0; i < parties.length; ++i) {
            bool stays = true;
            for (uint256 j = 0; j < out.length; ++j) if (parties[i] == out[j]) stays = false;
            if (!stays) continue;
            all[count] = parties[i];
            ++count;
        }
        left = new OperatorId[](count);
        for (uint256 i = 0; i < count; ++i) left[i] = all[i];
    }

    function _joined(OperatorId[] memory a, OperatorId[] memory b) private pure returns (OperatorId[] memory both) {
        both = new OperatorId[](a.length + b.length);
        for (uint256 i = 0; i < both.length; ++i) both[i] = i < a.length ? a[i] : b[i - a.length];
    }
}
