// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {FaultReports} from "../../contracts/FaultReports.sol";
import {OperatorKind} from "../../contracts/types/Actors.sol";
import {FaultKind, Frame, Leaf, ShareResponse, Standing} from "../../contracts/types/Faults.sol";
import {OperatorId} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Trees and signatures
/// @notice The reporter's side: RFC 9162 by its recursive definition, and what operators sign.
abstract contract FaultWorld is World {
    uint32 internal constant CHUNKS = 5;
    OperatorId internal constant HONEST = OperatorId.wrap(bytes16("honest"));
    OperatorId internal constant LIAR = OperatorId.wrap(bytes16("liar"));

    FaultReports public reports;

    constructor() {
        reports = new FaultReports(actors, records);
        actors.registerOperator(HONEST, OperatorKind.Storage, FIRST, people[0], "http://x", "key");
        actors.registerOperator(LIAR, OperatorKind.Storage, FIRST, people[1], "http://x", "key");
    }

    /// @dev The right digest of a chunk.
    function _digest(uint16 j, uint32 i) internal pure returns (bytes32) {
        return sha256(abi.encodePacked("chunk", j, i));
    }

    function _shareEntries(uint16 j, uint32 size) internal pure returns (bytes[] memory entries) {
        entries = new bytes[](size);
        for (uint32 i = 0; i < size; ++i) entries[i] = abi.encodePacked(j, i, _digest(j, i));
    }

    function _contentEntries(uint32 size) internal pure returns (bytes[] memory entries) {
        entries = new bytes[](size);
        for (uint32 i = 0; i < size; ++i) entries[i] = abi.encodePacked(i, _digest(0, i));
    }

    function _root(bytes[] memory entries, uint256 from, uint256 to) internal pure returns (bytes32) {
        if (to - from == 1) return sha256(abi.encodePacked(bytes1(0x00), entries[from]));
        uint256 middle = from + _split(to - from);
        return sha256(abi.encodePacked(bytes1(0x01), _root(entries, from, middle), _root(entries, middle, to)));
    }

    function _path(bytes[] memory entries, uint256 index) internal pure returns (bytes32[] memory path) {
        bytes32[] memory found = new bytes32[](32);
        uint256 depth = 0;
        (uint256 from, uint256 to) = (0, entries.length);
        for (; to - from > 1; ++depth) {
            uint256 middle = from + _split(to - from);
            found[depth] = index < middle ? _root(entries, middle, to) : _root(entries, from, middle);
            if (index < middle) to = middle;
            else from = middle;
        }
        path = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) path[i] = found[depth - 1 - i];
    }

    /// @dev The largest power of two below `count`.
    function _split(uint256 count) private pure returns (uint256 size) {
        size = 1;
        while (2 * size < count) size *= 2;
    }

    function _response(uint16 j, uint32 i, bytes32 said) internal pure returns (ShareResponse memory) {
        return ShareResponse("manifest", _root(_shareEntries(j, CHUNKS), 0, CHUNKS), j, i, said, 7, "nonce", 9);
    }

    function _signResponse(uint256 key, ShareResponse memory response) internal view returns (bytes memory) {
        bytes32 kind = keccak256(
            "ShareResponse(bytes32 manifestHash,bytes32 shareRoot,uint16 j,uint32 i,bytes32 digest,uint32 length,bytes32 nonce,uint40 time)"
        );
        return _sign(key, keccak256(abi.encode(kind, response)));
    }

    function _signFrame(uint256 key, Frame memory frame) internal view returns (bytes memory) {
        bytes32 kind = keccak256("Frame(bytes32 manifestHash,bytes32 jobId,uint32 i,bytes32 digest)");
        return _sign(key, keccak256(abi.encode(kind, frame)));
    }

    /// @dev CBOR [payload, signer, signature] with a field before the root that holds a copy of it with another value.
    function _manifest(bytes32 root) internal pure returns (bytes memory) {
        bytes memory field = abi.encodePacked(bytes1(0x6b), "contentRoot", bytes2(0x5820));
        bytes memory decoy = abi.encodePacked(field, bytes32("decoy"));
        bytes memory payload = abi.encodePacked(bytes1(0xa2), "aa", bytes2(0x582e), decoy, field, root);
        return abi.encodePacked(bytes1(0x83), bytes1(0x58), uint8(payload.length), payload, bytes2(0x4000));
    }

    function _sign(uint256 key, bytes32 hash) private view returns (bytes memory) {
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 domain = keccak256(
            abi.encode(kind, keccak256("Sharewell"), keccak256("1"), block.chainid, address(records))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, hash)));
        return abi.encodePacked(r, s, v);
    }
}

