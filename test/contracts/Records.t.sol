// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRecordRegistry} from "../../contracts/interfaces/IRecordRegistry.sol";
import {NO_ORGANIZATION, Pseudonym, RecordId} from "../../contracts/types/Ids.sol";
import {Anchor, Record, Version} from "../../contracts/types/Records.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Acts on records
/// @notice Lets five people do anything with four records, and remembers what must stay.
contract RecordsHandler is World {
    RecordId[4] public ids;
    mapping(RecordId id => mapping(uint32 version => bytes32 hash)) public firstManifest;
    mapping(RecordId id => Record seen) private _seen;
    uint256 public intrusions;
    bool public rewritten;
    bool public wentBack;

    constructor() {
        for (uint256 i = 0; i < 4; ++i) ids[i] = records.recordIdOf(pseudonyms[i % 2], bytes32(i / 2));
    }

    function anchor(uint8 who, uint8 which, bytes32 hash, uint8 category) external {
        (address person, uint256 i) = (people[who % 5], which % 4);
        Anchor memory deposit = Anchor({
            pseudonym: pseudonyms[i % 2],
            salt: bytes32(i / 2),
            manifestHash: hash,
            placementHash: "placement",
            ptCommit: "commitment",
            category: category % 33,
            n: 5,
            t: 3,
            r: 0
        });
        vm.prank(person);
        try records.anchor(deposit) {
            _count(person, pseudonyms[i % 2]);
        } catch {}
        _observe(i);
    }

    function supersede(uint8 who, uint8 which, bytes32 hash, uint8 version) external {
        (address person, uint256 i) = (people[who % 5], which % 4);
        vm.prank(person);
        try records.supersede(ids[i], Version(version % 4, hash, "placement", "commitment", 9, 6, 3)) {
            _count(person, pseudonyms[i % 2]);
        } catch {}
        _observe(i);
    }

    function relocate(uint8 who, uint8 which, bytes32 hash, uint8 version) external {
        (address person, uint256 i) = (people[who % 5], which % 4);
        vm.prank(person);
        try records.relocate(ids[i], version % 4, hash) {
            _count(person, pseudonyms[i % 2]);
        } catch {}
        _observe(i);
    }

    function rewrap(uint8 who, uint8 which, bytes32 hash, uint8 version) external {
        (address person, uint256 i) = (people[who % 5], which % 4);
        vm.prank(person);
        try records.rewrap(ids[i], version % 4, hash) {
            _count(person, pseudonyms[i % 2]);
        } catch {}
        _observe(i);
    }

    function erase(uint8 who, uint8 which) external {
        // One time in eight, or every record is soon gone.
        if (who % 8 > 4) return;
        (address person, uint256 i) = (people[who % 5], which % 4);
        vm.prank(person);
        try records.erase(ids[i]) {
            _count(person, pseudonyms[i % 2]);
        } catch {}
        _observe(i);
    }

    /// @notice Whether every author is the pseudonym's provider or the patient.
    function authorsAreDepositors() external view returns (bool) {
        for (uint256 i = 0; i < 4; ++i) {
            Record memory record = records.recordOf(ids[i]);
            if (record.author != NO_ORGANIZATION && record.author != FIRST) return false;
        }
        return true;
    }

    /// @dev Account 0 is the provider of both pseudonyms.
    function _count(address person, Pseudonym pseudonym) private {
        if (person != people[0] && !_controls(person, pseudonym)) ++intrusions;
    }

    function _observe(uint256 i) private {
        RecordId id = ids[i];
        Record memory now_ = records.recordOf(id);
        Record memory before = _seen[id];
        for (uint32 version = 1; version <= before.version; ++version) {
            if (records.manifestHashOf(id, version) != firstManifest[id][version]) rewritten = true;
        }
        if (now_.version > before.version) firstManifest[id][now_.version] = records.manifestHashOf(id, now_.version);
        bool moved = before.version != 0 && (now_.pseudonym != before.pseudonym || now_.category != before.category);
        bool revived = before.erased && (!now_.erased || now_.version != before.version);
        if (now_.version < before.version || moved || revived) wentBack = true;
        _seen[id] = now_;
    }
}

/// @title Records, whatever five people do
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract RecordsTest is World {
    RecordsHandler private _handler;

    function setUp() public {
        _handler = new RecordsHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_anAnchoredVersionIsNeverReplaced() external view {
        require(!_handler.rewritten(), "a manifest hash changed");
    }

    function invariant_aRecordNeverGoesBack() external view {
        require(!_handler.wentBack(), "a version, owner, category or erasure was undone");
    }

    function invariant_onlyDepositorsWrite() external view {
        require(_handler.intrusions() == 0, "somebody else wrote");
        require(_handler.authorsAreDepositors(), "somebody else is the author");
    }

    function testFuzz_takesAPolicyOnlyIfItRebuildsAndHides(uint16 n, uint16 t, uint16 r) external {
        bool good = r < t && t <= n;
        Anchor memory deposit = Anchor(pseudonyms[0], "salt", "manifest", "placement", "commitment", 3, n, t, r);
        vm.prank(people[0]);
        try records.anchor(deposit) {
            require(good, "took a bad policy");
        } catch (bytes memory reason) {
            require(!good && bytes4(reason) == IRecordRegistry.RecordBadPolicy.selector, "refused a good policy");
        }
    }

    function testFuzz_keepsEveryField(bytes32 salt, bytes32 hash, uint8 category, uint16 n, uint16 t) external {
        t = uint16(1 + (uint256(t) % 65535));
        n = n < t ? t : n;
        category %= 32;
        hash = hash == 0 ? bytes32("hash") : hash;
        vm.prank(people[0]);
        RecordId id = records.anchor(Anchor(pseudonyms[0], salt, hash, ~hash, hash, category, n, t, t - 1));
        Record memory record = records.recordOf(id);
        require(record.pseudonym == pseudonyms[0] && record.author == FIRST, "whose");
        require(record.category == category && record.version == 1 && !record.erased, "what");
        require(record.n == n && record.t == t && record.r == t - 1, "policy");
        require(record.manifestHash == hash && record.placementHash == ~hash, "hashes");
    }

    function testFuzz_aRecordIdCommitsToItsPseudonym(bytes32 salt, Pseudonym other) external view {
        if (other == pseudonyms[0]) return;
        require(!(records.recordIdOf(pseudonyms[0], salt) == records.recordIdOf(other, salt)), "same id");
    }
}
