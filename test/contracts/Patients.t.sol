// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Pseudonym} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Registrations and rotations
/// @notice Lets five people register for each other and hand pseudonyms on.
contract PatientsHandler is World {
    Pseudonym[15] private _known;
    mapping(Pseudonym pseudonym => address controller) private _expected;
    bool public hijacked;

    function register(uint8 who, uint8 whom, uint8 secret, bytes calldata signature) external {
        address controller = people[whom % 5];
        vm.prank(people[who % 5]);
        try patients.register(controller, bytes32(uint256(1 + (secret % 3))), FIRST, "key", signature) returns (
            Pseudonym pseudonym
        ) {
            // Nobody has a key here, so only the controller's own transaction can count.
            if (who % 5 != whom % 5 || _expected[pseudonym] != address(0)) hijacked = true;
            _expected[pseudonym] = controller;
            _known[(whom % 5) * 3 + (secret % 3)] = pseudonym;
        } catch {}
    }

    function rotate(uint8 who, uint8 to, uint8 which) external {
        Pseudonym pseudonym = _known[which % 15];
        vm.prank(people[who % 5]);
        try patients.rotateController(pseudonym, people[to % 5]) {
            if (_expected[pseudonym] != people[who % 5]) hijacked = true;
            _expected[pseudonym] = people[to % 5];
        } catch {}
    }

    /// @notice Whether each pseudonym still has the controller that it or its last controller named.
    function holds() external view returns (bool) {
        for (uint256 i = 0; i < 15; ++i) {
            if (patients.controllerOf(_known[i]) != _expected[_known[i]]) return false;
        }
        return !hijacked;
    }
}

/// @title Pseudonyms, whatever five people do
/// @notice The invariant fails on the bugs planted for it in mutants.test.ts.
contract PatientsTest is World {
    PatientsHandler private _handler;

    function setUp() public {
        _handler = new PatientsHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_noPseudonymIsHijacked() external view {
        require(_handler.holds(), "hijacked");
    }

    function testFuzz_aPseudonymCommitsToItsController(address one, address other, bytes32 secret) external view {
        bool same = patients.pseudonymOf(one, secret) == patients.pseudonymOf(other, secret);
        require(same == (one == other), "two controllers");
    }

    function testFuzz_takesNoGarbageForASignature(address controller, bytes calldata signature) external {
        if (controller == address(this) || controller == address(0)) return;
        try patients.register(controller, "secret two", FIRST, "key", signature) {
            require(false, "took garbage");
        } catch {}
    }
}