/// @title Accusers
/// @notice One node signs only what is right, the other anything; whoever likes reports, truly or not.
contract FaultHandler is FaultWorld {
    uint256 public counted;
    uint256 public slanders;
    uint256 public twice;
    mapping(bytes32 fault => bool yes) private _known;

    function reportShare(bool honest, uint8 j, uint8 i, bool lie, uint8 leafOf, bool swapped) external {
        (uint16 share, uint32 chunk) = (j % 3, i % CHUNKS);
        // The honest node says what is right; whatever else is brought against it, it did not sign.
        bytes32 said = lie && !honest ? bytes32("lie") : _digest(share, chunk);
        ShareResponse memory response = _response(share, chunk, said);
        bytes memory signature = _signResponse(_keyOf(honest ? 0 : 1), response);
        if (lie && honest) response.digest = "lie";
        uint32 other = leafOf % CHUNKS;
        bytes[] memory entries = _shareEntries(share, CHUNKS);
        Leaf memory leaf = Leaf(_digest(share, other), CHUNKS, _path(entries, other));
        OperatorId accused = honest != swapped ? HONEST : LIAR;
        bool guilty = !honest && !swapped && lie && other == chunk;
        try reports.reportShare(accused, response, signature, leaf) returns (bytes32 fault) {
            _note(fault, guilty);
        } catch {}
    }

    function reportFrame(bool honest, uint8 i, bool lie, uint8 leafOf, bool decoyed) external {
        uint32 chunk = i % CHUNKS;
        bytes[] memory entries = _contentEntries(CHUNKS);
        bytes memory manifest = _manifest(_root(entries, 0, CHUNKS));
        bytes32 said = lie && !honest ? bytes32("lie") : _digest(0, chunk);
        Frame memory frame = Frame(sha256(manifest), "job", chunk, said);
        bytes memory signature = _signFrame(_keyOf(honest ? 0 : 1), frame);
        uint32 other = leafOf % CHUNKS;
        Leaf memory leaf = Leaf(_digest(0, other), CHUNKS, _path(entries, other));
        // The copy of the field inside another one is no root.
        if (decoyed) leaf.path = new bytes32[](0);
        bool guilty = !honest && lie && other == chunk && !decoyed;
        try reports.reportFrame(honest ? HONEST : LIAR, frame, signature, leaf, manifest) returns (bytes32 fault) {
            _note(fault, guilty);
        } catch {}
    }

    function _note(bytes32 fault, bool guilty) private {
        ++counted;
        if (!guilty) ++slanders;
        if (_known[fault]) ++twice;
        _known[fault] = true;
    }
}

/// @title Invariants and fuzz tests of fault reports
contract FaultsTest is FaultWorld {
    FaultHandler private _handler;

    function setUp() external {
        _handler = new FaultHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_noSlanderCounts() external view {
        require(_handler.slanders() == 0, "slander counted");
        require(_handler.reports().standingOf(HONEST).lastAt == 0, "the honest node has faults");
    }

    function invariant_aFaultCountsOnce() external view {
        require(_handler.twice() == 0, "counted twice");
    }

    function invariant_theStandingIsTheSumOfItsFaults() external view {
        Standing memory standing = _handler.reports().standingOf(LIAR);
        require(uint256(standing.shares) + standing.frames == _handler.counted(), "another sum");
    }

    function testFuzz_findsEachLeafOfAnyTree(uint8 size, uint8 index, bytes32 said) external {
        uint32 count = 1 + (size % 40);
        uint32 i = index % count;
        bytes[] memory entries = _shareEntries(2, count);
        bytes32 root = _root(entries, 0, count);
        ShareResponse memory response = ShareResponse("manifest", root, 2, i, said, 7, "nonce", 9);
        Leaf memory leaf = Leaf(_digest(2, i), count, _path(entries, i));
        bytes32 fault = reports.reportShare(LIAR, response, _signResponse(_keyOf(1), response), leaf);
        require(reports.isReported(fault), "counted");
        require(fault == reports.faultIdOf(FaultKind.Share, LIAR, "manifest", 2, i), "its id");
    }

    function testFuzz_takesNoOtherPath(uint8 size, uint8 index, uint8 at, bytes32 node, uint32 claimed) external {
        uint32 count = 2 + (size % 40);
        uint32 i = index % count;
        bytes[] memory entries = _shareEntries(2, count);
        ShareResponse memory response = ShareResponse("manifest", _root(entries, 0, count), 2, i, "lie", 7, "nonce", 9);
        Leaf memory leaf = Leaf(_digest(2, i), claimed, _path(entries, i));
        leaf.path[at % leaf.path.length] = node;
        _refuses(response, leaf);
        leaf.path = new bytes32[](at % 33);
        _refuses(response, leaf);
    }

    function testFuzz_believesNobodyElsesSignature(uint256 key, bytes32 said) external {
        key = 1 + (key % type(uint128).max);
        ShareResponse memory response = _response(1, 2, said);
        Leaf memory leaf = Leaf(_digest(1, 2), CHUNKS, _path(_shareEntries(1, CHUNKS), 2));
        bytes memory signature = _signResponse(key, response);
        try reports.reportShare(HONEST, response, signature, leaf) {
            require(vm.addr(key) == people[0], "signed by another");
        } catch {}
    }

    function testFuzz_survivesAnyManifest(bytes calldata manifest, bytes32 digest) external {
        Frame memory frame = Frame(sha256(manifest), "job", 0, "lie");
        bytes memory signature = _signFrame(_keyOf(1), frame);
        Leaf memory leaf = Leaf(digest, 1, new bytes32[](0));
        try reports.reportFrame{gas: 5_000_000}(LIAR, frame, signature, leaf, manifest) {
            revert("noise is no manifest");
        } catch {}
    }

    function _refuses(ShareResponse memory response, Leaf memory leaf) private {
        bytes memory signature = _signResponse(_keyOf(1), response);
        try reports.reportShare(LIAR, response, signature, leaf) {
            revert("took another path");
        } catch {}
    }
}
