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

/// @dev Why `decide` permits or refuses. Where several reasons hold, the largest code is the answer.
enum Decision {
    Permit, // a slot permits
    NoConsent, // nobody ever said anything about this reader
    OtherCategories, // a permit stands, for other categories
    NotYetValid, // a permit stands, from later on
    Expired, // a permit stood, its time is over
    WrongPurpose, // a permit stands, for other purposes
    Revoked, // the permit was ended, in its slot or by a floor
    Denied, // the patient denied this reader: wins over every permit
    UnknownPurpose, // no such purpose, or break-glass, which no consent covers
    WrongCategory, // the record has another category, or no such category
    WrongPseudonym, // the record belongs to another pseudonym
    Erased, // the record was erased
    UnknownRecord, // no such record was anchored
    UnknownPseudonym // no such pseudonym was registered
}

/// @dev What a grant says. Times in seconds since 1970.
struct Terms {
    uint40 from; // first second
    uint40 until; // first second after
    uint16 purposes; // bits of Purposes
    uint32 categories; // mask in the pseudonym's permutation; 0 when one record is granted
    uint16 useLimit; // 0: any number of uses
}

/// @dev One storage slot: 208 of 256 bits, in this order from the low end (ConsentSlot).
struct Slot {
    uint40 from;
    uint40 until;
    uint16 purposes;
    uint32 categories;
    uint16 useLimit;
    uint16 used;
    uint40 changedAt; // when the last decision about this slot was made
    ConsentState state;
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
