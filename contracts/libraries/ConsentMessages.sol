// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConsentSlot} from "./ConsentSlot.sol";
import {Authorization, Consent, Terms} from "../types/Consents.sol";
import {Pseudonym, RecordId} from "../types/Ids.sol";

/// @title Consent messages
/// @notice EIP-712 hashes of what a controller signs. The types stand in full in IConsentRegistry.
library ConsentMessages {
    bytes32 private constant _CONSENT_TYPEHASH = keccak256(
        "Consent(bytes32 granteeId,bytes32 recordId,uint40 from,uint40 until,"
        "uint16 purposes,uint32 categories,uint16 useLimit)"
    );
    bytes32 private constant _GRANT_TYPEHASH = keccak256(
        "Grant(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,"
        "uint40 from,uint40 until,uint16 purposes,uint32 categories,uint16 useLimit,"
        "uint256 nonce,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _GRANT_MANY_TYPEHASH = keccak256(
        "GrantMany(bytes32 pseudonym,address controller,Consent[] consents,"
        "uint256 nonce,uint40 signedAt,uint40 deadline)"
        "Consent(bytes32 granteeId,bytes32 recordId,uint40 from,uint40 until,"
        "uint16 purposes,uint32 categories,uint16 useLimit)"
    );
    /// @dev Type hash of a signed `revoke`.
    bytes32 internal constant REVOKE = keccak256(
        "Revoke(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,"
        "uint256 nonce,uint40 signedAt,uint40 deadline)"
    );
    /// @dev Type hash of a signed `deny`.
    bytes32 internal constant DENY = keccak256(
        "Deny(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,"
        "uint256 nonce,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _REVOKE_ALL_TYPEHASH = keccak256(
        "RevokeAll(bytes32 pseudonym,address controller,bytes32 granteeId,"
        "uint256 nonce,uint40 signedAt,uint40 deadline)"
    );

    /// @notice One grant.
    function hashGrant(
        Pseudonym pseudonym,
        address controller,
        bytes32 granteeId,
        RecordId recordId,
        Terms memory terms,
        Authorization calldata by
    ) internal pure returns (bytes32) {
        // A struct of fixed size is encoded field after field, as EIP-712 wants them here.
        return
            keccak256(
                abi.encode(
                    _GRANT_TYPEHASH,
                    pseudonym,
                    controller,
                    granteeId,
                    recordId,
                    terms,
                    by.nonce,
                    by.signedAt,
                    by.deadline
                )
            );
    }

    /// @notice One slot's end or denial: `typeHash` is REVOKE or DENY.
    function hashClose(
        bytes32 typeHash,
        Pseudonym pseudonym,
        address controller,
        bytes32 granteeId,
        RecordId recordId,
        Authorization calldata by
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(typeHash, pseudonym, controller, granteeId, recordId, by.nonce, by.signedAt, by.deadline)
            );
    }

    /// @notice The end of every permit to one grantee, or to everyone.
    function hashRevokeAll(
        Pseudonym pseudonym,
        address controller,
        bytes32 granteeId,
        Authorization calldata by
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(_REVOKE_ALL_TYPEHASH, pseudonym, controller, granteeId, by.nonce, by.signedAt, by.deadline)
            );
    }

    /// @notice A batch of grants.
    function hashGrantMany(
        Pseudonym pseudonym,
        address controller,
        Consent[] calldata consents,
        Authorization calldata by
    ) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](consents.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = _hashConsent(consents[i]);
        }
        return
            keccak256(
                abi.encode(
                    _GRANT_MANY_TYPEHASH,
                    pseudonym,
                    controller,
                    keccak256(abi.encodePacked(hashes)),
                    by.nonce,
                    by.signedAt,
                    by.deadline
                )
            );
    }

    function _hashConsent(Consent calldata consent) private pure returns (bytes32) {
        uint256 terms = consent.terms;
        return
            keccak256(
                abi.encode(
                    _CONSENT_TYPEHASH,
                    consent.granteeId,
                    consent.recordId,
                    ConsentSlot.from(terms),
                    ConsentSlot.until(terms),
                    ConsentSlot.purposes(terms),
                    ConsentSlot.categories(terms),
                    ConsentSlot.useLimit(terms)
                )
            );
    }
}
