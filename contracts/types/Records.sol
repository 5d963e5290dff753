// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationId, Pseudonym} from "./Ids.sol";

/// @dev What a depositor puts on chain for a new record.
struct Anchor {
    Pseudonym pseudonym;
    bytes32 salt; // 32 random bytes; the record's id is a hash of network, pseudonym and salt
    bytes32 manifestHash; // SHA-256 of the signed manifest
    bytes32 placementHash; // SHA-256 of the signed placement
    bytes32 ptCommit; // keyed commitment to the plaintext: in the event only
    uint8 category; // 0..31, in the pseudonym's own permutation
    uint16 n; // shares
    uint16 t; // shares that rebuild
    uint16 r; // shares that learn nothing
}

/// @dev What a depositor puts on chain for the next version of a record. Its category stays.
struct Version {
    uint32 version; // must be the current one plus 1
    bytes32 manifestHash;
    bytes32 placementHash;
    bytes32 ptCommit;
    uint16 n;
    uint16 t;
    uint16 r;
}

/// @dev A record as it stands: the answer of `recordOf`. `version` 0 means that there is no such record.
struct Record {
    Pseudonym pseudonym;
    OrganizationId author; // who deposited the current version; 0 for the patient
    uint8 category;
    uint16 n;
    uint16 t;
    uint16 r;
    uint32 version; // the current one, from 1
    bool erased;
    bytes32 manifestHash; // of the current version
    bytes32 placementHash; // of the current version
}
