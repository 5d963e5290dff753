// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IFaultReports} from "./interfaces/IFaultReports.sol";
import {IRecordRegistry} from "./interfaces/IRecordRegistry.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {MerklePath} from "./libraries/MerklePath.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {FaultKind, Frame, Leaf, ShareResponse, Standing} from "./types/Faults.sol";
import {OperatorId} from "./types/Ids.sol";

/// @title Fault reports
/// @notice One slot for each operator that lied, one for each fault.
contract FaultReports is IFaultReports {
    bytes32 private constant _SHARE_TYPEHASH = keccak256(
        "ShareResponse(bytes32 manifestHash,bytes32 shareRoot,uint16 j,uint32 i,bytes32 digest,uint32 length,bytes32 nonce,uint40 time)"
    );
    bytes32 private constant _FRAME_TYPEHASH = keccak256(
        "Frame(bytes32 manifestHash,bytes32 jobId,uint32 i,bytes32 digest)"
    );
    bytes32 private constant _DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    /// @dev The label with its length in front (docs/spec/encoding.md).
    bytes private constant _LABEL = "\x00\x00\x00\x17sharewell/share/1 fault";

    IActorRegistry private immutable _ACTORS;
    /// @dev Operators sign what they say of records to the registry of records.
    IRecordRegistry private immutable _RECORDS;

    mapping(OperatorId operator => Standing standing) private _standings;

    /// @inheritdoc IFaultReports
    mapping(bytes32 fault => bool yes) public isReported;

    /// @notice Judges by the accounts of this registry what was signed for those records.
    constructor(IActorRegistry actors, IRecordRegistry records) {
        _ACTORS = actors;
        _RECORDS = records;
    }

    /// @inheritdoc IFaultReports
    function reportShare(
        OperatorId operator,
        ShareResponse calldata response,
        bytes calldata signature,
        Leaf calldata leaf
    ) external returns (bytes32) {
        bytes memory entry = abi.encodePacked(response.j, response.i, leaf.digest);
        _checkLie(response.digest, leaf, entry, response.i, response.shareRoot);
        _checkSigned(operator, keccak256(abi.encode(_SHARE_TYPEHASH, response)), signature);
        return _count(FaultKind.Share, operator, response.manifestHash, response.j, response.i);
    }

    /// @inheritdoc IFaultReports
    function reportFrame(
        OperatorId operator,
        Frame calldata frame,
        bytes calldata signature,
        Leaf calldata leaf,
        bytes calldata manifest
    ) external returns (bytes32) {
        bytes32 given = sha256(manifest);
        require(given == frame.manifestHash, FaultReportsOtherManifest(frame.manifestHash, given));
        (bool found, bytes32 root) = Manifests.rootOf(manifest);
        require(found, FaultReportsBadManifest());
        _checkLie(frame.digest, leaf, abi.encodePacked(frame.i, leaf.digest), frame.i, root);
        _checkSigned(operator, keccak256(abi.encode(_FRAME_TYPEHASH, frame)), signature);
        return _count(FaultKind.Frame, operator, frame.manifestHash, 0, frame.i);
    }

    /// @inheritdoc IFaultReports
    function standingOf(OperatorId operator) external view returns (Standing memory) {
        return _standings[operator];
    }

    /// @inheritdoc IFaultReports
    function faultIdOf(
        FaultKind kind,
        OperatorId operator,
        bytes32 manifestHash,
        uint16 j,
        uint32 i
    ) public pure returns (bytes32) {
        return sha256(abi.encodePacked(_LABEL, uint8(kind), operator, manifestHash, j, i));
    }

    function _count(
        FaultKind kind,
        OperatorId operator,
        bytes32 manifestHash,
        uint16 j,
        uint32 i
    ) private returns (bytes32 fault) {
        fault = faultIdOf(kind, operator, manifestHash, j, i);
        require(!isReported[fault], FaultReportsTwice(fault));
        isReported[fault] = true;
        Standing storage standing = _standings[operator];
        if (kind == FaultKind.Share) ++standing.shares;
        else ++standing.frames;
        standing.lastAt = uint40(block.timestamp);
        emit FaultReported(operator, fault, kind, manifestHash, j, i, msg.sender);
    }

    /// @dev The account of an operator never changes; one that is switched off answers for what it signed before.
    function _checkSigned(OperatorId operator, bytes32 structHash, bytes calldata signature) private view {
        address account = _ACTORS.operatorInfo(operator).account;
        require(account != address(0), FaultReportsUnknownOperator(operator));
        bytes32 domain = keccak256(
            abi.encode(_DOMAIN_TYPEHASH, keccak256("Sharewell"), keccak256("1"), block.chainid, _RECORDS)
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, structHash);
        require(Signatures.isSigned(account, digest, signature), FaultReportsNotSigned(operator));
    }

    function _checkLie(bytes32 said, Leaf calldata leaf, bytes memory entry, uint256 index, bytes32 root) private pure {
        require(said != leaf.digest, FaultReportsNoLie(said));
        bytes32 reached = MerklePath.rootOf(entry, index, leaf.chunks, leaf.path);
        require(root != 0 && reached == root, FaultReportsBadPath(root));
    }
}
