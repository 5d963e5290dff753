// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorId} from "./Ids.sol";

/// @dev One generation of the release key's shares: who holds them.
struct Epoch {
    uint16 k; // partials that open
    uint16 confirmations; // members that accepted it: all of them
    bool active; // it serves or served
    bytes32 groupKey; // ristretto255 encoding of Y
    bytes32 transcriptHash; // of its ceremony, as every member saw it
    OperatorId[] members; // member i has the identifier i + 1
    bytes32[] verifyingShares; // of the same order
}

/// @dev What became of a ceremony.
enum CeremonyState {
    None,
    Open,
    BegunAgain, // the next number goes on without who was silent or excluded
    Failed, // too few were left, or a member had opened it
    Replaced, // the administration opened another
    Done // its epoch serves or served
}

/// @dev One attempt to make the next epoch.
struct Ceremony {
    uint32 epoch; // that it makes
    uint16 k;
    bool generation; // of a new key; else the key that serves is shared anew
    bool byMember; // a refresh that a member opened: it fails rather than cost anybody a seat
    CeremonyState state;
    uint32 window; // seconds that each step has
    uint40 startedAt;
    uint64 startBlock;
    OperatorId[] dealers; // in a resharing, members of the epoch that serves
    OperatorId[] members; // of the new set
}

/// @dev How far the parties of a ceremony are, in their order there.
struct Progress {
    bytes32[] packages; // hash that each dealer committed to, or 0
    bool[] revealed; // dealers that showed their package
    bytes32[] accepted; // hash of the result that each member accepted, or 0
}

/// @dev A member's complaint about a dealer. Odd levels wait for the dealer.
struct Complaint {
    OperatorId dealer;
    OperatorId member;
    uint8 level; // 1 nothing came, 2 answered sealed, 3 that is bad too, 4 answered in clear
}
