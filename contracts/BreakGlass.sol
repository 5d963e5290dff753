// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EmergencyKeys} from "./base/EmergencyKeys.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IBreakGlass} from "./interfaces/IBreakGlass.sol";
import {IKeyCommittee} from "./interfaces/IKeyCommittee.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {IRecordRegistry} from "./interfaces/IRecordRegistry.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {Roles} from "./libraries/Roles.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Affiliation} from "./types/Actors.sol";
import {Opening, Verdict, Window} from "./types/Emergency.sol";
import {NO_ORGANIZATION, NO_RECORD, OrganizationId, Pseudonym} from "./types/Ids.sol";

/// @title Break-glass
/// @notice Windows in which the glass is broken, and the reviews that they owe.
contract BreakGlass is IBreakGlass, EmergencyKeys, EIP712 {
    uint40 private constant _MAX_CARRYING = 15 minutes;
    uint40 private constant _DURATION = 24 hours;
    uint40 private constant _REVIEW = 72 hours;
    bytes32 private constant _TYPEHASH = keccak256(
        "BreakGlass(bytes32 pseudonym,bytes32 recordId,address clinician,bytes32 credentialId,address guardian,"
        "bytes32 reasonCommit,bytes32 partKeyHash,uint40 deadline)"
    );

    IPatientRegistry private immutable _PATIENTS;
    IRecordRegistry private immutable _RECORDS;

    mapping(bytes32 id => Window entry) private _windows;
    mapping(Pseudonym pseudonym => mapping(address clinician => bytes32 id)) private _asClinician;
    mapping(Pseudonym pseudonym => mapping(address guardian => bytes32 id)) private _asGuardian;
    /// @dev In order of their deadlines; what lies before `_first` was reviewed.
    mapping(OrganizationId institution => bytes32[] ids) private _owed;
    mapping(OrganizationId institution => uint256 at) private _first;

    /// @notice For the patients, records, people and committee of these registries.
    constructor(
        IActorRegistry actors,
        IPatientRegistry patients,
        IRecordRegistry records,
        IKeyCommittee committee
    ) EmergencyKeys(actors, committee) EIP712("Sharewell", "1") {
        _PATIENTS = patients;
        _RECORDS = records;
    }

    /// @inheritdoc IBreakGlass
    function openBreakGlass(
        Opening calldata opening,
        bytes calldata clinicianSignature,
        bytes calldata guardianSignature
    ) external returns (bytes32 windowId) {
        _checkScope(opening);
        OrganizationId institution = _institutionOf(opening);
        _checkGuardian(opening);
        _checkTime(opening.deadline);
        windowId = _hashTypedDataV4(keccak256(abi.encode(_TYPEHASH, opening)));
        _checkSigned(opening.clinician, windowId, clinicianSignature);
        _checkSigned(opening.guardian, windowId, guardianSignature);
        require(_windows[windowId].openedAt == 0, BreakGlassOpenedBefore(windowId));
        bytes32 newest = _asClinician[opening.pseudonym][opening.clinician];
        require(!_isOpen(_windows[newest]), BreakGlassStillOpen(newest));
        bytes32 overdue = overdueOf(institution);
        require(overdue == 0, BreakGlassReviewOverdue(institution, overdue));
        _open(windowId, opening, institution);
    }

    /// @inheritdoc IBreakGlass
    function closeBreakGlass(bytes32 windowId) external {
        Window storage entry = _windows[windowId];
        require(_isOpen(entry), BreakGlassNotOpen(windowId));
        Pseudonym pseudonym = entry.pseudonym;
        bool may =
            msg.sender == entry.clinician ||
                msg.sender == entry.guardian ||
                msg.sender == _PATIENTS.controllerOf(pseudonym);
        require(may, BreakGlassNotYours(windowId, msg.sender));
        entry.closedAt = uint40(block.timestamp);
        emit GlassClosed(windowId, pseudonym, msg.sender);
    }

    /// @inheritdoc IBreakGlass
    function reviewBreakGlass(bytes32 windowId, bytes32 credentialId, Verdict verdict, bytes32 findingCommit) external {
        Window storage entry = _windows[windowId];
        require(entry.openedAt != 0 && entry.reviewer == address(0), BreakGlassNothingToReview(windowId));
        require(!_isOpen(entry), BreakGlassStillOpen(windowId));
        require(verdict != Verdict.None, BreakGlassNoVerdict());
        bool apart = msg.sender != entry.clinician && msg.sender != entry.guardian;
        OrganizationId at = _placeOf(credentialId, msg.sender, Roles.REVIEWER);
        bool concerned = at == entry.institution || at == _ACTORS.rootOf(_PATIENTS.providerOf(entry.pseudonym));
        bool may = apart && at != NO_ORGANIZATION && concerned;
        require(may, BreakGlassNotReviewer(windowId, msg.sender));
        (entry.verdict, entry.reviewer, entry.reviewedAt) = (verdict, msg.sender, uint40(block.timestamp));
        OrganizationId institution = entry.institution;
        _settle(institution);
        emit GlassReviewed(windowId, entry.pseudonym, institution, msg.sender, verdict, findingCommit);
    }

    /// @inheritdoc IBreakGlass
    function windowOf(bytes32 windowId) external view returns (Window memory) {
        return _windows[windowId];
    }

    /// @inheritdoc IBreakGlass
    function windowsOf(
        Pseudonym pseudonym,
        address account
    ) external view returns (bytes32 asClinician, bytes32 asGuardian) {
        return (_asClinician[pseudonym][account], _asGuardian[pseudonym][account]);
    }

    /// @inheritdoc IBreakGlass
    function overdueOf(OrganizationId institution) public view returns (bytes32 windowId) {
        bytes32[] storage owed = _owed[institution];
        uint256 at = _first[institution];
        if (at == owed.length) return 0;
        windowId = owed[at];
        return block.timestamp > _windows[windowId].reviewBy ? windowId : bytes32(0);
    }

    function _open(bytes32 windowId, Opening calldata opening, OrganizationId institution) private {
        uint40 openedAt = uint40(block.timestamp);
        (uint40 until, uint40 reviewBy) = (openedAt + _DURATION, openedAt + _REVIEW);
        Window storage entry = _windows[windowId];
        (entry.pseudonym, entry.recordId) = (opening.pseudonym, opening.recordId);
        (entry.credentialId, entry.reasonCommit) = (opening.credentialId, opening.reasonCommit);
        (entry.clinician, entry.openedAt, entry.guardian) = (opening.clinician, openedAt, opening.guardian);
        (entry.until, entry.reviewBy, entry.institution) = (until, reviewBy, institution);
        _asClinician[opening.pseudonym][opening.clinician] = windowId;
        _asGuardian[opening.pseudonym][opening.guardian] = windowId;
        _owed[institution].push(windowId);
        emit GlassBroken(
            windowId,
            opening.pseudonym,
            institution,
            opening.recordId,
            opening.clinician,
            opening.guardian,
            opening.reasonCommit,
            until,
            reviewBy
        );
    }

    /// @dev Passes over what was reviewed, up to the oldest window that was not.
    function _settle(OrganizationId institution) private {
        bytes32[] storage owed = _owed[institution];
        uint256 at = _first[institution];
        while (at < owed.length && _windows[owed[at]].reviewer != address(0)) ++at;
        _first[institution] = at;
    }

    function _checkScope(Opening calldata opening) private view {
        Pseudonym pseudonym = opening.pseudonym;
        require(opening.reasonCommit != 0 && opening.partKeyHash != 0, BreakGlassEmptyField());
        require(_PATIENTS.controllerOf(pseudonym) != address(0), BreakGlassUnknownPseudonym(pseudonym));
        if (opening.recordId == NO_RECORD) return;
        bool its = _RECORDS.pseudonymOf(opening.recordId) == pseudonym;
        require(its, BreakGlassNotItsRecord(pseudonym, opening.recordId));
    }

    function _institutionOf(Opening calldata opening) private view returns (OrganizationId institution) {
        institution = _placeOf(opening.credentialId, opening.clinician, Roles.EMERGENCY_CLINICIAN);
        bool may = institution != NO_ORGANIZATION;
        require(may, BreakGlassNotEmergencyClinician(opening.credentialId, opening.clinician));
    }

    /// @dev A listed officer whom the institution still attests as one.
    function _checkGuardian(Opening calldata opening) private view {
        address guardian = opening.guardian;
        require(guardian != opening.clinician, BreakGlassAlone(guardian));
        OrganizationId provider = _PATIENTS.providerOf(opening.pseudonym);
        bytes32 credentialId = Derivation.credentialId(guardian, provider);
        bool attested = _placeOf(credentialId, guardian, Roles.EMERGENCY_OFFICER) != NO_ORGANIZATION;
        require(attested && _isOfficer(provider, guardian), BreakGlassNotGuardian(provider, guardian));
    }

    function _checkTime(uint40 deadline) private view {
        require(block.timestamp <= deadline, BreakGlassDeadlineOver(deadline));
        uint40 latest = uint40(block.timestamp) + _MAX_CARRYING;
        require(deadline <= latest, BreakGlassDeadlineTooFar(deadline, latest));
    }

    function _checkSigned(address account, bytes32 digest, bytes calldata signature) private view {
        require(Signatures.isSigned(account, digest, signature), BreakGlassBadSignature(account));
    }

    /// @dev The uppermost organization where the account has a live affiliation in this role; 0 where it has none.
    function _placeOf(bytes32 credentialId, address account, uint8 role) private view returns (OrganizationId place) {
        Affiliation memory held = _ACTORS.affiliationOf(credentialId, uint40(block.timestamp));
        // A bit of a word, which nobody can shift by a wei.
        // slither-disable-next-line incorrect-equality
        if (!held.live || held.account != account || (held.roles >> role) & 1 == 0) return NO_ORGANIZATION;
        return _ACTORS.rootOf(held.path[0]);
    }

    function _isOpen(Window storage entry) private view returns (bool) {
        return entry.closedAt == 0 && block.timestamp < entry.until;
    }
}
