// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorId, Pseudonym, RecordId} from "../types/Ids.sol";

/// @title Access log
/// @notice Who asked, and what was released, in an order that nobody can change. Events only.
interface IAccessLog {
    /// @notice A practitioner asks the patient; the reason is a sealed note with this hash (0 for none).
    event Requested(
        Pseudonym indexed pseudonym,
        address indexed reader,
        RecordId indexed recordId,
        uint8 purpose,
        uint32 categories,
        bytes32 noteHash
    );

    /// @notice Somebody is about to open a record. The hash of the signed request hides who and what.
    event ReleaseRequested(bytes32 indexed requestHash, address indexed sender);

    /// @notice A key node answered the request.
    event Released(bytes32 indexed requestHash, OperatorId indexed operator);

    /// @notice No such pseudonym.
    error AccessLogUnknownPseudonym(Pseudonym pseudonym);
    /// @notice The caller has no live affiliation; strangers do not write to patients.
    error AccessLogNotAttested(address caller);
    /// @notice No such purpose, or break-glass, which asks nobody.
    error AccessLogBadPurpose(uint8 purpose);
    /// @notice A request names a record or categories, not both.
    error AccessLogBadScope(RecordId recordId, uint32 categories);
    /// @notice A hash is missing.
    error AccessLogEmptyHash();
    /// @notice The caller is no active key node of the committee that serves.
    error AccessLogNotKeyNode(address caller);
    /// @notice Between 1 and 256 entries at a time.
    error AccessLogBadBatch(uint256 entries);

    /// @notice Asks the patient for one record, for categories, or (both 0) for what the sealed note names.
    /// @dev May wait days for its grant. The record is not looked up: a wrong one gets no grant.
    function request(
        Pseudonym pseudonym,
        RecordId recordId,
        uint8 purpose,
        uint32 categories,
        bytes32 noteHash
    ) external;

    /// @notice Logs the hash of a signed release request; key nodes answer only what stands here.
    /// @dev By anyone: a copy of the hash harms nobody, and no node answers without the signed request itself.
    function logReleaseRequest(bytes32 requestHash) external;

    /// @notice Logs what a key node released. By a key node of the committee that serves.
    function logReleased(bytes32[] calldata requestHashes) external;
}
