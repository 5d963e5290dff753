// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Acknowledgement, Audit, AuditOutcome, AuditStanding} from "../types/Audits.sol";
import {OperatorId, OrganizationId, RecordId} from "../types/Ids.sol";

/// @title Audits
/// @notice Counts silence. A node that acknowledged a share is asked for a chunk that nobody chose; three auditors of other
/// organizations ask it, and two of them decide.
/// @dev It punishes nobody: the council's `penalize` names the fault. What counts and what not: docs/spec/audits.md.
interface IAudits {
    /// @notice `operator` sits for the organization without a parent that is `house`, in place of who did before.
    event AuditorEnrolled(OperatorId indexed operator, OrganizationId indexed house);

    /// @notice `house` has no auditor any more.
    event AuditorWithdrawn(OperatorId indexed operator, OrganizationId indexed house);

    /// @notice `operator` is to show a chunk of share `j`.
    event AuditChallenged(
        bytes32 indexed audit,
        OperatorId indexed operator,
        OrganizationId indexed challenger,
        RecordId recordId,
        bytes32 manifestHash,
        uint16 j
    );

    /// @notice It is to show chunk `i` to these before `deadline`.
    event AuditDrawn(bytes32 indexed audit, uint32 i, OperatorId[3] auditors, uint40 deadline);

    /// @notice An auditor saw the chunk, or saw nothing.
    event AuditWord(bytes32 indexed audit, OperatorId indexed auditor, bool shown);

    /// @notice Two auditors agree.
    event AuditEnded(bytes32 indexed audit, OperatorId indexed operator, AuditOutcome outcome);

    /// @notice Three misses within 30 days, of which `audit` was the last.
    event AuditFault(OperatorId indexed operator, bytes32 indexed fault, bytes32 audit);

    /// @notice The caller's operator is no active reconstructor.
    error AuditsNotReconstructor(address caller);
    /// @notice The caller does not sit for this organization.
    error AuditsNotAuditor(OrganizationId house, address caller);
    /// @notice 64 organizations have an auditor.
    error AuditsFull();
    /// @notice The caller is no provider, no active reconstructor and, with this credential, no reader.
    error AuditsNotChallenger(address caller);
    /// @notice No active storage node.
    error AuditsNotStorage(OperatorId operator);
    /// @notice The bytes are not the manifest that the node acknowledged, or do not say what it is of.
    error AuditsOtherManifest(bytes32 expected);
    /// @notice The record is erased, or lies somewhere else by now.
    error AuditsNotStanding(RecordId recordId);
    /// @notice The operator's account did not sign this acknowledgement.
    error AuditsNotPromised(OperatorId operator);
    /// @notice The organization asked this node within the last day.
    error AuditsTooSoon(OperatorId operator, uint40 notBefore);
    /// @notice Fewer than three organizations could judge.
    error AuditsTooFewAuditors();
    /// @notice No such audit.
    error AuditsUnknown(bytes32 audit);
    /// @notice It was drawn already.
    error AuditsDrawnTwice(bytes32 audit);
    /// @notice The block that decides has no hash yet, or none any more.
    error AuditsNoBlock(bytes32 audit);
    /// @notice It is not drawn, it ended, or this is not the time for such a word.
    error AuditsNotNow(bytes32 audit);
    /// @notice This auditor spoke, or there is none of this number.
    error AuditsSpokenTwice(bytes32 audit, uint8 auditor);
    /// @notice The auditor's account did not sign it.
    error AuditsNotSigned(OperatorId auditor);

    /// @notice Makes the caller's reconstructor the auditor of its organization. By the operator's account.
    function enroll() external;

    /// @notice Ends that. By the account of the operator that sits, active or not.
    function withdraw(OrganizationId house) external;

    /// @notice Asks a node for what it acknowledged. By a provider or a key that deposits for one, an active reconstructor, or
    /// a practitioner whose live credential is named (else 0); an organization asks one node once a day.
    /// @param acknowledgement What the node signed; its placement must be the record's current one.
    /// @param manifest The signed manifest that it acknowledged: it names the record and gives the number of chunks.
    function challenge(
        OperatorId operator,
        Acknowledgement calldata acknowledgement,
        bytes calldata signature,
        bytes calldata manifest,
        bytes32 credential
    ) external returns (bytes32 audit);

    /// @notice Draws the chunk and the auditors, once the second block after the challenge has a hash. By anybody.
    function draw(bytes32 audit) external;

    /// @notice Counts the word of auditor `k`: shown before the deadline, or silence in the day after it. By anybody.
    function testify(bytes32 audit, bool shown, uint8 k, bytes calldata signature) external;

    /// @notice An audit; `madeIn` is 0 where there is none.
    function auditOf(bytes32 audit) external view returns (Audit memory);

    /// @notice How a node stands, whether or not it is active.
    function standingOf(OperatorId operator) external view returns (AuditStanding memory);

    /// @notice The organizations that have an auditor, in no order, and who it is.
    function auditors() external view returns (OrganizationId[] memory houses, OperatorId[] memory operators);

    /// @notice Whether these three misses were counted.
    function isFault(bytes32 fault) external view returns (bool);

    /// @notice The id of the fault that `audit` completed.
    function faultIdOf(OperatorId operator, bytes32 audit) external pure returns (bytes32);
}
