// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @dev What a delegate may do. At least one of `reads` and `grants` names a purpose.
struct DelegationTerms {
    uint40 until; // first second after
    uint16 reads; // bits of Purposes: for what the delegate may read; 0: it may not
    uint16 grants; // bits of Purposes: for what it may let others read; 0: it may not
    uint32 categories; // mask in the pseudonym's permutation
}

/// @dev One storage slot: 144 of 256 bits, in this order from the low end (DelegationSlot).
struct Delegation {
    uint40 until; // 0: ended
    uint16 reads;
    uint16 grants;
    uint32 categories;
    uint40 changedAt; // when it was given or ended
}

/// @dev What the controller signed beside the decision itself, and the signature.
struct SignedAct {
    uint40 signedAt; // the smaller of the signer's clock and the head's time
    uint40 deadline; // last second in which it may be carried, at most 15 minutes after signedAt
    bytes signature; // ECDSA with low s, or what the controller's contract takes (ERC-1271)
}
