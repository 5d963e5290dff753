// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationId, Pseudonym, RecordId} from "../types/Ids.sol";

/// @title Derivation of ids
/// @notice Ids that commit to what they name, so that whoever sees one first cannot claim it for something else.
library Derivation {
    /// @dev Kind of a grantee: a person, whose account is the value.
    uint8 internal constant PERSON = 1;
    /// @dev Kind of a grantee: everyone who works at an organization or below it.
    uint8 internal constant ORGANIZATION = 2;
    /// @dev Kind of a grantee: everyone who has a role there.
    uint8 internal constant ROLE = 3;
    /// @dev In place of a role: the organization itself.
    uint8 internal constant NO_ROLE = 255;
    /// @dev In place of a role, without an affiliation: as a delegate.
    uint8 internal constant AS_DELEGATE = 254;

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

    /// @notice Kind and value of an organization (`role` is NO_ROLE) or of a role there, as `granteeId` takes them.
    function group(OrganizationId organization, uint8 role) internal pure returns (uint8 kind, bytes32 value) {
        value = bytes32(OrganizationId.unwrap(organization));
        return role == NO_ROLE ? (ORGANIZATION, value) : (ROLE, value | bytes32(uint256(role)));
    }

    /// @notice Whom a consent names.
    function granteeId(uint8 kind, bytes32 value, bytes32 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(kind, value, salt));
    }

    /// @notice The key of a delegation, as `decide` answers it; no consent has the same.
    function delegationKey(Pseudonym owner, address controller, address account) internal pure returns (bytes32) {
        return keccak256(abi.encode(owner, controller, account, AS_DELEGATE));
    }

    /// @notice The slot of a consent; `scope` 0 stands for every record of the consent's categories.
    function consentKey(Pseudonym owner, bytes32 grantee, RecordId scope) internal pure returns (bytes32) {
        return keccak256(abi.encode(owner, grantee, scope));
    }
}
