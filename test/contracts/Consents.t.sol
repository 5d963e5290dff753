// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConsentState, Decision, Query, Slot, Terms} from "../../contracts/types/Consents.sol";
import {NO_RECORD, Pseudonym, RecordId} from "../../contracts/types/Ids.sol";
import {Anchor} from "../../contracts/types/Records.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Acts of consent
/// @notice Lets five people decide about two pseudonyms and two readers, and keeps a plain model beside the registry.
contract ConsentsHandler is World {
    /// @dev What the model remembers of one consent.
    struct Said {
        bool permit;
        bool denied;
        Terms terms;
        uint256 time;
    }

    uint8 private constant _CATEGORY = 3;

    RecordId[2] private _ids;
    bytes32[2] private _grantees;
    /// @dev Pseudonym, grantee, and 0 for the record or 1 for categories.
    Said[2][2][2] private _said;
    uint256[2][2] private _stopped;
    uint256[2] private _stoppedAll;
    uint256 public intrusions;

    constructor() {
        for (uint256 p = 0; p < 2; ++p) {
            vm.prank(people[0]);
            _ids[p] = records.anchor(Anchor(pseudonyms[p], "salt", "m", "p", "c", _CATEGORY, 5, 3, 0));
            _grantees[p] = consents.personId(people[3 + p], 0);
        }
    }

    function grant(uint8 who, uint8 which, uint8 start, uint8 length, uint8 purposes, uint8 categories) external {
        (uint256 p, uint256 g, uint256 scope) = _split(which);
        uint40 from = uint40(block.timestamp + (start % 20)) - 10;
        Terms memory terms = Terms(
            from,
            from + (length % 40),
            1 + (purposes % 3),
            scope == 0 ? 0 : 1 + (categories % 15),
            0
        );
        vm.prank(_person(who, p));
        try consents.grant(pseudonyms[p], _grantees[g], _scope(p, scope), terms) {
            _count(_person(who, p), p);
            _said[p][g][scope] = Said(true, false, terms, block.timestamp);
        } catch {}
    }

    function revoke(uint8 who, uint8 which) external {
        (uint256 p, uint256 g, uint256 scope) = _split(which);
        vm.prank(_person(who, p));
        try consents.revoke(pseudonyms[p], _grantees[g], _scope(p, scope)) {
            _count(_person(who, p), p);
            delete _said[p][g][scope];
        } catch {}
    }

    function deny(uint8 who, uint8 which) external {
        (uint256 p, uint256 g, uint256 scope) = _split(which);
        vm.prank(_person(who, p));
        try consents.deny(pseudonyms[p], _grantees[g], _scope(p, scope)) {
            _count(_person(who, p), p);
            delete _said[p][g][scope];
            _said[p][g][scope].denied = true;
        } catch {}
    }

    function revokeAll(uint8 who, uint8 which, bool everyone) external {
        (uint256 p, uint256 g, ) = _split(which);
        vm.prank(_person(who, p));
        try consents.revokeAll(pseudonyms[p], everyone ? bytes32(0) : _grantees[g]) {
            _count(_person(who, p), p);
            if (everyone) _stoppedAll[p] = block.timestamp;
            else _stopped[p][g] = block.timestamp;
        } catch {}
    }

    function wait(uint8 time) external {
        vm.warp(block.timestamp + 1 + (time % 10));
    }

    /// @notice Whether the registry decides every question about now as the model does.
    function agrees() external view returns (bool) {
        for (uint256 i = 0; i < 32; ++i) {
            (uint256 p, uint256 g, uint256 scope) = _split(uint8(i % 8));
            uint8 purpose = uint8((i >> 3) & 1);
            // The last second and the first after it are where a wrong comparison shows.
            uint40 at = uint40(block.timestamp + (i >> 4));
            Query memory query = Query(pseudonyms[p], _scope(p, scope), _CATEGORY, people[3 + g], 0, purpose, at);
            (Decision code, ) = consents.decide(query);
            if (_denied(p, g, scope) != (code == Decision.Denied)) return false;
            if (_permitted(p, g, scope, purpose, at) != (code == Decision.Permit)) return false;
        }
        return true;
    }

    function _denied(uint256 p, uint256 g, uint256 scope) private view returns (bool) {
        return _said[p][g][1].denied || (scope == 0 && _said[p][g][0].denied);
    }

    function _permitted(uint256 p, uint256 g, uint256 scope, uint8 purpose, uint40 at) private view returns (bool) {
        if (_denied(p, g, scope)) return false;
        for (; scope < 2; ++scope) {
            Said memory said = _said[p][g][scope];
            bool stands = said.permit && said.time > _stopped[p][g] && said.time > _stoppedAll[p];
            bool timely = said.terms.from <= at && at < said.terms.until;
            bool covered = scope == 0 || said.terms.categories & (1 << _CATEGORY) != 0;
            if (stands && timely && covered && said.terms.purposes & (1 << purpose) != 0) return true;
        }
        return false;
    }

    function _count(address person, uint256 p) private {
        if (!_controls(person, pseudonyms[p])) ++intrusions;
    }

    /// @dev Most often the one who may: else slots stay empty and no rule about them is met.
    function _person(uint8 who, uint256 p) private view returns (address) {
        return who < 64 ? people[who % 5] : people[2 + p];
    }

    function _scope(uint256 p, uint256 scope) private view returns (RecordId) {
        return scope == 0 ? _ids[p] : NO_RECORD;
    }

    function _split(uint8 which) private pure returns (uint256 p, uint256 g, uint256 scope) {
        return (which & 1, (which >> 1) & 1, (which >> 2) & 1);
    }
}

