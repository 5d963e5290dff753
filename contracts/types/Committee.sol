// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorId} from "./Ids.sol";

/// @dev One generation of the release key: who holds its shares.
struct Epoch {
    uint16 k; // partials that open
    uint16 confirmations; // of `members.length`
    bool active; // everyone confirmed
    bytes32 groupKey; // ristretto255 encoding of Y
    bytes32 transcriptHash; // of the key generation, as every member saw it
    OperatorId[] members; // member i has the identifier i + 1
    bytes32[] verifyingShares; // of the same order
}
