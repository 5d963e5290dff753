// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Pseudonym, RecordId} from "./Ids.sol";

/// @dev What a slot says.
enum ConsentState {
    None,
    Permit,
    Revoked,
    Denied
}

/// @dev Why `decide` permits or refuses. Where several reasons hold, the largest code is the answer; but a slot says
/// UsedUp only where it permits in every other respect.
enum Decision {
    Permit, // a slot permits
    NoConsent, // nobody ever said anything about this reader, or a group that the reader belongs to
    OtherCategories, // a permit stands, for other categories
    NotYetValid, // a permit stands, from later on
    Expired, // a permit stood, its time is over
    WrongPurpose, // a permit stands, for other purposes
    NotAffiliated, // a permit to an organization or role stands, but this reader's affiliation there is over
    Revoked, // the permit was ended, in its slot or by a floor
    Denied, // the patient denied this person: wins over every permit
    UnknownPurpose, // no such purpose, or break-glass, which no consent covers
    WrongCategory, // the record has another category, or no such category
    WrongPseudonym, // the record belongs to another pseudonym
    Erased, // the record was erased
    UnknownRecord, // no such record was anchored
    UnknownPseudonym, // no such pseudonym was registered
    UsedUp // a permit stands, and as many uses as it allows were counted
}

/// @dev What a grant says. Times in seconds since 1970.
struct Terms {
    uint40 from; // first second
    uint40 until; // first second after
    uint16 purposes; // bits of Purposes
    uint32 categories; // mask in the pseudonym's permutation; 0 when one record is granted
    uint16 useLimit; // how many release requests; 0: any number
}

/// @dev One consent of a batch. The EIP-712 type `Consent` names the terms one by one; here they are one word, which
/// saves a twentieth of what a batch costs.
struct Consent {
    bytes32 granteeId;
    RecordId recordId; // 0: the categories
    uint256 terms; // from 40 bits, until 40, purposes 16, categories 32, useLimit 16, from the low end; above them 0
}

/// @dev What the controller, or a delegate, signed beside the decision itself, and the signature.
struct Authorization {
    uint256 nonce; // used once for a pseudonym; its low byte is 40 or more
    uint40 signedAt; // the smaller of the signer's clock and the head's time
    uint40 deadline; // last second in which it may be carried, at most 15 minutes after signedAt
    bytes signature; // ECDSA with low s, also of a delegate, or what the controller's contract takes (ERC-1271)
}

/// @dev One storage slot: 248 of 256 bits, in this order from the low end (ConsentSlot).
struct Slot {
    uint40 from;
    uint40 until;
    uint16 purposes;
    uint32 categories;
    uint16 useLimit;
    uint16 used; // of the grant that stands
    uint40 changedAt; // when the last decision about this slot was made
    ConsentState state;
    uint40 counted; // uses of this slot under all its grants: never less than before
}

/// @dev One use of a limited consent: which slot, as whom the reader reads by it, and which use it is.
struct Use {
    Pseudonym pseudonym;
    RecordId recordId; // of the slot; 0: the one for categories
    bytes32 salt; // of the slot's grantee id
    bytes32 credentialId; // as in a Path
    uint8 level;
    uint8 role;
    uint40 number; // the slot's `counted` before this use
}

/// @dev May `reader` read for `purpose` at the time `at`?
struct Query {
    Pseudonym pseudonym;
    RecordId recordId; // 0: any record of the category
    uint8 categoryBit; // must be the record's, where one is named
    address reader;
    bytes32 salt; // of the grantee id; 0 by default
    uint8 purpose; // index of Purposes
    uint40 at; // the caller's clock, because the head's time may be old
}

/// @dev As whom the reader of a query reads: the one slot on which a transaction relies.
struct Path {
    bytes32 credentialId; // the reader's affiliation; 0: as the person, or, with the role 254, as a delegate
    uint8 level; // 0: the affiliation's organization, up to 3: organizations above it
    uint8 role; // bit of a role that the affiliation names; 255: the organization itself
    bool wide; // the slot for categories, even where the query names a record
}
