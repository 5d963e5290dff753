// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IAudits} from "./interfaces/IAudits.sol";
import {IRecordRegistry} from "./interfaces/IRecordRegistry.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Affiliation, Operator, OperatorKind} from "./types/Actors.sol";
import {Acknowledgement, Audit, AuditOutcome, AuditStanding} from "./types/Audits.sol";
import {NO_OPERATOR, NO_ORGANIZATION, OperatorId, OrganizationId, RecordId} from "./types/Ids.sol";
import {Record} from "./types/Records.sol";

/// @title Audits
/// @notice Four slots an audit, one for the standing of each node that was ever asked.
contract Audits is IAudits, EIP712 {
    bytes32 private constant _ACKNOWLEDGEMENT_TYPEHASH = keccak256(
        "Acknowledgement(bytes32 manifestHash,bytes32 placementHash,uint16 index,bytes32 shareRoot,uint64 bytes,uint40 time)"
    );
    bytes32 private constant _WORD_TYPEHASH = keccak256("AuditWord(bytes32 audit,uint32 i,bool shown)");
    bytes32 private constant _DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    /// @dev Labels with their lengths in front (docs/spec/encoding.md).
    bytes private constant _CHALLENGE = "\x00\x00\x00\x1bsharewell/share/1 challenge";
    bytes private constant _AUDIT = "\x00\x00\x00\x17sharewell/share/1 audit";
    bytes private constant _AUDITOR = "\x00\x00\x00\x19sharewell/share/1 auditor";
    bytes private constant _SILENCE = "\x00\x00\x00\x19sharewell/share/1 silence";

    uint256 private constant _MAX_HOUSES = 64;
    uint256 private constant _SEATS = 3;
    uint256 private constant _QUORUM = 2;
    uint256 private constant _BLOCKS_LATER = 2;
    uint40 private constant _TO_ANSWER = 1 days;
    uint40 private constant _TO_SETTLE = 1 days;
    uint40 private constant _APART = 1 days;
    uint40 private constant _WINDOW = 30 days;

    IActorRegistry private immutable _ACTORS;
    /// @dev Nodes sign what they say of records to the registry of records.
    IRecordRegistry private immutable _RECORDS;

    OrganizationId[] private _houses;
    mapping(OrganizationId house => OperatorId auditor) private _auditorOf;

    uint256 private _count;
    mapping(bytes32 audit => Audit entry) private _audits;
    mapping(OrganizationId challenger => mapping(OperatorId operator => uint40 time)) private _askedAt;
    mapping(OperatorId operator => AuditStanding standing) private _standings;

    /// @inheritdoc IAudits
    mapping(bytes32 fault => bool yes) public isFault;

    /// @notice Audits the operators of this registry on those records.
    constructor(IActorRegistry actors, IRecordRegistry records) EIP712("Sharewell", "1") {
        _ACTORS = actors;
        _RECORDS = records;
    }

    /// @inheritdoc IAudits
    function enroll() external {
        OperatorId id = _ACTORS.operatorOf(msg.sender);
        Operator memory operator = _ACTORS.operatorInfo(id);
        // Who runs no node has the kind of none: the first.
        require(operator.kind == OperatorKind.Reconstructor, AuditsNotReconstructor(msg.sender));
        OrganizationId house = _ACTORS.rootOf(operator.organization);
        if (_auditorOf[house] == NO_OPERATOR) {
            require(_houses.length < _MAX_HOUSES, AuditsFull());
            _houses.push(house);
        }
        _auditorOf[house] = id;
        emit AuditorEnrolled(id, house);
    }

    /// @inheritdoc IAudits
    function withdraw(OrganizationId house) external {
        OperatorId id = _auditorOf[house];
        require(_ACTORS.operatorInfo(id).account == msg.sender, AuditsNotAuditor(house, msg.sender));
        _auditorOf[house] = NO_OPERATOR;
        uint256 last = _houses.length - 1;
        for (uint256 at = 0; at < last; ++at) if (_houses[at] == house) _houses[at] = _houses[last];
        _houses.pop();
        emit AuditorWithdrawn(id, house);
    }

    /// @inheritdoc IAudits
    function challenge(
        OperatorId operator,
        Acknowledgement calldata acknowledgement,
        bytes calldata signature,
        bytes calldata manifest,
        bytes32 credential
    ) external returns (bytes32 audit) {
        OrganizationId challenger = _challenger(credential);
        _checkPromised(operator, acknowledgement, signature);
        require(_houses.length >= _SEATS, AuditsTooFewAuditors());
        _spend(challenger, operator);
        audit = _idOf(operator, acknowledgement);
        _open(_audits[audit], operator, challenger, acknowledgement.index);
        RecordId recordId;
        (recordId, _audits[audit].chunks) = _checkStanding(acknowledgement, manifest);
        bytes32 manifestHash = acknowledgement.manifestHash;
        emit AuditChallenged(audit, operator, challenger, recordId, manifestHash, acknowledgement.index);
    }

    /// @inheritdoc IAudits
    function draw(bytes32 audit) external {
        Audit storage entry = _known(audit);
        require(entry.deadline == 0, AuditsDrawnTwice(audit));
        // 0 for a block that is not there yet, as for one that is more than 256 back.
        bytes32 later = blockhash(entry.madeIn + _BLOCKS_LATER);
        require(later != 0, AuditsNoBlock(audit));
        bytes32 word = sha256(abi.encodePacked(_AUDIT, audit, later));
        // Of 2^256 words and at most 2^32 chunks none is likelier by more than 2^-224. Validators may leave a block out:
        // one that withholds it chooses among draws, and pays with the block (docs/spec/audits.md, Drawing).
        // slither-disable-next-line weak-prng
        uint32 i = uint32(uint256(word) % entry.chunks);
        OrganizationId house = _ACTORS.rootOf(_ACTORS.operatorInfo(entry.operator).organization);
        OperatorId[3] memory drawn = _drawAuditors(word, house, entry.challenger);
        entry.i = i;
        entry.auditors = drawn;
        entry.deadline = uint40(block.timestamp) + _TO_ANSWER;
        emit AuditDrawn(audit, i, drawn, entry.deadline);
    }

    /// @inheritdoc IAudits
    function testify(bytes32 audit, bool shown, uint8 k, bytes calldata signature) external {
        Audit storage entry = _known(audit);
        uint40 deadline = entry.deadline;
        bool timely =
            shown ? block.timestamp < deadline : block.timestamp >= deadline && block.timestamp < deadline + _TO_SETTLE;
        require(timely && entry.outcome == AuditOutcome.Open, AuditsNotNow(audit));
        require(k < _SEATS && (entry.spoken >> k) & 1 == 0, AuditsSpokenTwice(audit, k));
        OperatorId auditor = entry.auditors[k];
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(_WORD_TYPEHASH, audit, entry.i, shown)));
        bool signed = Signatures.isSigned(_ACTORS.operatorInfo(auditor).account, digest, signature);
        require(signed, AuditsNotSigned(auditor));

        entry.spoken |= uint8(1 << k);
        emit AuditWord(audit, auditor, shown);
        if (shown) {
            if (++entry.shown == _QUORUM) _end(audit, entry, AuditOutcome.Shown);
        } else if (++entry.silent == _QUORUM) _end(audit, entry, AuditOutcome.Silent);
    }

    /// @inheritdoc IAudits
    function auditOf(bytes32 audit) external view returns (Audit memory) {
        return _audits[audit];
    }

    /// @inheritdoc IAudits
    function standingOf(OperatorId operator) external view returns (AuditStanding memory) {
        return _standings[operator];
    }

    /// @inheritdoc IAudits
    function auditors() external view returns (OrganizationId[] memory houses, OperatorId[] memory operators) {
        houses = _houses;
        operators = new OperatorId[](houses.length);
        for (uint256 at = 0; at < houses.length; ++at) operators[at] = _auditorOf[houses[at]];
    }

    /// @inheritdoc IAudits
    function faultIdOf(OperatorId operator, bytes32 audit) public pure returns (bytes32) {
        return sha256(abi.encodePacked(_SILENCE, operator, audit));
    }

    function _spend(OrganizationId challenger, OperatorId operator) private {
        uint40 next = _askedAt[challenger][operator] + _APART;
        require(block.timestamp >= next, AuditsTooSoon(operator, next));
        _askedAt[challenger][operator] = uint40(block.timestamp);
    }

    function _open(Audit storage entry, OperatorId operator, OrganizationId challenger, uint16 j) private {
        entry.operator = operator;
        entry.madeIn = uint48(block.number);
        entry.challenger = challenger;
        entry.j = j;
    }

    function _end(bytes32 audit, Audit storage entry, AuditOutcome outcome) private {
        OperatorId operator = entry.operator;
        entry.outcome = outcome;
        emit AuditEnded(audit, operator, outcome);
        if (outcome == AuditOutcome.Shown) ++_standings[operator].shown;
        else _miss(audit, operator, entry.deadline);
    }

    /// @dev By deadlines, which nobody moves: of words that come late, or in another order, no miss becomes two.
    function _miss(bytes32 audit, OperatorId operator, uint40 deadline) private {
        AuditStanding storage standing = _standings[operator];
        if (deadline < standing.lastMissAt + _APART) return;
        standing.lastMissAt = deadline;
        ++standing.missed;
        uint40 first = standing.first;
        if (first == 0 || deadline - first > _WINDOW) {
            (standing.first, standing.second) = (standing.second, deadline);
            return;
        }
        (standing.first, standing.second) = (0, 0);
        ++standing.faults;
        bytes32 fault = faultIdOf(operator, audit);
        isFault[fault] = true;
        emit AuditFault(operator, fault, audit);
    }

    /// @dev Binds what the hash of the transaction would, which a contract cannot see: chain, contract, sender, what is asked,
    /// and a number in place of the sender's own.
    function _idOf(OperatorId operator, Acknowledgement calldata acknowledgement) private returns (bytes32) {
        return
            sha256(
                abi.encodePacked(
                    _CHALLENGE,
                    block.chainid,
                    address(this),
                    msg.sender,
                    operator,
                    acknowledgement.manifestHash,
                    acknowledgement.index,
                    ++_count
                )
            );
    }

    /// @dev For which organization, the uppermost, the caller asks.
    function _challenger(bytes32 credential) private view returns (OrganizationId) {
        OrganizationId organization = _ACTORS.providerOf(msg.sender);
        if (credential != 0) {
            Affiliation memory affiliation = _ACTORS.affiliationOf(credential, uint40(block.timestamp));
            bool live = affiliation.live && affiliation.account == msg.sender;
            organization = live ? affiliation.path[0] : NO_ORGANIZATION;
        } else if (organization == NO_ORGANIZATION) {
            Operator memory own = _ACTORS.operatorInfo(_ACTORS.operatorOf(msg.sender));
            if (own.kind == OperatorKind.Reconstructor) organization = own.organization;
        }
        require(organization != NO_ORGANIZATION, AuditsNotChallenger(msg.sender));
        return _ACTORS.rootOf(organization);
    }

    function _checkPromised(
        OperatorId operator,
        Acknowledgement calldata acknowledgement,
        bytes calldata signature
    ) private view {
        Operator memory node = _ACTORS.operatorInfo(operator);
        bool active = _ACTORS.operatorOf(node.account) == operator && operator != NO_OPERATOR;
        require(active && node.kind == OperatorKind.Storage, AuditsNotStorage(operator));
        bytes32 domain = keccak256(
            abi.encode(_DOMAIN_TYPEHASH, keccak256("Sharewell"), keccak256("1"), block.chainid, _RECORDS)
        );
        bytes32 structHash = keccak256(abi.encode(_ACKNOWLEDGEMENT_TYPEHASH, acknowledgement));
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, structHash);
        require(Signatures.isSigned(node.account, digest, signature), AuditsNotPromised(operator));
    }

    /// @dev The record by the manifest that the node acknowledged, not by the challenger: under an id of their own anybody
    /// could anchor an old placement again, whose nodes have long deleted it.
    function _checkStanding(
        Acknowledgement calldata acknowledgement,
        bytes calldata manifest
    ) private view returns (RecordId recordId, uint32) {
        bytes32 expected = acknowledgement.manifestHash;
        uint256 chunks;
        (recordId, chunks) = Manifests.scopeOf(manifest);
        require(sha256(manifest) == expected && chunks != 0, AuditsOtherManifest(expected));
        Record memory record = _RECORDS.recordOf(recordId);
        bool stands = record.version != 0 && !record.erased && record.placementHash == acknowledgement.placementHash;
        require(stands, AuditsNotStanding(recordId));
        return (recordId, uint32(chunks));
    }

    /// @dev Takes houses at random, each once, until three can judge: neither the node's nor the challenger's, and with an
    /// auditor that is active.
    function _drawAuditors(
        bytes32 word,
        OrganizationId node,
        OrganizationId challenger
    ) private view returns (OperatorId[3] memory drawn) {
        OrganizationId[] memory houses = _houses;
        uint256 found = 0;
        for (uint256 left = houses.length; found < _SEATS; --left) {
            require(left != 0, AuditsTooFewAuditors());
            // slither-disable-next-line weak-prng
            uint256 at = uint256(sha256(abi.encodePacked(_AUDITOR, word, uint8(left)))) % left;
            OrganizationId house = houses[at];
            houses[at] = houses[left - 1];
            if (house == node || house == challenger) continue;
            OperatorId auditor = _auditorOf[house];
            if (_ACTORS.operatorOf(_ACTORS.operatorInfo(auditor).account) == auditor) {
                drawn[found] = auditor;
                ++found;
            }
        }
    }

    function _known(bytes32 audit) private view returns (Audit storage entry) {
        entry = _audits[audit];
        require(entry.madeIn != 0, AuditsUnknown(audit));
    }
}
