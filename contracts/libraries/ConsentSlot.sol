// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConsentState, Slot, Terms} from "../types/Consents.sol";

/// @title Consent slot
/// @notice Packs a consent into one word, written at once. Bits from the low end: from 0..39, until 40..79,
/// purposes 80..95, categories 96..127, useLimit 128..143, used 144..159, changedAt 160..199, state 200..207,
/// counted 208..247.
library ConsentSlot {
    uint256 private constant _ONE_USE = (uint256(1) << 144) | (uint256(1) << 208);
    uint256 private constant _COUNTED = uint256(type(uint40).max) << 208;
    uint256 private constant _CHANGE = (uint256(type(uint40).max) << 160) | (uint256(type(uint8).max) << 200);

    /// @notice The terms alone: no time, no state.
    function pack(Terms memory terms) internal pure returns (uint256) {
        return
            uint256(terms.from) |
            (uint256(terms.until) << 40) |
            (uint256(terms.purposes) << 80) |
            (uint256(terms.categories) << 96) |
            (uint256(terms.useLimit) << 128);
    }

    /// @notice The same terms in another state, since `time`; they stay for the history when a consent ends.
    function enter(uint256 word, ConsentState next, uint256 time) internal pure returns (uint256) {
        return (word & ~_CHANGE) | (uint256(uint40(time)) << 160) | (uint256(next) << 200);
    }

    /// @notice The terms as a permit since `time`, in the place of `old`: no use of it was counted yet.
    function permit(uint256 terms, uint256 old, uint256 time) internal pure returns (uint256) {
        return enter(terms, ConsentState.Permit, time) | (old & _COUNTED);
    }

    /// @notice One use more. By whoever knows that the limit is not reached: nothing overflows below it.
    function use(uint256 word) internal pure returns (uint256) {
        return word + _ONE_USE;
    }

    /// @notice Whether the uses are limited and all counted.
    function isUsedUp(uint256 word) internal pure returns (bool) {
        return useLimit(word) != 0 && used(word) >= useLimit(word);
    }

    /// @notice First second.
    function from(uint256 word) internal pure returns (uint40) {
        return uint40(word);
    }

    /// @notice First second after.
    function until(uint256 word) internal pure returns (uint40) {
        return uint40(word >> 40);
    }

    /// @notice Mask of purposes.
    function purposes(uint256 word) internal pure returns (uint16) {
        return uint16(word >> 80);
    }

    /// @notice Mask of categories; 0 where one record is meant.
    function categories(uint256 word) internal pure returns (uint32) {
        return uint32(word >> 96);
    }

    /// @notice How many uses; 0: any number.
    function useLimit(uint256 word) internal pure returns (uint16) {
        return uint16(word >> 128);
    }

    /// @notice Uses counted since the grant.
    function used(uint256 word) internal pure returns (uint16) {
        return uint16(word >> 144);
    }

    /// @notice Uses counted under all grants of the slot.
    function counted(uint256 word) internal pure returns (uint40) {
        return uint40(word >> 208);
    }

    /// @notice When the last decision about the slot was made.
    function changedAt(uint256 word) internal pure returns (uint40) {
        return uint40(word >> 160);
    }

    /// @notice What the slot says.
    function state(uint256 word) internal pure returns (ConsentState) {
        return ConsentState(uint8(word >> 200));
    }

    /// @notice All fields of a word.
    function read(uint256 word) internal pure returns (Slot memory) {
        return
            Slot({
                from: from(word),
                until: until(word),
                purposes: purposes(word),
                categories: categories(word),
                useLimit: useLimit(word),
                used: used(word),
                changedAt: changedAt(word),
                state: state(word),
                counted: counted(word)
            });
    }
}
