// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationId, Pseudonym, RecordId} from "../types/Ids.sol";

/// @title Derivation of ids
/// @notice Ids that commit to what they name, so that whoever sees one first cannot claim it for something else.
library Derivation {
    bytes32 private constant _NYM_LABEL = keccak256("sharewell/person/1 nym");
    bytes32 private constant _RECORD_LABEL = keccak256("sharewell/record/1 id");

    /// @notice The pseudonym of the holder of the secret `rho` whose first controller is `controller`.
    function pseudonym(bytes32 networkId, address controller, bytes32 rho) internal pure returns (Pseudonym) {
        return Pseudonym.wrap(keccak256(abi.encode(_NYM_LABEL, networkId, controller, rho)));
    }

    /// @notice The record that a pseudonym has under a salt.
    function recordId(bytes32 networkId, Pseudonym owner, bytes32 salt) internal pure returns (RecordId) {
        return RecordId.wrap(keccak256(abi.encode(_RECORD_LABEL, networkId, owner, salt)));
    }

    /// @notice The affiliation of an account at an organization.
    function credentialId(address account, OrganizationId organization) internal pure returns (bytes32) {
        return keccak256(abi.encode(account, organization));
    }

    /// @notice Whom a consent names: kind 1 a person (`value` is the account), 2 an organization, 3 a role there.
    function granteeId(uint8 kind, bytes32 value, bytes32 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(kind, value, salt));
    }

    /// @notice The slot of a consent; `scope` 0 stands for every record of the consent's categories.
    function consentKey(Pseudonym owner, bytes32 grantee, RecordId scope) internal pure returns (bytes32) {
        return keccak256(abi.encode(owner, grantee, scope));
    }
}
