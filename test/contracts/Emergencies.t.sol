// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BreakGlass} from "../../contracts/BreakGlass.sol";
import {KeyCommittee} from "../../contracts/KeyCommittee.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Officer, Opening, Verdict, Window} from "../../contracts/types/Emergency.sol";
import {NO_RECORD, OrganizationId} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Emergencies
/// @notice The first hospital keeps the patients; person 3 is its officer, persons 2 and 4 are emergency clinicians of the
/// second, and all three are reviewers there too.
contract EmergencyHandler is World {
    bytes32 private constant _TYPEHASH = keccak256(
        "BreakGlass(bytes32 pseudonym,bytes32 recordId,address clinician,bytes32 credentialId,address guardian,"
        "bytes32 reasonCommit,bytes32 partKeyHash,uint40 deadline)"
    );
    BreakGlass public immutable GLASS;
    bytes32 private immutable _DOMAIN;
    bytes32[] private _ids;
    mapping(bytes32 id => uint256 time) private _openedAt;
    mapping(bytes32 id => bool done) private _reviewed;
    mapping(bytes32 id => uint256 times) private _openings;
    uint256 public alone;
    uint256 public owing;
    uint256 public biased;
    uint256 public again;
    uint256 public strangers;

    constructor() {
        GLASS = new BreakGlass(actors, patients, records, new KeyCommittee(actors.authority(), actors));
        _DOMAIN = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Sharewell"),
                keccak256("1"),
                block.chainid,
                address(GLASS)
            )
        );
        uint40 until = uint40(block.timestamp + 400 days);
        uint32 both = (uint32(1) << Roles.EMERGENCY_CLINICIAN) | (uint32(1) << Roles.REVIEWER);
        for (uint256 i = 2; i < 5; ++i) {
            vm.prank(people[1]);
            actors.attest(people[i], SECOND, both, until, "file");
        }
        vm.prank(people[0]);
        actors.attest(people[3], FIRST, uint32(1) << Roles.EMERGENCY_OFFICER, until, "file");
        Officer[] memory officers = new Officer[](1);
        officers[0] = Officer(people[3], new bytes(1216));
        vm.prank(people[0]);
        GLASS.nameOfficers(FIRST, officers);
    }

    function open(uint8 by, uint8 asClinician, uint8 asGuardian, uint8 signed, uint8 reason) external {
        uint256 clinician =
            asClinician % 8 == 0
                ? 3
                : asClinician % 2 == 0
                    ? 2
                    : 4;
        uint256 guardian = asGuardian % 8 == 0 ? 2 + (asClinician % 2) : 3;
        Opening memory opening = _openingOf(clinician, guardian, reason);
        bool overdue = _isOverdue();
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _DOMAIN, keccak256(abi.encode(_TYPEHASH, opening))));
        bytes memory mine = _sign(signed % 8 == 1 ? 0 : clinician, digest);
        bytes memory theirs = _sign(signed % 8 == 2 ? clinician : guardian, digest);
        vm.prank(people[by % 5]);
        try GLASS.openBreakGlass(opening, mine, theirs) returns (bytes32 id) {
            if (signed % 8 == 1 || signed % 8 == 2 || clinician == guardian || guardian != 3) ++alone;
            if (overdue) ++owing;
            if (++_openings[id] > 1) ++again;
            _ids.push(id);
            _openedAt[id] = block.timestamp;
        } catch {}
    }

    function close(uint8 by, uint8 which) external {
        if (_ids.length == 0) return;
        bytes32 id = _ids[which % _ids.length];
        Window memory entry = GLASS.windowOf(id);
        address sender = people[by % 5];
        vm.prank(sender);
        try GLASS.closeBreakGlass(id) {
            bool may = sender == entry.clinician || sender == entry.guardian || sender == people[2];
            if (!may || block.timestamp >= _openedAt[id] + 24 hours) ++strangers;
        } catch {}
    }

    function review(uint8 by, uint8 which, bool first) external {
        if (_ids.length == 0) return;
        bytes32 id = _ids[first ? 0 : which % _ids.length];
        Window memory entry = GLASS.windowOf(id);
        address sender = people[2 + (by % 3)];
        bytes32 credentialId = actors.credentialId(sender, SECOND);
        vm.prank(sender);
        try GLASS.reviewBreakGlass(id, credentialId, Verdict.Justified, 0) {
            bool running = entry.closedAt == 0 && block.timestamp < _openedAt[id] + 24 hours;
            if (sender == entry.clinician || sender == entry.guardian || running || _reviewed[id]) ++biased;
            _reviewed[id] = true;
        } catch {}
    }

    function wait(uint8 time) external {
        vm.warp(
            block.timestamp +
                (
                    time % 4 == 0
                        ? 73 hours
                        : time % 4 == 1
                            ? 25 hours
                            : time % 4
                )
        );
    }

    function told() external view returns (bool) {
        return (GLASS.overdueOf(SECOND) != 0) == _isOverdue() && GLASS.overdueOf(FIRST) == 0;
    }

    function bounded() external view returns (bool) {
        for (uint256 i = 0; i < _ids.length; ++i) {
            Window memory entry = GLASS.windowOf(_ids[i]);
            if (entry.until != _openedAt[_ids[i]] + 24 hours || entry.openedAt != _openedAt[_ids[i]]) return false;
        }
        return true;
    }

    function _openingOf(uint256 clinician, uint256 guardian, uint8 reason) private view returns (Opening memory) {
        return
            Opening(
                pseudonyms[0],
                NO_RECORD,
                people[clinician],
                actors.credentialId(people[clinician], SECOND),
                people[guardian],
                bytes32(uint256(reason % 2) + 1),
                "key",
                uint40(block.timestamp + 600)
            );
    }

    function _isOverdue() private view returns (bool) {
        for (uint256 i = 0; i < _ids.length; ++i) {
            if (!_reviewed[_ids[i]] && block.timestamp > _openedAt[_ids[i]] + 72 hours) return true;
        }
        return false;
    }

    function _sign(uint256 who, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf(who), digest);
        return abi.encodePacked(r, s, v);
    }
}

/// @title Invariants of break-glass
contract EmergenciesTest {
    EmergencyHandler private _handler;

    function setUp() public {
        _handler = new EmergencyHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_nobodyBreaksTheGlassAlone() public view {
        require(_handler.alone() == 0, "one person was enough");
    }

    function invariant_whoOwesAReviewOpensNothing() public view {
        require(_handler.owing() == 0, "opened with a review overdue");
    }

    function invariant_anOverdueReviewIsSeen() public view {
        require(_handler.told(), "not what is owed");
    }

    function invariant_whoTookPartReviewsNothing() public view {
        require(_handler.biased() == 0, "reviewed by who took part, too early, or twice");
    }

    function invariant_anOpeningCountsOnce() public view {
        require(_handler.again() == 0, "opened again");
    }

    function invariant_aWindowLastsADay() public view {
        require(_handler.bounded() && _handler.strangers() == 0, "another time, or closed by a stranger");
    }
}
