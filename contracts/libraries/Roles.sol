// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Roles
/// @notice Bits of an affiliation's roles that contracts themselves ask for; the whole list is in docs/spec/actors.md.
library Roles {
    /// @dev Guards the emergency wraps of an institution's patients.
    uint8 internal constant EMERGENCY_OFFICER = 5;
    /// @dev May break the glass, with an officer's word.
    uint8 internal constant EMERGENCY_CLINICIAN = 8;
    /// @dev Reviews what was opened so.
    uint8 internal constant REVIEWER = 9;
}
