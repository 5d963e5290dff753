// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationId, Pseudonym, RecordId} from "../types/Ids.sol";
import {Anchor, Record, Version} from "../types/Records.sol";

/// @title Record registry
/// @notice What was deposited: hashes that fix each version of a record for ever, and where its shares lie now.
interface IRecordRegistry {
    /// @notice A version was deposited: 1 by `anchor`, later ones by `supersede`. `author` is 0 for the patient.
    event Anchored(
        RecordId indexed recordId,
        Pseudonym indexed pseudonym,
        OrganizationId indexed author,
        uint32 version,
        uint8 category,
        bytes32 manifestHash,
        bytes32 placementHash,
        bytes32 ptCommit
    );

    /// @notice The shares of the version lie elsewhere now.
    event Relocated(RecordId indexed recordId, uint32 indexed version, bytes32 placementHash);

    /// @notice A newer key header of the version: its DEK is wrapped anew.
    event Rewrapped(RecordId indexed recordId, uint32 indexed version, bytes32 keyHeaderHash);

    /// @notice The record is erased: nobody releases its key any more, and its shares are to be deleted.
    event Erased(RecordId indexed recordId, Pseudonym indexed pseudonym);

    /// @notice A hash is missing.
    error RecordEmptyHash();
    /// @notice There are 32 categories, 0 to 31.
    error RecordCategoryOutOfRange(uint8 category);
    /// @notice Not 0 <= r < t <= n.
    error RecordBadPolicy(uint16 n, uint16 t, uint16 r);
    /// @notice The pseudonym has a record under this salt; nobody replaces it.
    error RecordAlreadyAnchored(RecordId recordId);
    /// @notice No such record.
    error RecordUnknown(RecordId recordId);
    /// @notice The record is erased.
    error RecordIsErased(RecordId recordId);
    /// @notice The caller neither deposits for the pseudonym's provider nor controls the pseudonym.
    error RecordNotDepositor(Pseudonym pseudonym, address caller);
    /// @notice Only the patient, or the provider with its own account, erases.
    error RecordNotEraser(Pseudonym pseudonym, address caller);
    /// @notice Only the version after the current one can be added.
    error RecordNotNextVersion(RecordId recordId, uint32 given, uint32 expected);
    /// @notice Only the current version can be moved or wrapped anew.
    error RecordNotCurrentVersion(RecordId recordId, uint32 given, uint32 current);

    /// @notice Anchors the first version of a record, for the provider of the pseudonym or as its controller.
    function anchor(Anchor calldata deposit) external returns (RecordId);

    /// @notice Adds the next version. The earlier ones keep their hashes and their place in the history.
    function supersede(RecordId recordId, Version calldata next) external;

    /// @notice Says where the shares of the current version lie now.
    /// @dev Warning: a depositor can name a placement where nothing lies; the manifest decides what is true.
    function relocate(RecordId recordId, uint32 version, bytes32 placementHash) external;

    /// @notice Names a newer key header of the current version.
    function rewrap(RecordId recordId, uint32 version, bytes32 keyHeaderHash) external;

    /// @notice Erases a record for good. By the pseudonym's controller or the provider's own account.
    /// @dev Warning: it stops key nodes; it cannot take back what was read or prove that shares are gone.
    function erase(RecordId recordId) external;

    /// @notice The network in which record ids are derived.
    function networkId() external view returns (bytes32);

    /// @notice The id of the record that a pseudonym has under a salt in this network.
    function recordIdOf(Pseudonym pseudonym, bytes32 salt) external view returns (RecordId);

    /// @notice A record as it stands; version 0 where there is none.
    function recordOf(RecordId recordId) external view returns (Record memory);

    /// @notice Whose record it is; 0 where there is none.
    function pseudonymOf(RecordId recordId) external view returns (Pseudonym);

    /// @notice What a decision needs to know of a record; the pseudonym is 0 where there is none.
    function scopeOf(RecordId recordId) external view returns (Pseudonym pseudonym, uint8 category, bool erased);

    /// @notice The manifest hash of any version; 0 where there is none. It never changes once set.
    function manifestHashOf(RecordId recordId, uint32 version) external view returns (bytes32);
}
