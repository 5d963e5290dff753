// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Delegation, DelegationTerms} from "../types/Delegations.sol";

/// @title Delegation slot
/// @notice Packs a delegation into one word. Bits from the low end: until 0..39, grants 40..55, categories 56..87,
/// reads 88..103, changedAt 104..143. The word 0: nothing was ever said about the account.
library DelegationSlot {
    uint256 private constant _LIMITS = (uint256(1) << 88) - 1;

    /// @notice A delegation since `time`.
    function pack(DelegationTerms memory terms, uint256 time) internal pure returns (uint256) {
        return
            uint256(terms.until) |
            (uint256(terms.grants) << 40) |
            (uint256(terms.categories) << 56) |
            (uint256(terms.reads) << 88) |
            (uint256(uint40(time)) << 104);
    }

    /// @notice One that ended at `time`.
    function ended(uint256 time) internal pure returns (uint256) {
        return uint256(uint40(time)) << 104;
    }

    /// @notice Who consents as a delegate, and within which limits: bits 0..87 of the delegation, and the account above.
    function decider(uint256 word, address account) internal pure returns (uint256) {
        return (word & _LIMITS) | (uint256(uint160(account)) << 96);
    }

    /// @notice The account in a decider.
    function accountOf(uint256 by) internal pure returns (address) {
        return address(uint160(by >> 96));
    }

    /// @notice First second after; 0 where it ended.
    function until(uint256 word) internal pure returns (uint40) {
        return uint40(word);
    }

    /// @notice Mask of purposes for which the delegate may read.
    function reads(uint256 word) internal pure returns (uint16) {
        return uint16(word >> 88);
    }

    /// @notice Mask of purposes for which it may let others read.
    function grants(uint256 word) internal pure returns (uint16) {
        return uint16(word >> 40);
    }

    /// @notice Mask of categories.
    function categories(uint256 word) internal pure returns (uint32) {
        return uint32(word >> 56);
    }

    /// @notice When it was given or ended.
    function changedAt(uint256 word) internal pure returns (uint40) {
        return uint40(word >> 104);
    }

    /// @notice All fields of a word.
    function read(uint256 word) internal pure returns (Delegation memory) {
        return
            Delegation({
                until: until(word),
                reads: reads(word),
                grants: grants(word),
                categories: categories(word),
                changedAt: changedAt(word)
            });
    }
}
