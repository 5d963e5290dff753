// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {KeyCommittee} from "../../contracts/KeyCommittee.sol";
import {OperatorKind, OrganizationKind} from "../../contracts/types/Actors.sol";
import {Ceremony, CeremonyState, Complaint, Epoch, Progress} from "../../contracts/types/Committee.sol";
import {OperatorId, OrganizationId} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Acts of a committee
/// @notice Five people run five key nodes: two for the first hospital, one of them in its department, two for the
/// second, one for a third. The administration opens anything, four of them do anything at any time, and the fifth does
/// at once whatever is its turn.
contract CommitteeHandler is World {
    OrganizationId private constant _WARD = OrganizationId.wrap(bytes16("ward"));
    OrganizationId private constant _THIRD = OrganizationId.wrap(bytes16("third"));
    uint256 private constant _HONEST = 4;

    KeyCommittee public committee;
    uint32 public latest;
    bool public jumped;
    bool public framed;
    bool public cheated;
    bool public keyChanged;
    bool public pushed;
    mapping(uint32 ceremony => mapping(OperatorId operator => bool yes)) private _agreed;
    mapping(uint32 ceremony => uint256 count) private _votesAgainstHonest;
    mapping(uint32 epoch => uint32 ceremony) private _madeBy;

    constructor() {
        committee = new KeyCommittee(actors.authority(), actors);
        actors.registerOrganization(_WARD, OrganizationKind.Department, FIRST, address(0xD), "file");
        actors.registerOrganization(_THIRD, OrganizationKind.Hospital, OrganizationId.wrap(0), address(0xE), "file");
        OrganizationId[5] memory homes = [FIRST, _WARD, SECOND, SECOND, _THIRD];
        for (uint256 i = 0; i < 5; ++i) {
            actors.registerOperator(_operator(i), OperatorKind.Key, homes[i], people[i], "http://x", "key");
        }
    }

    modifier thenHonest() {
        _;
        _settle();
    }

    function open(bool generation, uint8 k, uint8 count, uint8 first, uint8 step) external thenHonest {
        OperatorId[] memory dealers = generation ? new OperatorId[](0) : committee.epochOf(latest).members;
        OperatorId[] memory members = new OperatorId[](count % 7);
        for (uint256 i = 0; i < members.length; ++i) members[i] = _operator((first + i * (1 + (step % 2))) % 5);
        try committee.openCeremony(generation, k % 6, dealers, members, 60) {} catch {}
    }

    /// @notice All of them open a ceremony and finish it, perhaps with another key than before.
    function agree(bool generation, uint8 first, bool other) external thenHonest {
        uint32 ceremony = _openFour(generation, first);
        for (uint256 i = 0; i < 5; ++i) _commit(ceremony, i, 0);
        for (uint256 i = 0; i < 5; ++i) _reveal(ceremony, i, 0);
        for (uint256 i = 0; i < 5; ++i) _accept(ceremony, i, other ? bytes32("other") : bytes32("key"));
    }

    /// @notice All of them open a ceremony and commit, perhaps one of four to a longer package; perhaps they show theirs.
    function begin(bool generation, uint8 first, uint8 longer, bool shown) external thenHonest {
        uint32 ceremony = _openFour(generation, first);
        for (uint256 i = 0; i < 5; ++i) _commit(ceremony, i, i != _HONEST && longer % 8 == i ? 1 : 0);
        if (shown) for (uint256 i = 0; i < 5; ++i) _reveal(ceremony, i, i != _HONEST && longer % 8 == i ? 1 : 0);
    }

    /// @notice All of them show their packages, somebody complains of the fifth, perhaps late, and asks to begin again.
    function accuse(bool generation, uint8 first, uint8 who, uint16 later) external thenHonest {
        uint32 ceremony = _openFour(generation, first);
        for (uint256 i = 0; i < 5; ++i) _commit(ceremony, i, 0);
        for (uint256 i = 0; i < 5; ++i) _reveal(ceremony, i, 0);
        vm.warp(block.timestamp + (later % 400));
        vm.prank(people[who % 4]);
        try committee.complain(ceremony, _operator(_HONEST), "key") {} catch {}
        _actHonestly();
        _beginAgain(ceremony);
    }

    /// @notice Everybody dealt, then one complains of the fifth as late as it may, perhaps for the second time, who takes
    /// its whole window to answer; then somebody asks to begin again.
    function corner(bool generation, uint8 first, uint8 who, uint16 later, bool twice) external {
        uint32 ceremony = _openFour(generation, first);
        for (uint256 i = 0; i < 5; ++i) _commit(ceremony, i, 0);
        for (uint256 i = 0; i < 5; ++i) _reveal(ceremony, i, 0);
        if (twice) {
            vm.prank(people[who % 4]);
            try committee.complain(ceremony, _operator(_HONEST), "key") {} catch {}
            _actHonestly();
        }
        vm.warp(block.timestamp + (later % 421));
        vm.prank(people[who % 4]);
        try committee.complain(ceremony, _operator(_HONEST), "key") {} catch {}
        vm.warp(block.timestamp + 60);
        _actHonestly();
        vm.warp(block.timestamp + 61);
        _beginAgain(ceremony);
        _actHonestly();
    }

    /// @notice All of them open a ceremony, and some do not commit; perhaps somebody asks to begin again, perhaps so late
    /// that packages would be due.
    function tire(bool generation, uint8 first, uint8 count, uint8 later, bool restart) external thenHonest {
        uint32 ceremony = _openFour(generation, first);
        for (uint256 i = 0; i < count % 5; ++i) _commit(ceremony, i, 0);
        _actHonestly();
        vm.warp(block.timestamp + 61 + later);
        if (restart) _beginAgain(ceremony);
    }

    function commit(uint8 who, uint8 longer) external thenHonest {
        _commit(committee.latestCeremony(), who % 4, longer % 4 == 0 ? 1 : 0);
    }

    function reveal(uint8 who, uint8 longer) external thenHonest {
        uint32 ceremony = committee.latestCeremony();
        _reveal(ceremony, who % 4, longer % 2);
        // With another proof it is another package.
        bytes32[] memory commitment = _commitment(ceremony, who % 4, 0);
        vm.prank(people[who % 4]);
        try committee.reveal(ceremony, commitment, "other proof") {
            cheated = true;
        } catch {}
    }

    function complain(uint8 who, uint8 dealer, uint16 later) external thenHonest {
        vm.warp(block.timestamp + (later % 400));
        uint32 ceremony = committee.latestCeremony();
        vm.prank(people[who % 4]);
        try committee.complain(ceremony, _operator(dealer % 5), "key") {} catch {}
    }

    function answer(uint8 who, uint8 member) external thenHonest {
        uint32 ceremony = committee.latestCeremony();
        vm.prank(people[who % 4]);
        try committee.answer(ceremony, _operator(member % 5), new bytes(32)) {} catch {}
    }

    function accept(uint8 who, bool other) external thenHonest {
        _accept(committee.latestCeremony(), who % 4, other ? bytes32("other") : bytes32("key"));
    }

    /// @notice A member opens a refresh, perhaps again and again; the administration, which has no node, tries too. Then
    /// perhaps one of them stays silent.
    function refresh(uint8 who, uint8 dealers, uint24 later, bool stall) external thenHonest {
        _refresh(who, dealers, later, stall);
    }

    /// @notice The same with all that it takes: four of them made an epoch, and a day went by.
    function renew(uint8 who, uint8 first, bool stall) external thenHonest {
        uint32 ceremony = _openFour(false, first);
        for (uint256 i = 0; i < 5; ++i) _commit(ceremony, i, 0);
        for (uint256 i = 0; i < 5; ++i) _reveal(ceremony, i, 0);
        bytes32 key = latest == 0 ? bytes32("key") : committee.epochOf(latest).groupKey;
        for (uint256 i = 0; i < 5; ++i) _accept(ceremony, i, key);
        _settle();
        _refresh(who, 4, 1 days, stall);
    }

    function exclude(uint8 who, uint8 culprit) external thenHonest {
        uint32 ceremony = committee.latestCeremony();
        Ceremony memory entry = committee.ceremonyOf(ceremony);
        vm.prank(people[who % 4]);
        try committee.exclude(ceremony, _operator(culprit % 5)) {
            if (culprit % 5 != _HONEST) return;
            ++_votesAgainstHonest[ceremony];
            bool out = committee.ceremonyOf(ceremony).state != CeremonyState.Open;
            if (out && _votesAgainstHonest[ceremony] < entry.k) framed = true;
        } catch {}
    }

    function again() external thenHonest {
        _beginAgain(committee.latestCeremony());
    }

    function wait(uint8 time) external thenHonest {
        vm.warp(block.timestamp + time);
    }

    /// @notice Whether in no ceremony and no epoch one hospital with its departments has k seats.
    function nobodyOpensAlone() external view returns (bool) {
        for (uint32 epoch = 1; epoch <= latest; ++epoch) {
            Epoch memory entry = committee.epochOf(epoch);
            if (_opensAlone(entry.k, entry.members)) return false;
        }
        for (uint32 ceremony = 1; ceremony <= committee.latestCeremony(); ++ceremony) {
            Ceremony memory entry = committee.ceremonyOf(ceremony);
            if (_opensAlone(entry.k, entry.members) || entry.members.length < entry.k) return false;
        }
        return true;
    }

    /// @notice Whether every member of each epoch that served had accepted what serves.
    function allAccepted() external view returns (bool) {
        for (uint32 epoch = 1; epoch <= latest; ++epoch) {
            Epoch memory entry = committee.epochOf(epoch);
            for (uint256 i = 0; i < entry.members.length; ++i) {
                if (!_agreed[_madeBy[epoch]][entry.members[i]]) return false;
            }
            if (!entry.active || entry.members.length < entry.k) return false;
        }
        return true;
    }

    /// @notice Whether exactly those who had a seat in an epoch are known for it.
    function servedAreKnown() external view returns (bool) {
        for (uint256 i = 0; i < 5; ++i) {
            bool served = false;
            for (uint32 epoch = 1; epoch <= latest; ++epoch) {
                if (_has(committee.epochOf(epoch).members, _operator(i))) served = true;
            }
            if (committee.hasServed(_operator(i)) != served) return false;
        }
        return true;
    }

    /// @notice Whether each ceremony that a member opened kept set, k and key, and none went on without somebody.
    function refreshesCostNobody() external view returns (bool) {
        for (uint32 ceremony = 1; ceremony <= committee.latestCeremony(); ++ceremony) {
            Ceremony memory entry = committee.ceremonyOf(ceremony);
            if (!entry.byMember) continue;
            Epoch memory before = committee.epochOf(entry.epoch - 1);
            if (entry.generation || entry.state == CeremonyState.BegunAgain || entry.k != before.k) return false;
            if (keccak256(abi.encode(entry.members)) != keccak256(abi.encode(before.members))) return false;
        }
        return true;
    }

    /// @notice Whether each resharing has dealers enough for the key that it shares anew.
    function enoughDeal() external view returns (bool) {
        for (uint32 ceremony = 1; ceremony <= committee.latestCeremony(); ++ceremony) {
            Ceremony memory entry = committee.ceremonyOf(ceremony);
            uint16 needed = entry.generation ? entry.k : committee.epochOf(entry.epoch - 1).k;
            if (needed == 0 || entry.dealers.length < needed) return false;
        }
        return true;
    }

    function _refresh(uint8 who, uint8 dealers, uint24 later, bool stall) private {
        vm.warp(block.timestamp + (later % 2 days));
        uint32 before = committee.latestCeremony();
        OperatorId[] memory all = committee.epochOf(committee.activeEpoch()).members;
        OperatorId[] memory some = new OperatorId[](all.length == 0 ? 0 : dealers % (all.length + 1));
        for (uint256 i = 0; i < some.length; ++i) some[i] = all[i];
        try committee.openRefresh(some) {
            pushed = true;
        } catch {}
        Ceremony memory last = committee.ceremonyOf(before);
        vm.prank(people[who % 4]);
        try committee.openRefresh(some) {
            if (last.state == CeremonyState.Open || block.timestamp < last.startedAt + 1 days) pushed = true;
            if (!_has(all, _operator(who % 4)) || !committee.ceremonyOf(before + 1).byMember) pushed = true;
        } catch {}
        if (!stall || committee.latestCeremony() == before) return;
        for (uint256 i = 0; i < 5; ++i) if (i != (uint256(who) + 1) % 4) _commit(before + 1, i, 0);
        vm.warp(block.timestamp + 1 hours + 1);
        _beginAgain(committee.latestCeremony());
    }

    /// @dev The honest one acts; an epoch that began to serve is looked at.
    function _settle() private {
        _actHonestly();
        uint32 active = committee.activeEpoch();
        if (active == latest) return;
        if (active != latest + 1) jumped = true;
        uint32 ceremony = committee.latestCeremony();
        bool resharing = !committee.ceremonyOf(ceremony).generation;
        if (resharing && committee.epochOf(active).groupKey != committee.epochOf(latest).groupKey) keyChanged = true;
        (latest, _madeBy[active]) = (active, ceremony);
    }

    /// @dev A ceremony of four of them, any three of whom open.
    function _openFour(bool generation, uint8 first) private returns (uint32) {
        bool fresh = generation || latest == 0;
        OperatorId[] memory dealers = fresh ? new OperatorId[](0) : committee.epochOf(latest).members;
        OperatorId[] memory members = new OperatorId[](4);
        for (uint256 i = 0; i < 4; ++i) members[i] = _operator((first + i) % 5);
        try committee.openCeremony(fresh, 3, dealers, members, 60) {} catch {}
        return committee.latestCeremony();
    }

    function _actHonestly() private {
        uint32 ceremony = committee.latestCeremony();
        _commit(ceremony, _HONEST, 0);
        _reveal(ceremony, _HONEST, 0);
        Complaint[] memory complaints = committee.complaintsOf(ceremony);
        for (uint256 i = 0; i < complaints.length; ++i) {
            if (!(complaints[i].dealer == _operator(_HONEST)) || complaints[i].level % 2 == 0) continue;
            vm.prank(people[_HONEST]);
            try committee.answer(ceremony, complaints[i].member, new bytes(32)) {} catch {}
        }
        bytes32 kept = committee.epochOf(latest).groupKey;
        _accept(ceremony, _HONEST, committee.ceremonyOf(ceremony).generation ? bytes32("key") : kept);
    }

    function _beginAgain(uint32 ceremony) private {
        (OperatorId[] memory dealers, OperatorId[] memory members) = committee.silentIn(ceremony);
        try committee.beginAgain(ceremony) {
            if (_has(dealers, _operator(_HONEST)) || _has(members, _operator(_HONEST))) framed = true;
        } catch {}
    }

    function _commit(uint32 ceremony, uint256 who, uint256 longer) private {
        bytes32[] memory commitment = _commitment(ceremony, who, longer);
        bytes32 hash = keccak256(abi.encode(ceremony, _operator(who), commitment, bytes("proof")));
        vm.prank(people[who]);
        try committee.commit(ceremony, hash) {} catch {}
    }

    function _reveal(uint32 ceremony, uint256 who, uint256 longer) private {
        bytes32[] memory commitment = _commitment(ceremony, who, longer);
        vm.prank(people[who]);
        try committee.reveal(ceremony, commitment, "proof") {
            if (longer != 0) cheated = true;
        } catch {}
    }

    function _accept(uint32 ceremony, uint256 who, bytes32 key) private {
        Ceremony memory entry = committee.ceremonyOf(ceremony);
        bytes32[] memory shares = new bytes32[](entry.members.length);
        for (uint256 i = 0; i < shares.length; ++i) shares[i] = bytes32("share");
        vm.prank(people[who]);
        try committee.accept(ceremony, key, shares, bytes32(uint256(ceremony))) {
            _agreed[ceremony][_operator(who)] = true;
        } catch {}
    }

    function _commitment(uint32 ceremony, uint256, uint256 longer) private view returns (bytes32[] memory commitment) {
        commitment = new bytes32[](committee.ceremonyOf(ceremony).k + longer);
        for (uint256 i = 0; i < commitment.length; ++i) commitment[i] = bytes32("share");
    }

    function _opensAlone(uint16 k, OperatorId[] memory members) private pure returns (bool) {
        uint256[3] memory seats;
        for (uint256 i = 0; i < members.length; ++i) ++seats[(uint128(OperatorId.unwrap(members[i])) - 1) / 2];
        for (uint256 i = 0; i < 3; ++i) if (k != 0 && seats[i] >= k) return true;
        return false;
    }

    function _has(OperatorId[] memory parties, OperatorId operator) private pure returns (bool) {
        for (uint256 i = 0; i < parties.length; ++i) if (parties[i] == operator) return true;
        return false;
    }

    function _operator(uint256 i) private pure returns (OperatorId) {
        return OperatorId.wrap(bytes16(uint128(i + 1)));
    }
}

