// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Audits} from "../../contracts/Audits.sol";
import {OperatorKind, OrganizationKind} from "../../contracts/types/Actors.sol";
import {Acknowledgement, Audit, AuditOutcome, AuditStanding} from "../../contracts/types/Audits.sol";
import {NO_ORGANIZATION, OperatorId, OrganizationId, RecordId} from "../../contracts/types/Ids.sol";
import {Anchor} from "../../contracts/types/Records.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Two nodes, five auditors
/// @notice A node of each hospital, and auditors of both and of three houses beside them; each node acknowledged one share.
abstract contract AuditWorld is World {
    uint256 internal constant HOUSES = 5;
    uint32 internal constant CHUNKS = 4;

    Audits public audits;
    OperatorId[2] internal nodes;
    OrganizationId[HOUSES] internal houses;
    OperatorId[HOUSES] internal judges;
    bytes internal manifest;
    bytes32 internal placement = "placement";

    constructor() {
        audits = new Audits(actors, records);
        houses[0] = FIRST;
        houses[1] = SECOND;
        for (uint256 k = 2; k < HOUSES; ++k) {
            houses[k] = OrganizationId.wrap(bytes16(keccak256(abi.encode("house", k))));
            address speaker = vm.addr(_auditorKey(k) + 100);
            actors.registerOrganization(houses[k], OrganizationKind.Host, NO_ORGANIZATION, speaker, "file");
        }
        for (uint256 k = 0; k < HOUSES; ++k) {
            judges[k] = OperatorId.wrap(bytes16(keccak256(abi.encode("judge", k))));
            address account = vm.addr(_auditorKey(k));
            actors.registerOperator(judges[k], OperatorKind.Reconstructor, houses[k], account, "http://x", "key");
            vm.prank(account);
            audits.enroll();
        }
        for (uint256 k = 0; k < 2; ++k) {
            nodes[k] = OperatorId.wrap(bytes16(keccak256(abi.encode("node", k))));
            actors.registerOperator(nodes[k], OperatorKind.Storage, houses[k], vm.addr(_nodeKey(k)), "http://x", "key");
        }
        RecordId id = records.recordIdOf(pseudonyms[0], "salt");
        manifest = _manifestOf(RecordId.unwrap(id), 16, 272 + (CHUNKS - 1) * 65_536);
        // Before the prank: the hash is a call, too.
        bytes32 hash = sha256(manifest);
        vm.prank(people[0]);
        records.anchor(Anchor(pseudonyms[0], "salt", hash, placement, "commit", 1, 2, 1, 0));
    }

    function _auditorKey(uint256 k) internal pure returns (uint256) {
        return 0xA0D1700 + k;
    }

    function _nodeKey(uint256 k) internal pure returns (uint256) {
        return 0x40DE00 + k;
    }

    /// @dev CBOR [payload, signer, signature] of three fields.
    function _manifestOf(bytes32 id, uint8 log, uint32 size) internal pure returns (bytes memory) {
        bytes memory payload = abi.encodePacked(
            abi.encodePacked(bytes1(0xa3), bytes1(0x68), "recordId", bytes2(0x5820), id),
            abi.encodePacked(bytes1(0x69), "chunkLog2", bytes1(0x18), log),
            abi.encodePacked(bytes1(0x69), "sealedLen", bytes1(0x1a), size)
        );
        return abi.encodePacked(bytes1(0x83), bytes1(0x58), uint8(payload.length), payload, bytes2(0x4000));
    }

    function _promised(uint16 j) internal view returns (Acknowledgement memory) {
        return Acknowledgement(sha256(manifest), placement, j, "root", 7, 9);
    }

    function _promise(uint256 key, Acknowledgement memory said) internal view returns (bytes memory) {
        bytes32 kind = keccak256(
            "Acknowledgement(bytes32 manifestHash,bytes32 placementHash,uint16 index,bytes32 shareRoot,uint64 bytes,uint40 time)"
        );
        return _sign(key, keccak256(abi.encode(kind, said)), address(records));
    }

    function _word(uint256 key, bytes32 audit, bool shown) internal view returns (bytes memory) {
        bytes32 kind = keccak256("AuditWord(bytes32 audit,uint32 i,bool shown)");
        return _sign(key, keccak256(abi.encode(kind, audit, audits.auditOf(audit).i, shown)), address(audits));
    }

    /// @dev Which of the five sits there; 5 for nobody.
    function _judgeOf(OperatorId auditor) internal view returns (uint256 k) {
        while (k < HOUSES && judges[k] != auditor) ++k;
    }

    function _sign(uint256 key, bytes32 hash, address to) private view returns (bytes memory) {
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain = keccak256(abi.encode(kind, keccak256("Sharewell"), keccak256("1"), block.chainid, to));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, hash)));
        return abi.encodePacked(r, s, v);
    }
}

