// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Authorization, Consent, Decision, Path, Query, Slot, Terms, Use} from "../types/Consents.sol";
import {OrganizationId, Pseudonym, RecordId} from "../types/Ids.sol";

/// @title Consent registry
/// @notice Who may read which record, for what purpose, until when, how often. The pseudonym's controller decides: by its
/// own transaction, or by a signature that anyone may carry (`...BySignature`). A delegate (IDelegations) grants and
/// revokes in the same ways within its limits, and nothing else.
/// @dev One slot for each (pseudonym, grantee, record or 0). Events carry grantee ids, never accounts.
/// Signatures are EIP-712 under the domain {Sharewell, 1, chainId, this contract}; the message also holds `controller`,
/// the account that decides when it is carried, so a rotation ends every signature. ECDSA with low s, or ERC-1271.
interface IConsentRegistry {
    /// @notice The grantee may read the record (or, where it is 0, the categories) under the terms in `slot`.
    /// @dev `slot` is the word that was stored, in the order of the struct Slot from the low end: it costs a quarter of
    /// what its fields would cost one by one.
    event Granted(Pseudonym indexed pseudonym, bytes32 indexed granteeId, RecordId indexed recordId, uint256 slot);

    /// @notice What the slot said is over. Key nodes stop releasing from this block on.
    event Revoked(Pseudonym indexed pseudonym, bytes32 indexed granteeId, RecordId indexed recordId);

    /// @notice The grantee may not read, whatever other slots permit.
    event Denied(Pseudonym indexed pseudonym, bytes32 indexed granteeId, RecordId indexed recordId);

    /// @notice Every permit to the grantee (to everyone, where it is 0) made until now is over.
    event RevokedAll(Pseudonym indexed pseudonym, bytes32 indexed granteeId);

    /// @notice What was signed under this nonce, and not carried yet, is void.
    event NonceCancelled(Pseudonym indexed pseudonym, uint256 nonce);

    /// @notice The log of release requests, whose word about uses counts from now on.
    event LogAttached(address indexed log);

    /// @notice The caller does not decide for the pseudonym, or is a delegate that may not do this.
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
    /// @notice The word of the terms has bits above its use limit.
    error ConsentBadTerms(uint256 terms);
    /// @notice A delegate's limits do not reach so far: purposes, categories, or time; nor does it consent to itself.
    error ConsentBeyondDelegation(Pseudonym pseudonym, address delegate);
    /// @notice The slot holds a denial, which only the controller ends.
    error ConsentDeniedByController(bytes32 key);
    /// @notice A delegate ends permits only; nothing is permitted here.
    error ConsentNothingToRevoke(bytes32 key);
    /// @notice The log was attached already.
    error ConsentLogAttached(address log);
    /// @notice Only the log of release requests counts uses.
    error ConsentNotLog(address caller);
    /// @notice No permit stands here that limits its uses.
    error ConsentNothingToCount(bytes32 key);
    /// @notice Every use that the consent allows was counted.
    error ConsentUsedUp(bytes32 key);
    /// @notice This use was counted already, or it is not its turn: the next one is `counted`.
    error ConsentUseTaken(bytes32 key, uint40 number, uint40 counted);
    /// @notice The reader has no such place: not the reader's affiliation, over, or without that level or role.
    error ConsentNotAffiliated(bytes32 credentialId, address reader);
    /// @notice Not a record of this pseudonym.
    error ConsentNotItsRecord(Pseudonym pseudonym, RecordId recordId);
    /// @notice The pseudonym's controller did not sign exactly this.
    error ConsentBadSignature(Pseudonym pseudonym, address controller);
    /// @notice Signed in the future: a clock is wrong.
    error ConsentNotYetSigned(uint40 signedAt);
    /// @notice Carried too late.
    error ConsentDeadlineOver(uint40 deadline);
    /// @notice A signature may be carried for 15 minutes, until `latest` at most.
    error ConsentDeadlineTooFar(uint40 deadline, uint40 latest);
    /// @notice A later decision, or one in the same second, stands: a signature never undoes it.
    error ConsentOlder(bytes32 key, uint40 signedAt, uint40 decidedAt);
    /// @notice The nonce was used or cancelled.
    error ConsentNonceUsed(Pseudonym pseudonym, uint256 nonce);
    /// @notice No nonce: its low byte must be 40 or more.
    error ConsentBadNonce(uint256 nonce);
    /// @notice A batch holds 1 to 64 consents.
    error ConsentBadBatch(uint256 count);

    /// @notice Permits, or replaces what the slot said. `recordId` 0 means the categories of `terms`. By the controller,
    /// or by a delegate within its limits. Uses are counted from 0 again.
    /// @dev Warning: a reader who opened a record keeps what they saw. A grant in the very second of a `revokeAll`
    /// that covers it counts as older and stays without effect.
    function grant(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId, Terms calldata terms) external;