/// @title The committee, whatever its parties do
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract CommitteeTest is World {
    CommitteeHandler private _handler;

    function setUp() public {
        _handler = new CommitteeHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_noHospitalOpensAlone() external view {
        require(_handler.nobodyOpensAlone(), "k seats in one hand");
    }

    function invariant_anEpochServesOnlyWhenAllAccepted() external view {
        require(_handler.allAccepted(), "not accepted");
        require(!_handler.jumped(), "an epoch was left out");
    }

    function invariant_whoServedIsKnown() external view {
        require(_handler.servedAreKnown(), "a seat forgotten, or one made up");
    }

    function invariant_aResharingKeepsTheKey() external view {
        require(!_handler.keyChanged(), "another key");
        require(_handler.enoughDeal(), "too few dealers");
    }

    function invariant_whoActsInTimeIsNotStruck() external view {
        require(!_handler.framed(), "an honest party is out");
    }

    function invariant_membersRefreshAtMostDaily() external view {
        require(!_handler.pushed(), "a refresh out of time, by a stranger, or not known for one");
    }

    function invariant_aRefreshByAMemberCostsNoSeat() external view {
        require(_handler.refreshesCostNobody(), "a seat lost, or another set");
    }

    function invariant_onlyWhatWasCommittedIsRevealed() external view {
        require(!_handler.cheated(), "another package");
    }
}