/// @title Challengers and auditors
/// @notice Two hospitals ask two nodes whenever they like; auditors speak truly or not, early and late, twice and for others.
contract AuditHandler is AuditWorld {
    uint256 public strangers;
    uint256 public early;
    uint256 public ownJudges;
    uint256 public tooOften;
    uint256 public unpromised;
    uint256 public soloEnds;

    bytes32[] private _known;
    uint256 private _block = 1_000;
    uint256 private _time = block.timestamp;
    mapping(bytes32 audit => uint256 mask) private _said;
    mapping(uint256 pair => uint256 time) private _asked;
    mapping(uint256 node => uint40[] deadlines) private _missed;
    mapping(uint256 node => uint256 count) private _shown;

    function ask(bool second, bool other, bool forged) external {
        _ask(second, other, forged);
    }

    /// @dev A whole audit of a node, days after the last: mostly silent, else shown to as many auditors as `mood` says.
    function audit(bool second, bool other, uint8 mood, uint32 wait) external {
        pass(wait % 12 days);
        bytes32 id = _ask(second, other, false);
        if (id == 0) return;
        _draw(id);
        uint8 words = mood % 8;
        bool shown = words < 4;
        if (!shown) pass(1 days + (wait % 1 days));
        for (uint8 k = 0; k < 3 && k < words; ++k) _testify(id, shown, k, 0, false);
        // Who is the only one to speak says it once more.
        if (words == 1) _testify(id, shown, 0, 0, false);
    }

    /// @dev Both hospitals ask a node that is away, hours apart, and it answers neither; the later one's words come first.
    function outage(bool other, uint32 hour) external {
        pass(1 days);
        bytes32[2] memory ids;
        for (uint256 at = 0; at < 2; ++at) {
            ids[at] = _ask(at == 1, other, false);
            if (ids[at] == 0) return;
            _draw(ids[at]);
            if (at == 0) pass(hour % 20 hours);
        }
        pass(1 days);
        for (uint8 k = 0; k < 4; ++k) _testify(ids[k < 2 ? 1 : 0], false, k % 2, 0, false);
    }

    function speak(uint256 which, bool shown, uint8 k, uint8 by, bool forged) external {
        if (_known.length != 0) _testify(_known[which % _known.length], shown, k % 3, by, forged);
    }

    function pass(uint32 time) public {
        _time += time % 15 days;
        vm.warp(_time);
    }

    /// @dev What the standing of a node has to be, from the deadlines of all audits that it missed, in the order of their ends.
    function modelOf(uint256 node) external view returns (AuditStanding memory model) {
        model.shown = uint32(_shown[node]);
        uint40[] storage all = _missed[node];
        uint40[] memory counted = new uint40[](all.length);
        uint256 kept = 0;
        for (uint256 at = 0; at < all.length; ++at) {
            if (all[at] < model.lastMissAt + 1 days) continue;
            model.lastMissAt = all[at];
            ++model.missed;
            counted[kept++] = all[at];
            if (kept >= 3 && counted[kept - 1] - counted[kept - 3] <= 30 days) {
                ++model.faults;
                kept = 0;
            }
        }
        if (kept >= 1) model.second = counted[kept - 1];
        if (kept >= 2) model.first = counted[kept - 2];
    }

    function nodeOf(uint256 node) external view returns (OperatorId) {
        return nodes[node];
    }

    function _ask(bool second, bool other, bool forged) private returns (bytes32 id) {
        (uint256 house, uint256 node) = (second ? 1 : 0, other ? 1 : 0);
        Acknowledgement memory said = _promised(uint16(node));
        bytes memory signature = _promise(forged ? _nodeKey(1 - node) : _nodeKey(node), said);
        vm.roll(_block);
        vm.prank(people[house]);
        try audits.challenge(nodes[node], said, signature, manifest, 0) returns (bytes32 made) {
            id = made;
        } catch {
            return 0;
        }
        if (forged) ++unpromised;
        uint256 pair = 2 * house + node;
        if (_asked[pair] != 0 && _time < _asked[pair] + 1 days) ++tooOften;
        _asked[pair] = _time;
    }

    function _draw(bytes32 id) private {
        _block += 3;
        vm.roll(_block);
        audits.draw(id);
        _known.push(id);
        Audit memory drawn = audits.auditOf(id);
        (uint256 a, uint256 b, uint256 c) = (
            _judgeOf(drawn.auditors[0]),
            _judgeOf(drawn.auditors[1]),
            _judgeOf(drawn.auditors[2])
        );
        if (a == b || b == c || a == c) ++ownJudges;
        for (uint256 k = 0; k < 3; ++k) {
            OrganizationId house = houses[_judgeOf(drawn.auditors[k])];
            if (house == drawn.challenger || house == houses[drawn.j]) ++ownJudges;
        }
    }

    function _testify(bytes32 id, bool shown, uint8 k, uint8 by, bool forged) private {
        Audit memory before = audits.auditOf(id);
        uint256 judge = _judgeOf(before.auditors[k]);
        uint256 key = _auditorKey(forged ? (judge + 1 + (by % 4)) % HOUSES : judge);
        try audits.testify(id, shown, k, _word(key, id, shown)) {
            if (!shown && _time < before.deadline) ++early;
            if (forged) ++strangers;
            else _said[id] |= 1 << (shown ? k : k + 3);
        } catch {
            return;
        }
        AuditOutcome outcome = audits.auditOf(id).outcome;
        if (outcome == AuditOutcome.Open) return;
        uint256 words = outcome == AuditOutcome.Shown ? _said[id] & 7 : _said[id] >> 3;
        if (words & (words - (words == 0 ? 0 : 1)) == 0) ++soloEnds;
        if (outcome == AuditOutcome.Shown) ++_shown[before.j];
        else _missed[before.j].push(before.deadline);
    }
}

