// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    Affiliation,
    Credential,
    Operator,
    OperatorKind,
    Organization,
    OrganizationKind,
    Uploader
} from "../types/Actors.sol";
import {OperatorId, OrganizationId} from "../types/Ids.sol";

/// @title Actor registry
/// @notice Who takes part: organizations, the practitioners they vouch for, and the operators of nodes.
/// @dev Holds no name. Names stand in signed directory files; their hashes stand here.
interface IActorRegistry {
    /// @notice An organization joined, or its account or its directory entry changed.
    event OrganizationSet(
        OrganizationId indexed organization,
        OrganizationKind kind,
        OrganizationId parent,
        address account,
        bytes32 directoryHash
    );

    /// @notice An organization was switched on or off; with it, everything below it.
    event OrganizationActiveSet(OrganizationId indexed organization, bool active);

    /// @notice `key` deposits for `organization` before `until`; 0 ends it.
    event UploaderAuthorized(OrganizationId indexed organization, address indexed key, uint40 until);

    /// @notice `organization` vouches for `account` in `roles` before `until`.
    event Attested(
        bytes32 indexed credentialId,
        address indexed account,
        OrganizationId indexed organization,
        uint32 roles,
        uint40 until,
        bytes32 directoryHash
    );

    /// @notice `organization` no longer vouches for `account`.
    event Retracted(bytes32 indexed credentialId, address indexed account, OrganizationId indexed organization);

    /// @notice An operator joined, or its node moved.
    event OperatorSet(
        OperatorId indexed operator,
        OperatorKind kind,
        OrganizationId indexed organization,
        address account,
        string endpoint,
        bytes32 hpkeKeyHash
    );

    /// @notice An operator was switched on or off.
    event OperatorActiveSet(OperatorId indexed operator, bool active);

    /// @notice An id, account, role, hash or endpoint is missing.
    error ActorEmptyField();
    /// @notice The organization is registered already.
    error ActorOrganizationExists(OrganizationId organization);
    /// @notice No such organization.
    error ActorOrganizationUnknown(OrganizationId organization);
    /// @notice The organization, or one above it, is switched off.
    error ActorOrganizationInactive(OrganizationId organization);
    /// @notice More than four levels of organizations.
    error ActorTooDeep(OrganizationId parent);
    /// @notice The account speaks or uploads for an organization already, or is none.
    error ActorAccountTaken(address account);
    /// @notice The caller does not speak for the organization.
    error ActorNotOrganization(OrganizationId organization, address caller);
    /// @notice The caller is not the operator.
    error ActorNotOperator(OperatorId operator, address caller);
    /// @notice Only providers (hospital, laboratory, pharmacy, emergency service) deposit records.
    error ActorNotProvider(OrganizationId organization);
    /// @notice The end lies in the past, or further away than `latest`.
    error ActorBadEnd(uint40 until, uint40 latest);
    /// @notice At most four roles in one attestation.
    error ActorTooManyRoles(uint32 roles);
    /// @notice The account has eight live affiliations.
    error ActorTooManyAffiliations(address account);
    /// @notice No live affiliation of the account at the organization.
    error ActorNotAttested(address account, OrganizationId organization);
    /// @notice The operator is registered already.
    error ActorOperatorExists(OperatorId operator);
    /// @notice No such operator.
    error ActorOperatorUnknown(OperatorId operator);

    /// @notice Admits an organization. Only the network's administration.
    /// @dev `parent` is 0 or an active organization less than four levels deep.
    function registerOrganization(
        OrganizationId id,
        OrganizationKind kind,
        OrganizationId parent,
        address account,
        bytes32 directoryHash
    ) external;

    /// @notice Switches an organization, and all below it, on or off. Only the network's administration.
    /// @dev Nothing is deleted: what it deposited stays, its staff's affiliations sleep.
    function setOrganizationActive(OrganizationId id, bool active) external;

    /// @notice Gives an organization that lost its account another one. Only the network's administration.
    function setOrganizationAccount(OrganizationId id, address account) external;

