// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @dev What waits. `Recovery`: guardians put another controller in place. `Handover`: the controller does.
/// `Circle`: the controller names other guardians, or none.
enum PendingKind {
    None,
    Recovery,
    Handover,
    Circle
}

/// @dev What waits for a pseudonym: `to` for a recovery or a handover, `circle` for a change of guardians.
struct Pending {
    PendingKind kind;
    address to;
    uint40 readyAt;
    uint48 round;
    bytes32 circle;
}

/// @dev The guardians as their patient named them: how many of them act together, and a salted commitment to each.
/// They hash to the circle that stands on chain.
struct Circle {
    uint8 needed;
    bytes32[] places;
}

/// @dev One guardian who acts: which place, what opens it, and the signature.
struct Approval {
    address guardian;
    uint8 place;
    bytes32 salt;
    bytes signature;
}