    /// @notice Ends what the slot says, a permit or a denial, also where it said nothing yet. By a delegate: only a
    /// permit within its limits.
    /// @dev Leaves a tombstone with its time, so that an older signed grant can never bring the permit back.
    function revoke(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external;

    /// @notice Forbids the grantee one record, or everything where `recordId` is 0. Wins over every permit.
    function deny(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external;

    /// @notice Ends every permit to the grantee ("stop sharing with X"), or to everyone where `granteeId` is 0.
    /// @dev Denials stay. Also ends permits in slots that nobody remembers.
    function revokeAll(Pseudonym pseudonym, bytes32 granteeId) external;

    /// @notice Grants up to 64 consents of one pseudonym, all or none. By the controller, or by a delegate.
    function grantMany(Pseudonym pseudonym, Consent[] calldata consents) external;

    /// @notice `grant` as the controller, or a delegate with its key, signed it; it counts from `signedAt` on.
    /// @dev `Grant(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,uint40 from,uint40 until,
    /// uint16 purposes,uint32 categories,uint16 useLimit,uint256 nonce,uint40 signedAt,uint40 deadline)`, in one line.
    /// Refused unless signed later than what the slot and both floors say.
    function grantBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Terms calldata terms,
        Authorization calldata authorization
    ) external;

    /// @notice `revoke` as the controller, or a delegate with its key, signed it. Never refused for its age, only for deadline and nonce.
    /// @dev `Revoke(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,uint256 nonce,
    /// uint40 signedAt,uint40 deadline)`, in one line. Warning: carried after a grant that was made since, it ends
    /// that one too; `cancelNonce` stops it.
    function revokeBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata authorization
    ) external;

    /// @notice `deny` as the controller signed it. Never refused for its age, only for deadline and nonce.
    /// @dev `Deny(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,uint256 nonce,
    /// uint40 signedAt,uint40 deadline)`, in one line.
    function denyBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata authorization
    ) external;

    /// @notice `revokeAll` as the controller signed it. Never refused for its age, only for deadline and nonce.
    /// @dev `RevokeAll(bytes32 pseudonym,address controller,bytes32 granteeId,uint256 nonce,uint40 signedAt,
    /// uint40 deadline)`, in one line.
    function revokeAllBySignature(
        Pseudonym pseudonym,
        bytes32 granteeId,
        Authorization calldata authorization
    ) external;

    /// @notice `grantMany` as the controller, or a delegate with its key, signed it; each consent as by `grantBySignature`.
    /// @dev `GrantMany(bytes32 pseudonym,address controller,Consent[] consents,uint256 nonce,uint40 signedAt,
    /// uint40 deadline)Consent(bytes32 granteeId,bytes32 recordId,uint40 from,uint40 until,uint16 purposes,
    /// uint32 categories,uint16 useLimit)`, in one line. One slot can stand in it only once.
    function grantManyBySignature(
        Pseudonym pseudonym,
        Consent[] calldata consents,
        Authorization calldata authorization
    ) external;

    /// @notice Makes a signature worthless before anyone carries it. By the controller.
    function cancelNonce(Pseudonym pseudonym, uint256 nonce) external;

    /// @notice Makes the caller the log of release requests, for good. Called once, when the log is deployed.
    /// @dev A stranger that comes first makes the deployment of the log fail: then deploy both anew.
    function attachLog() external;

    /// @notice Counts one use of a limited consent, by a reader of whom the log knows that it asks. By the log.
    /// @dev Refused unless a permit stands, the reader reads by it, uses are left, and `use.number` is the slot's
    /// `counted`. What else `decide` looks at (purpose, category, denials, floors) is not asked here: who releases asks
    /// `decide`.
    function countUse(address reader, Use calldata use) external returns (bytes32 key);

    /// @notice The one decision point: may this reader read, and which slot says so?
    /// @dev `key` is the slot that permits, or the one with the reason for the refusal, or 0.
    /// Looks at the slots of the record and of the categories, for the salted and the bare id of the person (so that a
    /// salt never gets round a denial), then at the reader's delegation, then for each affiliation upward the
    /// organization and the roles there. `key` may be a delegation's (IDelegations.wordOf).
    /// `at` is the caller's: ask with the own clock and the head's. For calls: it may read 644 slots.
    function decide(Query calldata query) external view returns (Decision code, bytes32 key);

    /// @notice The same for transactions: whether the one slot at the end of `path` permits.
    /// @dev `decide` permits exactly where some path does. The person's denial is looked at too.
    function decideAlong(Query calldata query, Path calldata path) external view returns (Decision code, bytes32 key);

    /// @notice What a slot says; state 0 where nothing was ever said.
    function slotOf(bytes32 key) external view returns (Slot memory);

    /// @notice The last `revokeAll` for the grantee (0: for everyone); permits not younger are over.
    function floorOf(Pseudonym pseudonym, bytes32 granteeId) external view returns (uint40);

    /// @notice 256 nonces of a pseudonym, `word * 256` and on: a bit is set where a nonce is used, cancelled, or none.
    function noncesOf(Pseudonym pseudonym, uint256 word) external view returns (uint256);

    /// @notice The key of a slot: keccak256(abi.encode(pseudonym, granteeId, recordId)).
    function keyOf(Pseudonym pseudonym, bytes32 granteeId, RecordId recordId) external pure returns (bytes32);

    /// @notice The id of a person: keccak256(abi.encode(uint8(1), account, salt)).
    function personId(address account, bytes32 salt) external pure returns (bytes32);

    /// @notice The id of an organization, where `role` is 255: keccak256(abi.encode(uint8(2), organization, salt)),
    /// or of a role there: keccak256(abi.encode(uint8(3), organization | role, salt)).
    function groupId(OrganizationId organization, uint8 role, bytes32 salt) external pure returns (bytes32);
}
