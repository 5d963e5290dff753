// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConsentState, Slot, Terms} from "../types/Consents.sol";

/// @title Consent slot
/// @notice Packs a consent into one word, written at once. Bits from the low end: from 0..39, until 40..79,
/// purposes 80..95, categories 96..127, useLimit 128..143, used 144..159, changedAt 160..199, state 200..207.
library ConsentSlot {
    uint256 private constant _CHANGE = (uint256(type(uint40).max) << 160) | (uint256(type(uint8).max) << 200);

    /// @notice A fresh permit under these terms.
    function permit(Terms memory terms, uint256 time) internal pure returns (uint256) {
        return
            uint256(terms.from) |
            (uint256(terms.until) << 40) |
            (uint256(terms.purposes) << 80) |
            (uint256(terms.categories) << 96) |
            _change(ConsentState.Permit, time);
    }

    /// @notice The same consent in another state; its terms stay for the history.
    function close(uint256 word, ConsentState state, uint256 time) internal pure returns (uint256) {
        return (word & ~_CHANGE) | _change(state, time);
    }

    /// @notice When the last decision about the slot was made.
    function changedAt(uint256 word) internal pure returns (uint40) {
        return uint40(word >> 160);
    }

    /// @notice The fields of a word.
    function read(uint256 word) internal pure returns (Slot memory) {
        return
            Slot({
                from: uint40(word),
                until: uint40(word >> 40),
                purposes: uint16(word >> 80),
                categories: uint32(word >> 96),
                useLimit: uint16(word >> 128),
                used: uint16(word >> 144),
                changedAt: changedAt(word),
                state: ConsentState(uint8(word >> 200))
            });
    }

    function _change(ConsentState state, uint256 time) private pure returns (uint256) {
        return (uint256(uint40(time)) << 160) | (uint256(state) << 200);
    }
}
