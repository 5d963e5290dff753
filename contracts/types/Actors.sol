// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationId} from "./Ids.sol";

/// @dev What an organization is. The first four are providers: they register patients and deposit records.
enum OrganizationKind {
    Hospital,
    Laboratory,
    Pharmacy,
    Emergency,
    Department,
    Host,
    Authority,
    Payer,
    Research
}

/// @dev What an operator's node does.
enum OperatorKind {
    Storage,
    Reconstructor,
    Key
}

/// @dev Slot 0: account, kind, depth, active. Slot 1: parent. Slot 2: directoryHash.
struct Organization {
    address account; // speaks for it: attests staff, authorizes uploaders
    OrganizationKind kind;
    uint8 depth; // 1 without a parent, at most 4
    bool active; // its own switch; it counts as active only while its ancestors are too
    OrganizationId parent; // 0 for none
    bytes32 directoryHash; // SHA-256 of the signed directory entry that holds its name
}

/// @dev One slot: for whom a key deposits, and before when.
struct Uploader {
    OrganizationId organization;
    uint40 until;
}

/// @dev Slot 0: account, roles, attestedAt. Slot 1, which says whether it lives: organization, until, retracted.
/// Slot 2: directoryHash.
struct Credential {
    address account; // the practitioner
    uint32 roles; // bits of docs/spec/actors.md, one to four of them
    uint40 attestedAt;
    OrganizationId organization;
    uint40 until; // lives before this second
    bool retracted;
    bytes32 directoryHash; // SHA-256 of the signed directory entry that holds the practitioner's name
}

/// @dev What a consent to an organization or role needs to know of a credential: the answer of `affiliationOf`.
struct Affiliation {
    address account;
    uint32 roles;
    bool live; // before its end, not retracted, and its organization active
    OrganizationId[4] path; // its organization, then those above, then 0
}

/// @dev Slot 0: account, kind, active. Slot 1: organization. Slot 2: hpkeKeyHash. Then the endpoint.
struct Operator {
    address account; // the node's chain key
    OperatorKind kind;
    bool active;
    OrganizationId organization; // who answers for the node
    bytes32 hpkeKeyHash; // SHA-256 of the node's X-Wing public key; 0 where it needs none
    string endpoint; // base URL
}

/// @dev One slot: whose requests a session key signs, for what and when. It stays when it is over, so that a key serves
/// once and an old request can still be judged.
struct Session {
    address reader; // 0 where a key was ended before it had one
    uint16 purposes; // mask of Purposes, break-glass not among them
    uint40 since; // when it was opened
    uint40 until; // lives before this second
}
