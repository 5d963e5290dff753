// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Decision, Query, Slot, Terms} from "../types/Consents.sol";
import {Pseudonym, RecordId} from "../types/Ids.sol";

/// @title Consent registry
/// @notice Who may read which record, for what purpose, until when. Only the pseudonym's controller decides.
/// @dev One slot for each (pseudonym, grantee, record or 0). Events carry grantee ids, never accounts.
interface IConsentRegistry {
    /// @notice The grantee may read the record (or, where it is 0, the categories) under these terms.
    event Granted(
        Pseudonym indexed pseudonym,
        bytes32 indexed granteeId,
        RecordId indexed recordId,
        uint40 from,
        uint40 until,
        uint16 purposes,
        uint32 categories,
        uint16 useLimit
    );

    /// @notice What the slot said is over. Key nodes stop releasing from this block on.
    event Revoked(Pseudonym indexed pseudonym, bytes32 indexed granteeId, RecordId indexed recordId);

    /// @notice The grantee may not read, whatever other slots permit.
    event Denied(Pseudonym indexed pseudonym, bytes32 indexed granteeId, RecordId indexed recordId);

    /// @notice Every permit to the grantee (to everyone, where it is 0) made until now is over.
    event RevokedAll(Pseudonym indexed pseudonym, bytes32 indexed granteeId);

    /// @notice The caller does not decide for the pseudonym.
    error ConsentNotController(Pseudonym pseudonym, address caller);
    /// @notice The consent names nobody.
    error ConsentNoGrantee();
    /// @notice The time is empty: `from` must come before `until`.
    error ConsentEmptyTime(uint40 from, uint40 until);
    /// @notice The time is over already.
    error ConsentAlreadyOver(uint40 until);
    /// @notice No purpose, or one that does not exist.
    error ConsentBadPurposes(uint16 purposes);
    /// @notice Break-glass is no consent; it has a procedure of its own.
    error ConsentBreakGlass();
    /// @notice A consent without a record names at least one category; a consent to a record names none.
    error ConsentBadCategories(RecordId recordId, uint32 categories);
    /// @notice Uses cannot be limited in this version.
    error ConsentUseLimit(uint16 useLimit);
    /// @notice Not a record of this pseudonym.
    error ConsentNotItsRecord(Pseudonym pseudonym, RecordId recordId);

    /// @notice Permits, or replaces what the slot said. `recordId` 0 means the categories of `terms`.
    /// @dev Warning: a reader who opened a record keeps what they saw. A grant in the very second of a `revokeAll`
    /// that covers it counts as older and stays without effect.
    function grant(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId, Terms calldata terms) external;

    /// @notice Ends what the slot says, a permit or a denial, also where it said nothing yet.
    /// @dev Leaves a tombstone with its time, so that an older signed grant can never bring the permit back.
    function revoke(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external;

    /// @notice Forbids the grantee one record, or everything where `recordId` is 0. Wins over every permit.
    function deny(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external;

    /// @notice Ends every permit to the grantee ("stop sharing with X"), or to everyone where `granteeId` is 0.
    /// @dev Denials stay. Also ends permits in slots that nobody remembers.
    function revokeAll(Pseudonym pseudonym, bytes32 granteeId) external;

    /// @notice The one decision point: may this reader read, and which slot says so?
    /// @dev `key` is the slot that permits, or the one with the reason for the refusal, or 0.
    /// Looks at the slots of the record and of the categories, for the salted and the bare grantee id,
    /// so that a salt never gets round a denial. `at` is the caller's: ask with the own clock and the head's.
    function decide(Query calldata query) external view returns (Decision code, bytes32 key);

    /// @notice What a slot says; state 0 where nothing was ever said.
    function slotOf(bytes32 key) external view returns (Slot memory);

    /// @notice The last `revokeAll` for the grantee (0: for everyone); permits not younger are over.
    function floorOf(Pseudonym pseudonym, bytes32 granteeId) external view returns (uint40);

    /// @notice The key of a slot: keccak256(abi.encode(pseudonym, granteeId, recordId)).
    function keyOf(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external pure returns (bytes32);

    /// @notice The id of a person: keccak256(abi.encode(uint8(1), account, salt)).
    function personId(address account, bytes32 salt) external pure returns (bytes32);
}
