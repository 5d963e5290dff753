// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationId} from "./Ids.sol";

/// @dev One call that a proposal makes.
struct Call {
    address target; // a contract
    bytes data; // selector and arguments
}

/// @dev What members confirm. `proposedAt` 0 means that there is no such proposal.
struct Proposal {
    OrganizationId proposer;
    uint40 proposedAt; // ends 30 days later
    bool executed;
    Call[] calls; // made in this order, all or none
}
