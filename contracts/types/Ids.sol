// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @dev 16 random bytes that name an organization. Its name stands in the directory, never on chain.
type OrganizationId is bytes16;

/// @dev 16 random bytes that name the operator of one node.
type OperatorId is bytes16;

/// @dev Stands for a patient at one provider and commits to its first controller (Derivation.pseudonym).
type Pseudonym is bytes32;

/// @dev Names a record and commits to its pseudonym (Derivation.recordId).
type RecordId is bytes32;

OrganizationId constant NO_ORGANIZATION = OrganizationId.wrap(0);
OperatorId constant NO_OPERATOR = OperatorId.wrap(0);
Pseudonym constant NO_PSEUDONYM = Pseudonym.wrap(0);
/// @dev In a consent or a request: not one record, but every record of the categories.
RecordId constant NO_RECORD = RecordId.wrap(0);

using {_sameOrganization as ==, _otherOrganization as !=} for OrganizationId global;
using {_sameOperator as ==, _otherOperator as !=} for OperatorId global;
using {_samePseudonym as ==, _otherPseudonym as !=} for Pseudonym global;
using {_sameRecord as ==, _otherRecord as !=} for RecordId global;

/// @notice Whether both ids name the same organization.
function _sameOrganization(OrganizationId a, OrganizationId b) pure returns (bool) {
    return OrganizationId.unwrap(a) == OrganizationId.unwrap(b);
}

/// @notice Whether the ids name different organizations.
function _otherOrganization(OrganizationId a, OrganizationId b) pure returns (bool) {
    return OrganizationId.unwrap(a) != OrganizationId.unwrap(b);
}

/// @notice Whether both ids name the same operator.
function _sameOperator(OperatorId a, OperatorId b) pure returns (bool) {
    return OperatorId.unwrap(a) == OperatorId.unwrap(b);
}

/// @notice Whether the ids name different operators.
function _otherOperator(OperatorId a, OperatorId b) pure returns (bool) {
    return OperatorId.unwrap(a) != OperatorId.unwrap(b);
}

/// @notice Whether both pseudonyms are the same.
function _samePseudonym(Pseudonym a, Pseudonym b) pure returns (bool) {
    return Pseudonym.unwrap(a) == Pseudonym.unwrap(b);
}

/// @notice Whether the pseudonyms differ.
function _otherPseudonym(Pseudonym a, Pseudonym b) pure returns (bool) {
    return Pseudonym.unwrap(a) != Pseudonym.unwrap(b);
}

/// @notice Whether both ids name the same record.
function _sameRecord(RecordId a, RecordId b) pure returns (bool) {
    return RecordId.unwrap(a) == RecordId.unwrap(b);
}

/// @notice Whether the ids name different records.
function _otherRecord(RecordId a, RecordId b) pure returns (bool) {
    return RecordId.unwrap(a) != RecordId.unwrap(b);
}
