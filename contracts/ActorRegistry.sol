// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Organizations} from "./base/Organizations.sol";
import {ReaderSessions} from "./base/ReaderSessions.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {Affiliation, Credential, Operator, OperatorKind} from "./types/Actors.sol";
import {NO_OPERATOR, OperatorId, OrganizationId} from "./types/Ids.sol";

/// @title Actor registry
/// @notice Organizations, practitioners' affiliations, readers' sessions and operators of nodes.
contract ActorRegistry is Organizations, ReaderSessions {
    uint256 private constant _MAX_AFFILIATIONS = 8;
    uint256 private constant _MAX_ROLES = 4;

    mapping(bytes32 id => Credential entry) private _credentials;
    mapping(address account => bytes32[] ids) private _credentialsOf;
    mapping(OrganizationId organization => address[] accounts) private _staff;
    mapping(OperatorId id => Operator entry) private _operators;
    OperatorId[] private _operatorIds;
    mapping(address account => OperatorId id) private _operatorOf;

    /// @notice Leaves the administration to an AccessManager.
    constructor(address manager) AccessManaged(manager) EIP712("Sharewell", "1") {}

    /// @inheritdoc IActorRegistry
    function attest(
        address account,
        OrganizationId organization,
        uint32 roles,
        uint40 until,
        bytes32 directoryHash
    ) external onlyAccountOf(organization) {
        require(isActive(organization), ActorOrganizationInactive(organization));
        require(account != address(0) && roles != 0 && directoryHash != 0, ActorEmptyField());
        _checkRoles(roles);
        _checkEnd(until);
        bytes32 id = Derivation.credentialId(account, organization);
        Credential storage entry = _credentials[id];
        if (entry.account == address(0)) _staff[organization].push(account);
        _makeRoom(account, id);
        _list(entry.retracted ? bytes32(0) : entry.directoryHash, directoryHash);
        _credentials[id] = Credential(
            account,
            roles,
            uint40(block.timestamp),
            organization,
            until,
            false,
            directoryHash
        );
        emit Attested(id, account, organization, roles, until, directoryHash);
    }

    /// @inheritdoc IActorRegistry
    function retract(address account, OrganizationId organization) external onlyAccountOf(organization) {
        bytes32 id = Derivation.credentialId(account, organization);
        Credential storage entry = _credentials[id];
        require(entry.account != address(0) && !entry.retracted, ActorNotAttested(account, organization));
        entry.retracted = true;
        _list(entry.directoryHash, 0);
        emit Retracted(id, account, organization);
    }

    /// @inheritdoc IActorRegistry
    function registerOperator(
        OperatorId id,
        OperatorKind kind,
        OrganizationId organization,
        address account,
        string calldata endpoint,
        bytes32 hpkeKeyHash
    ) external restricted {
        require(id != NO_OPERATOR && account != address(0) && bytes(endpoint).length != 0, ActorEmptyField());
        require(_operators[id].account == address(0), ActorOperatorExists(id));
        require(_isRegistered(organization), ActorOrganizationUnknown(organization));
        require(_operatorOf[account] == NO_OPERATOR, ActorAccountTaken(account));
        _operators[id] = Operator(account, kind, true, organization, hpkeKeyHash, endpoint);
        _operatorIds.push(id);
        _operatorOf[account] = id;
        emit OperatorSet(id, kind, organization, account, endpoint, hpkeKeyHash);
    }

    /// @inheritdoc IActorRegistry
    function setOperatorActive(OperatorId id, bool active) external restricted {
        require(_operators[id].account != address(0), ActorOperatorUnknown(id));
        _operators[id].active = active;
        emit OperatorActiveSet(id, active);
    }

    /// @inheritdoc IActorRegistry
    function setOperatorEndpoint(OperatorId id, string calldata endpoint, bytes32 hpkeKeyHash) external {
        Operator storage entry = _operators[id];
        require(entry.account == msg.sender, ActorNotOperator(id, msg.sender));
        require(bytes(endpoint).length != 0, ActorEmptyField());
        entry.endpoint = endpoint;
        entry.hpkeKeyHash = hpkeKeyHash;
        emit OperatorSet(id, entry.kind, entry.organization, msg.sender, endpoint, hpkeKeyHash);
    }

    /// @inheritdoc IActorRegistry
    function credentialId(address account, OrganizationId organization) external pure returns (bytes32) {
        return Derivation.credentialId(account, organization);
    }

    /// @inheritdoc IActorRegistry
    function credentialOf(bytes32 id) external view returns (Credential memory) {
        return _credentials[id];
    }

    /// @inheritdoc IActorRegistry
    function affiliationOf(bytes32 id, uint40 at) external view returns (Affiliation memory affiliation) {
        Credential storage entry = _credentials[id];
        (affiliation.path, affiliation.live) = _pathOf(entry.organization);
        affiliation.live = affiliation.live && at < entry.until && !entry.retracted;
        (affiliation.account, affiliation.roles) = (entry.account, entry.roles);
    }

    /// @inheritdoc IActorRegistry
    function isAttested(address account) external view returns (bool) {
        bytes32[] storage ids = _credentialsOf[account];
        for (uint256 i = 0; i < ids.length; ++i) {
            if (isCredentialLive(ids[i], uint40(block.timestamp))) return true;
        }
        return false;
    }

    /// @inheritdoc IActorRegistry
    function credentialsOf(address account) external view returns (bytes32[] memory) {
        return _credentialsOf[account];
    }

    /// @inheritdoc IActorRegistry
    function staffOf(OrganizationId organization) external view returns (address[] memory) {
        return _staff[organization];
    }

    /// @inheritdoc IActorRegistry
    function operatorOf(address account) external view returns (OperatorId) {
        OperatorId id = _operatorOf[account];
        return _operators[id].active && isActive(_operators[id].organization) ? id : NO_OPERATOR;
    }

    /// @inheritdoc IActorRegistry
    function operatorInfo(OperatorId id) external view returns (Operator memory) {
        return _operators[id];
    }

    /// @inheritdoc IActorRegistry
    function operatorIds() external view returns (OperatorId[] memory) {
        return _operatorIds;
    }

    /// @inheritdoc IActorRegistry
    function isCredentialLive(bytes32 id, uint40 at) public view returns (bool) {
        Credential storage entry = _credentials[id];
        return at < entry.until && !entry.retracted && isActive(entry.organization);
    }

    /// @dev Keeps the account's list at eight: `id` takes its own place, a free one, or that of a dead one.
    function _makeRoom(address account, bytes32 id) private {
        bytes32[] storage ids = _credentialsOf[account];
        uint256 place = ids.length;
        for (uint256 i = 0; i < ids.length; ++i) {
            if (ids[i] == id) return;
            Credential storage other = _credentials[ids[i]];
            if (other.retracted || other.until <= block.timestamp) place = i;
        }
        if (place < ids.length) ids[place] = id;
        else _credentialsOf[account].push(id);
        require(ids.length <= _MAX_AFFILIATIONS, ActorTooManyAffiliations(account));
    }

    function _checkRoles(uint32 roles) private pure {
        uint32 rest = roles;
        // Each turn takes the lowest role away.
        for (uint256 i = 0; i < _MAX_ROLES; ++i) if (rest != 0) rest &= rest - 1;
        require(rest == 0, ActorTooManyRoles(roles));
    }
}