/// @title Invariants of audits
contract AuditsTest is AuditWorld {
    AuditHandler private _handler;

    function setUp() external {
        _handler = new AuditHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_aMissTakesTwoAuditors() external view {
        require(_handler.strangers() == 0, "a stranger's word");
        require(_handler.soloEnds() == 0, "one auditor ended it");
    }

    function invariant_silenceIsSaidAfterTheDeadline() external view {
        require(_handler.early() == 0, "too early");
    }

    function invariant_judgesAreOfOtherHouses() external view {
        require(_handler.ownJudges() == 0, "a party judged");
    }

    function invariant_aHouseAsksANodeOnceADay() external view {
        require(_handler.tooOften() == 0, "too often");
    }

    function invariant_onlyWhatWasPromisedIsAsked() external view {
        require(_handler.unpromised() == 0, "not promised");
    }

    function invariant_theStandingIsThatOfTheModel() external view {
        for (uint256 node = 0; node < 2; ++node) {
            AuditStanding memory is_ = _handler.audits().standingOf(_handler.nodeOf(node));
            AuditStanding memory model = _handler.modelOf(node);
            require(keccak256(abi.encode(is_)) == keccak256(abi.encode(model)), "another standing");
        }
    }

    /// @dev Else the invariants would hold of audits that never come that far.
    function testFuzz_theWorldBringsAuditsToAnEnd(bool second, bool other, bool shown) external {
        _handler.audit(second, other, shown ? 2 : 7, 0);
        AuditStanding memory standing = _handler.audits().standingOf(_handler.nodeOf(other ? 1 : 0));
        require(shown ? standing.shown == 1 : standing.missed == 1, "no end");
    }

    function testFuzz_countsTheChunksOfAManifest(uint8 log, uint32 size) external {
        log = 10 + (log % 15);
        size = 273 + (size % (type(uint32).max - 273));
        manifest = _manifestOf(RecordId.unwrap(records.recordIdOf(pseudonyms[1], "salt")), log, size);
        bytes32 hash = sha256(manifest);
        vm.prank(people[0]);
        records.anchor(Anchor(pseudonyms[1], "salt", hash, placement, "commit", 1, 2, 1, 0));
        Acknowledgement memory said = _promised(0);
        bytes memory signature = _promise(_nodeKey(0), said);
        vm.prank(people[1]);
        bytes32 id = audits.challenge(nodes[0], said, signature, manifest, 0);
        uint256 data = uint256(size) - 272;
        uint256 whole = data / (uint256(1) << log);
        uint256 rest = data % (uint256(1) << log) == 0 ? 0 : 1;
        require(audits.auditOf(id).chunks == whole + rest + 1, "another count");
    }

    function testFuzz_survivesAnyManifest(bytes calldata noise) external {
        manifest = noise;
        Acknowledgement memory said = _promised(0);
        bytes memory signature = _promise(_nodeKey(0), said);
        vm.prank(people[1]);
        try audits.challenge{gas: 5_000_000}(nodes[0], said, signature, noise, 0) {
            revert("noise is no manifest");
        } catch {}
    }
}
