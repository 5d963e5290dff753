// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorId, OrganizationId} from "./Ids.sol";

/// @dev What a storage node signed when it took a share (docs/spec/placement.md).
struct Acknowledgement {
    bytes32 manifestHash;
    bytes32 placementHash;
    uint16 index; // the share
    bytes32 shareRoot; // root of the tree over the digests of the share
    uint64 size; // bytes of the share; `bytes` where it is signed
    uint40 time;
}

/// @dev How an audit ended. One that two auditors never agreed on stays open, and counts for nobody.
enum AuditOutcome {
    Open,
    Shown, // two auditors saw the share-chunk before the deadline
    Silent // it passed, and two say that they saw nothing
}

/// @dev Slot 0: operator, number of its block, deadline, chunks, outcome. Slot 1: who asked, what about, and the words so
/// far. Then the auditors.
struct Audit {
    OperatorId operator; // whose node is asked
    uint48 madeIn; // block of the challenge; the draw hashes the second one after it
    uint40 deadline; // shown before this second; 0 before the draw
    uint32 chunks; // of the record
    AuditOutcome outcome;
    OrganizationId challenger; // the organization, without a parent, for which it was asked
    uint16 j; // the share
    uint32 i; // the chunk, once it is drawn
    uint8 shown; // words for the node
    uint8 silent; // words against it
    uint8 spoken; // bit k: auditor k spoke
    OperatorId[3] auditors;
}

/// @dev One slot: how a node did when it was asked.
struct AuditStanding {
    uint32 shown; // audits in which it showed what it was asked for
    uint32 missed; // in which it did not; those within a day of each other count once
    uint32 faults; // three misses within 30 days
    uint40 first; // the last two misses of no fault yet, by their deadlines; 0 for none
    uint40 second;
    uint40 lastMissAt; // 0 for never
}
