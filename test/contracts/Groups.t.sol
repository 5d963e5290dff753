// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationKind} from "../../contracts/types/Actors.sol";
import {Decision, Path, Query, Terms} from "../../contracts/types/Consents.sol";
import {NO_RECORD, OrganizationId} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Acts about a department and who works there
/// @notice A patient consents to a hospital, its department, and a role at each; people come and go.
contract GroupsHandler is World {
    OrganizationId internal constant WARD = OrganizationId.wrap(bytes16("ward"));
    uint8 private constant _NO_ROLE = 255;

    /// @dev By place (0 the ward, 1 the hospital) and role (0, 1, or 2 for the place itself).
    bool[3][2] private _permitted;
    bool[2] private _on = [true, true];
    /// @dev By reader.
    uint32[2] private _roles;
    uint256[2] private _until;
    bool[2] private _denied;

    constructor() {
        actors.registerOrganization(WARD, OrganizationKind.Department, FIRST, address(0xDA), "file");
    }

    function attest(bool other, uint8 roles, uint16 time) external {
        uint256 r = other ? 1 : 0;
        uint40 until = uint40(block.timestamp + 1 + time);
        vm.prank(address(0xDA));
        try actors.attest(people[3 + r], WARD, 1 + (roles % 3), until, "file") {
            (_roles[r], _until[r]) = (1 + (roles % 3), until);
        } catch {}
    }

    function retract(bool other) external {
        vm.prank(address(0xDA));
        try actors.retract(people[3 + (other ? 1 : 0)], WARD) {
            _until[other ? 1 : 0] = 0;
        } catch {}
    }

    function switchTo(bool hospital, bool on) external {
        actors.setOrganizationActive(hospital ? FIRST : WARD, on);
        _on[hospital ? 1 : 0] = on;
    }

    function permit(bool hospital, uint8 role) external {
        bytes32 group = _group(hospital, role);
        vm.prank(people[2]);
        consents.grant(pseudonyms[0], group, NO_RECORD, Terms(0, type(uint40).max, 1, 8, 0));
        _permitted[hospital ? 1 : 0][role % 3] = true;
    }

    function end(bool hospital, uint8 role, bool denies) external {
        bytes32 group = _group(hospital, role);
        vm.prank(people[2]);
        if (denies) consents.deny(pseudonyms[0], group, NO_RECORD);
        else consents.revoke(pseudonyms[0], group, NO_RECORD);
        _permitted[hospital ? 1 : 0][role % 3] = false;
    }

    function deny(bool other, bool ended) external {
        bytes32 person = consents.personId(people[3 + (other ? 1 : 0)], 0);
        vm.prank(people[2]);
        if (ended) consents.revoke(pseudonyms[0], person, NO_RECORD);
        else consents.deny(pseudonyms[0], person, NO_RECORD);
        _denied[other ? 1 : 0] = !ended;
    }

    function wait(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    /// @notice Whether those read who work where the patient permits it, in a role that is permitted, and nobody else.
    function staffReads() external view returns (bool) {
        for (uint256 r = 0; r < 2; ++r) {
            (Decision code, ) = consents.decide(_question(r));
            if ((code == Decision.Permit) != _reads(r)) return false;
            if ((code == Decision.Denied) != _denied[r]) return false;
        }
        return true;
    }

    /// @notice Whether the search permits exactly where some path does.
    function pathsAgree() external view returns (bool) {
        for (uint256 r = 0; r < 2; ++r) {
            (Decision code, ) = consents.decide(_question(r));
            bool found = _along(r, 0, 0, _NO_ROLE);
            bytes32 id = actors.credentialId(people[3 + r], WARD);
            for (uint256 i = 0; i < 6; ++i) {
                uint8 role = uint8(i % 3);
                if (_along(r, id, uint8(i / 3), role == 2 ? _NO_ROLE : role)) found = true;
            }
            if (found != (code == Decision.Permit)) return false;
        }
        return true;
    }

    function _reads(uint256 r) private view returns (bool) {
        if (_denied[r] || block.timestamp >= _until[r] || !_on[0] || !_on[1]) return false;
        for (uint256 place = 0; place < 2; ++place) {
            if (_permitted[place][2]) return true;
            for (uint256 role = 0; role < 2; ++role) {
                if (_permitted[place][role] && (_roles[r] >> role) & 1 == 1) return true;
            }
        }
        return false;
    }

    function _along(uint256 r, bytes32 id, uint8 level, uint8 role) private view returns (bool) {
        (Decision code, ) = consents.decideAlong(_question(r), Path(id, level, role, true));
        return code == Decision.Permit;
    }

    function _question(uint256 r) private view returns (Query memory) {
        return Query(pseudonyms[0], NO_RECORD, 3, people[3 + r], 0, 0, uint40(block.timestamp));
    }

    function _group(bool hospital, uint8 role) private view returns (bytes32) {
        return consents.groupId(hospital ? FIRST : WARD, role % 3 == 2 ? _NO_ROLE : role % 3, 0);
    }
}

/// @title Consents to organizations and roles, whoever comes and goes
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract GroupsTest is World {
    GroupsHandler private _handler;

    function setUp() public {
        _handler = new GroupsHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_staffReadsWhatItsPlaceMay() external view {
        require(_handler.staffReads(), "another reader than the staff");
    }

    function invariant_theSearchPermitsWhereAPathDoes() external view {
        require(_handler.pathsAgree(), "search and path differ");
    }

    function testFuzz_idsOfOrganizationsAndRolesAreDistinct(
        OrganizationId one,
        OrganizationId other,
        uint8 role,
        uint8 otherRole,
        bytes32 salt
    ) external view {
        bool same = one == other && role == otherRole;
        require((consents.groupId(one, role, salt) == consents.groupId(other, otherRole, salt)) == same, "ids");
        address account = address(uint160(uint128(OrganizationId.unwrap(one))));
        require(consents.groupId(one, role, salt) != consents.personId(account, salt), "a person's id");
    }

    function testFuzz_takesOneToFourRoles(uint32 roles) external {
        uint256 count;
        for (uint256 bit = 0; bit < 32; ++bit) count += (roles >> bit) & 1;
        vm.prank(people[0]);
        try actors.attest(people[4], FIRST, roles, uint40(block.timestamp + 1), "file") {
            require(count >= 1 && count <= 4, "too many or none");
        } catch {
            require(count == 0 || count > 4, "refused");
        }
    }
}