    /// @notice Names a new directory entry. By the organization's account.
    function setDirectoryHash(OrganizationId id, bytes32 directoryHash) external;

    /// @notice Lets a device key deposit for the caller's organization before `until` (at most 400 days); 0 ends it.
    /// @dev Warning: whoever holds the key can deposit until then, also after the device is lost.
    function authorizeUploader(address key, uint40 until) external;

    /// @notice Vouches for a practitioner before `until` (at most 400 days), replacing what was attested before.
    /// @dev By the organization's account. At most 4 roles, and 8 live affiliations an account; dead ones make room.
    function attest(
        address account,
        OrganizationId organization,
        uint32 roles,
        uint40 until,
        bytes32 directoryHash
    ) external;

    /// @notice Ends an affiliation at once. By the organization's account, also while it is switched off.
    function retract(address account, OrganizationId organization) external;

    /// @notice Admits the operator of a node. Only the network's administration.
    function registerOperator(
        OperatorId id,
        OperatorKind kind,
        OrganizationId organization,
        address account,
        string calldata endpoint,
        bytes32 hpkeKeyHash
    ) external;

    /// @notice Switches an operator on or off. Only the network's administration.
    function setOperatorActive(OperatorId id, bool active) external;

    /// @notice Moves a node or renews its HPKE key. By the operator's account.
    function setOperatorEndpoint(OperatorId id, string calldata endpoint, bytes32 hpkeKeyHash) external;

    /// @notice The active provider for which `account` deposits: its own account or a live uploader key; else 0.
    function providerOf(address account) external view returns (OrganizationId);

    /// @notice For whom a key deposits, and before when, whether or not that is over.
    function uploaderOf(address key) external view returns (Uploader memory);

    /// @notice Whether the organization and all above it are switched on.
    function isActive(OrganizationId id) external view returns (bool);

    /// @notice Whether it is active and a provider: hospital, laboratory, pharmacy or emergency service.
    function isProvider(OrganizationId id) external view returns (bool);

    /// @notice The uppermost organization above `id`, itself where it has none above.
    function rootOf(OrganizationId id) external view returns (OrganizationId);

    /// @notice An organization; the account is 0 where there is none.
    function organizationOf(OrganizationId id) external view returns (Organization memory);

    /// @notice All organizations, in order of admission.
    function organizationIds() external view returns (OrganizationId[] memory);

    /// @notice The id of an affiliation: keccak256(abi.encode(account, organization)).
    function credentialId(address account, OrganizationId organization) external pure returns (bytes32);

    /// @notice An affiliation; the account is 0 where there is none.
    function credentialOf(bytes32 id) external view returns (Credential memory);

    /// @notice Whether the affiliation holds at the time `at` and its organization is active now.
    function isCredentialLive(bytes32 id, uint40 at) external view returns (bool);

    /// @notice What a decision at the time `at` needs of an affiliation: whose, in which roles, whether it lives, and
    /// the organizations from its own upward.
    function affiliationOf(bytes32 id, uint40 at) external view returns (Affiliation memory);

    /// @notice Whether the account has a live affiliation now.
    function isAttested(address account) external view returns (bool);

    /// @notice The affiliations of an account, at most 8, dead ones that nothing replaced yet among them.
    function credentialsOf(address account) external view returns (bytes32[] memory);

    /// @notice Everyone for whom the organization ever vouched, in order of the first time.
    function staffOf(OrganizationId organization) external view returns (address[] memory);

    /// @notice The operator whose node signs with `account`, if it and its organization are active; else 0.
    function operatorOf(address account) external view returns (OperatorId);

    /// @notice An operator; the account is 0 where there is none.
    function operatorInfo(OperatorId id) external view returns (Operator memory);

    /// @notice All operators, in order of admission.
    function operatorIds() external view returns (OperatorId[] memory);

    /// @notice Whether a directory file with this hash is the current one of an organization or an affiliation.
    function isListed(bytes32 directoryHash) external view returns (bool);
}
