// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {KeyCommittee} from "../../contracts/KeyCommittee.sol";
import {OperatorKind, OrganizationKind} from "../../contracts/types/Actors.sol";
import {Epoch} from "../../contracts/types/Committee.sol";
import {OperatorId, OrganizationId} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Acts of a committee
/// @notice Five people run five key nodes: two for the first hospital, one of them in its department, two for the
/// second, one for a third. The administration proposes anything.
contract CommitteeHandler is World {
    OrganizationId private constant _WARD = OrganizationId.wrap(bytes16("ward"));
    OrganizationId private constant _THIRD = OrganizationId.wrap(bytes16("third"));

    KeyCommittee public committee;
    mapping(bytes32 transcript => mapping(OperatorId operator => bool yes)) private _agreed;
    uint32 public latest;
    bool public jumped;

    constructor() {
        committee = new KeyCommittee(actors.authority(), actors);
        actors.registerOrganization(_WARD, OrganizationKind.Department, FIRST, address(0xD), "file");
        actors.registerOrganization(_THIRD, OrganizationKind.Hospital, OrganizationId.wrap(0), address(0xE), "file");
        OrganizationId[5] memory homes = [FIRST, _WARD, SECOND, SECOND, _THIRD];
        for (uint256 i = 0; i < 5; ++i) {
            actors.registerOperator(_operator(i), OperatorKind.Key, homes[i], people[i], "http://x", "key");
        }
    }

    function propose(uint8 k, uint8 count, uint8 first, uint8 step, uint8 transcript) external {
        OperatorId[] memory members = new OperatorId[](count % 7);
        bytes32[] memory shares = new bytes32[](count % 7);
        for (uint256 i = 0; i < members.length; ++i) {
            (members[i], shares[i]) = (_operator((first + i * (1 + (step % 2))) % 5), "share");
        }
        uint32 next = committee.activeEpoch() + 1;
        bytes32 transcriptHash = bytes32(uint256(1 + (transcript % 32)));
        try committee.propose(next, k % 6, members, "key", shares, transcriptHash) {} catch {}
    }

    function confirm(uint8 who) external {
        uint32 next = committee.activeEpoch() + 1;
        bytes32 transcript = committee.epochOf(next).transcriptHash;
        vm.prank(people[who % 5]);
        try committee.confirm(next, transcript) {
            _agreed[transcript][_operator(who % 5)] = true;
        } catch {}
        uint32 active = committee.activeEpoch();
        if (active != latest && active != latest + 1) jumped = true;
        latest = active;
    }

    /// @notice Whether in no epoch, proposed or serving, one hospital with its departments has k seats.
    function nobodyOpensAlone() external view returns (bool) {
        for (uint32 epoch = 1; epoch <= latest + 1; ++epoch) {
            Epoch memory entry = committee.epochOf(epoch);
            uint256[3] memory seats;
            for (uint256 i = 0; i < entry.members.length; ++i) {
                uint256 operator = uint128(OperatorId.unwrap(entry.members[i])) - 1;
                ++seats[operator / 2];
            }
            for (uint256 i = 0; i < 3; ++i) if (entry.k != 0 && seats[i] >= entry.k) return false;
        }
        return true;
    }

    /// @notice Whether every member of each epoch that served had confirmed its transcript.
    function allConfirmed() external view returns (bool) {
        for (uint32 epoch = 1; epoch <= latest; ++epoch) {
            Epoch memory entry = committee.epochOf(epoch);
            for (uint256 i = 0; i < entry.members.length; ++i) {
                if (!_agreed[entry.transcriptHash][entry.members[i]]) return false;
            }
            if (!entry.active || entry.members.length < entry.k) return false;
        }
        return true;
    }

    function _operator(uint256 i) private pure returns (OperatorId) {
        return OperatorId.wrap(bytes16(uint128(i + 1)));
    }
}

/// @title The committee, whatever is proposed
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

    function invariant_anEpochServesOnlyWhenAllConfirmed() external view {
        require(_handler.allConfirmed(), "not confirmed");
        require(!_handler.jumped(), "an epoch was left out");
    }
}
