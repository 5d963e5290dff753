// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Use} from "../types/Consents.sol";
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

    /// @notice One use of a limited consent was counted for the request: the slot's `number`-th from 0 under all its
    /// grants. Stands beside `ReleaseRequested`.
    event UseCounted(bytes32 indexed requestHash, bytes32 indexed consentKey, uint40 number);

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
    /// @notice Carried too late.
    error AccessLogDeadlineOver(uint40 deadline);
    /// @notice The reader did not sign exactly this use for this request.
    error AccessLogBadSignature(bytes32 requestHash, address reader);
    /// @notice The caller is no active key node of a committee that serves or served.
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

    /// @notice Logs a release request under a consent that limits its uses, and counts one there. By the reader.
    /// @dev Key nodes answer a request under such a consent only where it was logged so. Warning: reader and consent
    /// stand in one transaction, so a salt hides nothing once a use was counted.
    function logCountedRequest(bytes32 requestHash, Use calldata use) external;

    /// @notice The same as the reader, or the reader's live session key, signed it, for anyone to carry until the deadline.
    /// @dev `Use(bytes32 requestHash,bytes32 consentKey,uint40 number,uint40 deadline)`, EIP-712 under the domain
    /// {Sharewell, 1, chainId, this contract}; ECDSA with low s, or ERC-1271. It counts once: the number is then gone.
    function logCountedRequestBySignature(
        bytes32 requestHash,
        Use calldata use,
        address reader,
        uint40 deadline,
        bytes calldata signature
    ) external;

    /// @notice Logs what a key node released. By an active key node of a committee that serves or served.
    /// @dev Warning: it says who answered, and nobody checks here that it did; a node that left may say so too.
    function logReleased(bytes32[] calldata requestHashes) external;
}
