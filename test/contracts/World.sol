// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ActorRegistry} from "../../contracts/ActorRegistry.sol";
import {ConsentRegistry} from "../../contracts/ConsentRegistry.sol";
import {Delegations} from "../../contracts/Delegations.sol";
import {PatientRegistry} from "../../contracts/PatientRegistry.sol";
import {RecordRegistry} from "../../contracts/RecordRegistry.sol";
import {OrganizationKind} from "../../contracts/types/Actors.sol";
import {NO_ORGANIZATION, OrganizationId, Pseudonym} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";

/// @title A small world
/// @notice Two hospitals (accounts 0 and 1), two patients (2 and 3) of the first, and a stranger (4). Handlers draw
/// their actors from these five: with free addresses a wrong check is never met.
abstract contract World {
    bytes32 internal constant NETWORK = keccak256("network");
    OrganizationId internal constant FIRST = OrganizationId.wrap(bytes16("first"));
    OrganizationId internal constant SECOND = OrganizationId.wrap(bytes16("second"));

    address[5] internal people;
    Pseudonym[2] internal pseudonyms;
    ActorRegistry internal actors;
    PatientRegistry internal patients;
    RecordRegistry internal records;
    Delegations internal delegations;
    ConsentRegistry internal consents;

    constructor() {
        vm.warp(1_800_000_000);
        for (uint256 i = 0; i < 5; ++i) people[i] = vm.addr(_keyOf(i));
        actors = new ActorRegistry(address(new AccessManager(address(this))));
        patients = new PatientRegistry(NETWORK, actors);
        records = new RecordRegistry(NETWORK, actors, patients);
        delegations = new Delegations(patients);
        consents = new ConsentRegistry(patients, records, actors, delegations);
        actors.registerOrganization(FIRST, OrganizationKind.Hospital, NO_ORGANIZATION, people[0], "file");
        actors.registerOrganization(SECOND, OrganizationKind.Hospital, NO_ORGANIZATION, people[1], "file");
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(people[2 + i]);
            pseudonyms[i] = patients.register(people[2 + i], "secret", FIRST, "key", "");
        }
    }

    /// @dev With which the i-th of the people signs.
    function _keyOf(uint256 i) internal pure returns (uint256) {
        return 0xACC0 + i;
    }

    function _controls(address person, Pseudonym pseudonym) internal view returns (bool) {
        return patients.controllerOf(pseudonym) == person;
    }
}
