// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorId, OrganizationId, Pseudonym, RecordId} from "./Ids.sol";

/// @dev What clinician and guardian agree on; its EIP-712 digest is the id of the window.
struct Opening {
    Pseudonym pseudonym;
    RecordId recordId; // 0: every record of the pseudonym that has an emergency wrap
    address clinician;
    bytes32 credentialId; // the clinician's affiliation, with the role of emergency clinician
    address guardian;
    bytes32 reasonCommit; // keccak256(abi.encode(label, salt, reason))
    bytes32 partKeyHash; // SHA-256 of the X-Wing key to which the guardian seals its part
    uint40 deadline; // last second of carrying it
}

/// @dev What a review found.
enum Verdict {
    None,
    Justified,
    Unjustified
}

/// @dev A window in which the glass is broken.
struct Window {
    Pseudonym pseudonym;
    RecordId recordId;
    bytes32 credentialId;
    bytes32 reasonCommit;
    address clinician;
    uint40 openedAt; // 0: there is no such window
    uint40 closedAt; // 0: nobody closed it
    address guardian;
    uint40 until; // first second after
    uint40 reviewBy; // last second of the review's time
    OrganizationId institution; // uppermost organization of the clinician's credential
    Verdict verdict;
    address reviewer; // 0: not reviewed
    uint40 reviewedAt;
}

/// @dev A key of the key nodes for emergency wraps alone.
struct EmergencyKey {
    uint16 k; // partials that open
    bytes32 groupKey; // ristretto255 encoding of Y_N
    bytes32 transcriptHash; // of its generation, as every member saw it
    OperatorId[] members; // member i has the identifier i + 1
    bytes32[] verifyingShares; // of the same order
}

/// @dev Somebody who holds the guardians' part.
struct Officer {
    address account;
    bytes publicKey; // X-Wing
}
