// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Opening, Verdict, Window} from "../types/Emergency.sol";
import {OrganizationId, Pseudonym, RecordId} from "../types/Ids.sol";

/// @title Break-glass
/// @notice An emergency in which the patient cannot be asked: a clinician and a guardian, an officer of the institution
/// that keeps the patient, open a window of 24 hours together, for everybody to see. It must be reviewed within 72 hours
/// of its beginning, or the clinician's institution opens no other.
/// @dev Both sign the same `BreakGlass` under the domain {Sharewell, 1, chainId, this contract}; ECDSA with low s, or
/// ERC-1271. Who sends the transaction need not have signed.
interface IBreakGlass {
    /// @notice The glass was broken.
    event GlassBroken(
        bytes32 indexed windowId,
        Pseudonym indexed pseudonym,
        OrganizationId indexed institution,
        RecordId recordId,
        address clinician,
        address guardian,
        bytes32 reasonCommit,
        uint40 until,
        uint40 reviewBy
    );

    /// @notice The window ended before its time, from this block on.
    event GlassClosed(bytes32 indexed windowId, Pseudonym indexed pseudonym, address by);

    /// @notice What was done in the window was looked at.
    event GlassReviewed(
        bytes32 indexed windowId,
        Pseudonym indexed pseudonym,
        OrganizationId indexed institution,
        address reviewer,
        Verdict verdict,
        bytes32 findingCommit
    );

    /// @notice No commitment to a reason, or no key for the guardian's part.
    error BreakGlassEmptyField();
    /// @notice No such pseudonym is registered.
    error BreakGlassUnknownPseudonym(Pseudonym pseudonym);
    /// @notice The record is another's, or none.
    error BreakGlassNotItsRecord(Pseudonym pseudonym, RecordId recordId);
    /// @notice No live affiliation of the clinician with the role of emergency clinician.
    error BreakGlassNotEmergencyClinician(bytes32 credentialId, address clinician);
    /// @notice No officer of the institution that keeps the patient, or not attested as one any more.
    error BreakGlassNotGuardian(OrganizationId provider, address guardian);
    /// @notice The clinician and the guardian are one.
    error BreakGlassAlone(address account);
    /// @notice Carried too late.
    error BreakGlassDeadlineOver(uint40 deadline);
    /// @notice What was signed may be carried for 15 minutes, until `latest` at most.
    error BreakGlassDeadlineTooFar(uint40 deadline, uint40 latest);
    /// @notice The account did not sign exactly this.
    error BreakGlassBadSignature(address account);
    /// @notice This very window was opened before.
    error BreakGlassOpenedBefore(bytes32 windowId);
    /// @notice The clinician has a window for this patient that is open.
    error BreakGlassStillOpen(bytes32 windowId);
    /// @notice The institution has not reviewed an earlier window in time.
    error BreakGlassReviewOverdue(OrganizationId institution, bytes32 windowId);
    /// @notice The window is closed, over, or none.
    error BreakGlassNotOpen(bytes32 windowId);
    /// @notice The caller is neither its clinician, nor its guardian, nor the patient.
    error BreakGlassNotYours(bytes32 windowId, address caller);
    /// @notice The window is none, or was reviewed.
    error BreakGlassNothingToReview(bytes32 windowId);
    /// @notice No live affiliation of the caller with the role of reviewer, at the clinician's institution or at the one
    /// that keeps the patient; or the caller took part.
    error BreakGlassNotReviewer(bytes32 windowId, address caller);
    /// @notice A review finds that it was justified, or that it was not.
    error BreakGlassNoVerdict();

    /// @notice Opens a window of 24 hours. By anyone with both signatures; `windowId` is what both signed.
    /// @dev `BreakGlass(bytes32 pseudonym,bytes32 recordId,address clinician,bytes32 credentialId,address guardian,
    /// bytes32 reasonCommit,bytes32 partKeyHash,uint40 deadline)`, in one line.
    function openBreakGlass(
        Opening calldata opening,
        bytes calldata clinicianSignature,
        bytes calldata guardianSignature
    ) external returns (bytes32 windowId);

    /// @notice Closes a window before its time. By its clinician, its guardian, or the patient's controller.
    function closeBreakGlass(bytes32 windowId) external;

    /// @notice Records the review of a window that is over or closed. By a reviewer who took no part in it.
    /// @dev `findingCommit` commits to what was found, as the reason does; 0 for none.
    function reviewBreakGlass(bytes32 windowId, bytes32 credentialId, Verdict verdict, bytes32 findingCommit) external;

    /// @notice A window; openedAt is 0 where there is none.
    function windowOf(bytes32 windowId) external view returns (Window memory);

    /// @notice The newest windows of a pseudonym that an account opened: as the clinician, and as the guardian.
    function windowsOf(
        Pseudonym pseudonym,
        address account
    ) external view returns (bytes32 asClinician, bytes32 asGuardian);

    /// @notice The oldest window of an institution whose review is overdue; 0 where none is.
    function overdueOf(OrganizationId institution) external view returns (bytes32 windowId);
}