/// @title Consents, whatever five people do
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract ConsentsTest is World {
    ConsentsHandler private _handler;
    RecordId private _id;
    bytes32 private _reader;

    function setUp() public {
        _handler = new ConsentsHandler();
        vm.prank(people[0]);
        _id = records.anchor(Anchor(pseudonyms[0], "salt", "m", "p", "c", 3, 5, 3, 0));
        _reader = consents.personId(people[4], 0);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_onlyTheControllerDecides() external view {
        require(_handler.intrusions() == 0, "somebody else decided");
    }

    function invariant_decidesAsTheModelDoes() external view {
        require(_handler.agrees(), "another decision than the model");
    }

    function testFuzz_permitsFromTheFirstSecondToTheLast(uint40 from, uint40 until, uint40 at) external {
        if (from >= until || until <= block.timestamp) return;
        _grant(Terms(from, until, 1, 0, 0));
        Decision expected =
            at < from
                ? Decision.NotYetValid
                : at < until
                    ? Decision.Permit
                    : Decision.Expired;
        require(_ask(0, at) == expected, "wrong time");
    }

    function testFuzz_permitsThePurposesNamedAndNoOther(uint8 purposes, uint8 purpose) external {
        uint16 named = purposes & 0xfb;
        if (named == 0) return;
        _grant(Terms(0, type(uint40).max, named, 0, 0));
        bool known = purpose < 8 && purpose != 2;
        bool permitted = known && named & (1 << purpose) != 0;
        Decision refusal = known ? Decision.WrongPurpose : Decision.UnknownPurpose;
        require(_ask(purpose, 5) == (permitted ? Decision.Permit : refusal), "wrong purpose");
    }

    function testFuzz_keepsEveryField(uint40 from, uint40 until, uint8 purposes, uint32 categories) external {
        purposes &= 0xfb;
        if (from >= until || until <= block.timestamp || purposes == 0 || categories == 0) return;
        vm.prank(people[2]);
        consents.grant(pseudonyms[0], _reader, NO_RECORD, Terms(from, until, purposes, categories, 0));
        bytes32 key = consents.keyOf(pseudonyms[0], _reader, NO_RECORD);
        _check(consents.slotOf(key), Terms(from, until, purposes, categories, 0), ConsentState.Permit);
        vm.warp(block.timestamp + 100);
        vm.prank(people[2]);
        consents.revoke(pseudonyms[0], _reader, NO_RECORD);
        _check(consents.slotOf(key), Terms(from, until, purposes, categories, 0), ConsentState.Revoked);
    }

    function _check(Slot memory slot, Terms memory terms, ConsentState state) private view {
        require(slot.from == terms.from && slot.until == terms.until, "times");
        require(slot.purposes == terms.purposes && slot.categories == terms.categories, "masks");
        require(slot.useLimit == 0 && slot.used == 0 && slot.changedAt == block.timestamp, "uses or change");
        require(slot.state == state, "state");
    }

    function _grant(Terms memory terms) private {
        vm.prank(people[2]);
        consents.grant(pseudonyms[0], _reader, _id, terms);
    }

    function _ask(uint8 purpose, uint40 at) private view returns (Decision code) {
        (code, ) = consents.decide(Query(pseudonyms[0], _id, 3, people[4], 0, purpose, at));
    }
}
