// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Credential} from "../../contracts/types/Actors.sol";
import {NO_ORGANIZATION, OrganizationId} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Acts of organizations
/// @notice Lets five people, two of them hospitals, authorize each other's keys and vouch for each other.
contract ActorsHandler is World {
    uint256 public intrusions;

    function authorize(uint8 who, uint8 key, uint16 time) external {
        address person = people[who % 5];
        vm.prank(person);
        try actors.authorizeUploader(people[key % 5], time % 4 == 0 ? 0 : uint40(block.timestamp + time)) {
            if (who % 5 > 1) ++intrusions;
        } catch {}
    }

    function attest(uint8 who, uint8 whom, bool first, uint16 time, bytes1 file) external {
        vm.prank(people[who % 5]);
        uint40 until = uint40(block.timestamp + time);
        try actors.attest(people[whom % 5], first ? FIRST : SECOND, 1, until, bytes32(file & 0x0f)) {
            if (who % 5 != (first ? 0 : 1)) ++intrusions;
        } catch {}
    }

    /// @notice The hospital itself vouches again: what strangers try hardly ever gets there twice.
    function renew(uint8 whom, bool first) external {
        vm.prank(people[first ? 0 : 1]);
        try
            actors.attest(
                people[whom % 5],
                first ? FIRST : SECOND,
                1,
                uint40(block.timestamp + 1 days),
                bytes32("\x01")
            )
        {} catch {}
    }

    function retract(uint8 who, uint8 whom, bool first) external {
        vm.prank(people[who % 5]);
        try actors.retract(people[whom % 5], first ? FIRST : SECOND) {
            if (who % 5 != (first ? 0 : 1)) ++intrusions;
        } catch {}
    }

    function rename(uint8 who, bool first, bytes1 file) external {
        vm.prank(people[who % 5]);
        try actors.setDirectoryHash(first ? FIRST : SECOND, bytes32(file & 0x0f)) {
            if (who % 5 != (first ? 0 : 1)) ++intrusions;
        } catch {}
    }

    function switchOff(uint8 who, bool first, bool active) external {
        vm.prank(people[who % 5]);
        try actors.setOrganizationActive(first ? FIRST : SECOND, active) {
            ++intrusions;
        } catch {}
    }

    function wait(uint8 time) external {
        vm.warp(block.timestamp + time);
    }

    /// @notice Whether both hospitals still deposit for themselves.
    function hospitalsSpeak() external view returns (bool) {
        return actors.providerOf(people[0]) == FIRST && actors.providerOf(people[1]) == SECOND;
    }

    /// @notice Whether the file of every entry that stands is listed, and an old one is not listed for ever.
    function filesAreListed() external view returns (bool) {
        uint256 stands = 1;
        stands = _mark(stands, actors.organizationOf(FIRST).directoryHash);
        stands = _mark(stands, actors.organizationOf(SECOND).directoryHash);
        for (uint256 i = 0; i < 10; ++i) {
            bytes32 id = actors.credentialId(people[i % 5], i < 5 ? FIRST : SECOND);
            Credential memory credential = actors.credentialOf(id);
            if (!credential.retracted) stands = _mark(stands, credential.directoryHash);
        }
        for (uint256 file = 1; file < 16; ++file) {
            bool listed = actors.isListed(bytes32(bytes1(uint8(file))));
            if (listed != ((stands >> file) & 1 == 1)) return false;
        }
        return true;
    }

    /// @notice Whether each account's affiliations are listed once each.
    function affiliationsAreDistinct() external view returns (bool) {
        for (uint256 i = 0; i < 5; ++i) {
            bytes32[] memory ids = actors.credentialsOf(people[i]);
            if (ids.length > 2 || (ids.length == 2 && ids[0] == ids[1])) return false;
        }
        return true;
    }

    /// @dev Files here are one byte; "file", which the world starts with, is marked by its first letter only.
    function _mark(uint256 stands, bytes32 file) private pure returns (uint256) {
        return file << 8 == 0 ? stands | (1 << uint8(file[0])) : stands;
    }
}

/// @title Actors, whatever five people do
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract ActorsTest is World {
    ActorsHandler private _handler;

    function setUp() public {
        _handler = new ActorsHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_nobodyActsForAnother() external view {
        require(_handler.intrusions() == 0, "somebody else acted");
    }

    function invariant_noHospitalLosesItsVoice() external view {
        require(_handler.hospitalsSpeak(), "a hospital was taken over");
    }

    function invariant_theFileOfEveryEntryIsListed() external view {
        require(_handler.filesAreListed(), "listed wrongly");
    }

    function invariant_affiliationsAreDistinct() external view {
        require(_handler.affiliationsAreDistinct(), "listed twice");
    }

    function testFuzz_anAffiliationLivesUntilItsEnd(uint40 until, uint40 at) external {
        uint40 latest = uint40(block.timestamp + 400 days);
        until = uint40(block.timestamp + 1 + (uint256(until) % 400 days));
        require(until <= latest, "bound");
        vm.prank(people[0]);
        actors.attest(people[4], FIRST, 1, until, "file");
        require(actors.isCredentialLive(actors.credentialId(people[4], FIRST), at) == (at < until), "end");
    }

    function testFuzz_strangersDepositForNobody(address stranger) external view {
        if (stranger == people[0] || stranger == people[1]) return;
        require(actors.providerOf(stranger) == NO_ORGANIZATION, "a provider");
    }

    function testFuzz_oneAffiliationForEachAccountAndOrganization(
        address account,
        address other,
        OrganizationId organization
    ) external view {
        bool same = actors.credentialId(account, organization) == actors.credentialId(other, organization);
        require(same == (account == other), "two accounts");
    }
}
