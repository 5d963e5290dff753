// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Purposes of use
/// @notice Indexes of HL7 v3-ActReason codes. They are no hierarchy: TREAT includes neither ETREAT nor BTG.
library Purposes {
    /// @dev Treatment.
    uint8 internal constant TREAT = 0;
    /// @dev Emergency treatment by those who treat anyway.
    uint8 internal constant ETREAT = 1;
    /// @dev Break the glass: overrides consent, hence no consent may name it.
    uint8 internal constant BTG = 2;
    /// @dev Payment.
    uint8 internal constant HPAYMT = 3;
    /// @dev Operations of a provider.
    uint8 internal constant HOPERAT = 4;
    /// @dev Research.
    uint8 internal constant HRESCH = 5;
    /// @dev The patient asked for it.
    uint8 internal constant PATRQT = 6;
    /// @dev Public health.
    uint8 internal constant PUBHLTH = 7;

    /// @dev Every purpose, as a mask.
    uint16 internal constant ALL = 0xff;
    /// @dev The mask of the one that no consent may name.
    uint16 internal constant BREAK_GLASS = uint16(1) << BTG;

    /// @notice Whether a consent may name `purpose`.
    function isConsentable(uint8 purpose) internal pure returns (bool) {
        return purpose <= PUBHLTH && purpose != BTG;
    }
}
