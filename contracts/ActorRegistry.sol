// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {Credential, Operator, OperatorKind, Organization, OrganizationKind, Uploader} from "./types/Actors.sol";
import {NO_OPERATOR, NO_ORGANIZATION, OperatorId, OrganizationId} from "./types/Ids.sol";

/// @title Actor registry
/// @notice Organizations, practitioners' affiliations and operators of nodes.
contract ActorRegistry is IActorRegistry, AccessManaged {
    uint8 private constant _MAX_DEPTH = 4;
    uint256 private constant _MAX_AFFILIATIONS = 8;
    uint40 private constant _MAX_DURATION = 400 days;

    mapping(OrganizationId id => Organization entry) private _organizations;
    OrganizationId[] private _organizationIds;
    mapping(address key => Uploader entry) private _uploaders;
    mapping(bytes32 id => Credential entry) private _credentials;
    mapping(address account => bytes32[] ids) private _credentialsOf;
    mapping(OrganizationId organization => address[] accounts) private _staff;
    mapping(OperatorId id => Operator entry) private _operators;
    OperatorId[] private _operatorIds;
    mapping(address account => OperatorId id) private _operatorOf;
    mapping(bytes32 directoryHash => uint256 entries) private _listings;

    modifier onlyAccountOf(OrganizationId id) {
        require(_organizations[id].account == msg.sender, ActorNotOrganization(id, msg.sender));
        _;
    }

    /// @notice Leaves the administration to an AccessManager.
    constructor(address manager) AccessManaged(manager) {}

    /// @inheritdoc IActorRegistry
    function registerOrganization(
        OrganizationId id,
        OrganizationKind kind,
        OrganizationId parent,
        address account,
        bytes32 directoryHash
    ) external restricted {
        require(id != NO_ORGANIZATION && account != address(0) && directoryHash != 0, ActorEmptyField());
        require(_organizations[id].account == address(0), ActorOrganizationExists(id));
        require(parent == NO_ORGANIZATION || isActive(parent), ActorOrganizationInactive(parent));
        uint8 depth = _organizations[parent].depth + 1;
        require(depth <= _MAX_DEPTH, ActorTooDeep(parent));
        _organizations[id] = Organization(account, kind, depth, true, parent, directoryHash);
        _organizationIds.push(id);
        _claimAccount(id, account);
        _list(0, directoryHash);
        emit OrganizationSet(id, kind, parent, account, directoryHash);
    }

    /// @inheritdoc IActorRegistry
    function setOrganizationActive(OrganizationId id, bool active) external restricted {
        require(_organizations[id].account != address(0), ActorOrganizationUnknown(id));
        _organizations[id].active = active;
        emit OrganizationActiveSet(id, active);
    }

    /// @inheritdoc IActorRegistry
    function setOrganizationAccount(OrganizationId id, address account) external restricted {
        Organization storage entry = _organizations[id];
        require(entry.account != address(0), ActorOrganizationUnknown(id));
        require(account != address(0), ActorEmptyField());
        delete _uploaders[entry.account];
        entry.account = account;
        _claimAccount(id, account);
        emit OrganizationSet(id, entry.kind, entry.parent, account, entry.directoryHash);
    }

    /// @inheritdoc IActorRegistry
    function setDirectoryHash(OrganizationId id, bytes32 directoryHash) external onlyAccountOf(id) {
        require(directoryHash != 0, ActorEmptyField());
        Organization storage entry = _organizations[id];
        _list(entry.directoryHash, directoryHash);
        entry.directoryHash = directoryHash;
        emit OrganizationSet(id, entry.kind, entry.parent, entry.account, directoryHash);
    }

    /// @inheritdoc IActorRegistry
    function authorizeUploader(address key, uint40 until) external {
        OrganizationId id = _uploaders[msg.sender].organization;
        require(_organizations[id].account == msg.sender, ActorNotOrganization(id, msg.sender));
        require(key != address(0) && key != msg.sender, ActorAccountTaken(key));
        if (until != 0) {
            require(isProvider(id), ActorNotProvider(id));
            _checkEnd(until);
        }
        // Only a key that deposits for nobody else: else one organization could switch off another's desk.
        require(_isFree(key) || _uploaders[key].organization == id, ActorAccountTaken(key));
        _uploaders[key] = Uploader(id, until);
        emit UploaderAuthorized(id, key, until);
    }

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
        require(_organizations[organization].account != address(0), ActorOrganizationUnknown(organization));
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
    function providerOf(address account) external view returns (OrganizationId) {
        OrganizationId id = _uploaders[account].organization;
        return !_isFree(account) && isProvider(id) ? id : NO_ORGANIZATION;
    }

    /// @inheritdoc IActorRegistry
    function uploaderOf(address key) external view returns (Uploader memory) {
        return _uploaders[key];
    }

    /// @inheritdoc IActorRegistry
    function rootOf(OrganizationId id) external view returns (OrganizationId) {
        while (_organizations[id].depth > 1) id = _organizations[id].parent;
        return id;
    }

    /// @inheritdoc IActorRegistry
    function organizationOf(OrganizationId id) external view returns (Organization memory) {
        return _organizations[id];
    }

    /// @inheritdoc IActorRegistry
    function organizationIds() external view returns (OrganizationId[] memory) {
        return _organizationIds;
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
    function isListed(bytes32 directoryHash) external view returns (bool) {
        return _listings[directoryHash] != 0;
    }

    /// @inheritdoc IActorRegistry
    function isCredentialLive(bytes32 id, uint40 at) public view returns (bool) {
        Credential storage entry = _credentials[id];
        return at < entry.until && !entry.retracted && isActive(entry.organization);
    }

    /// @inheritdoc IActorRegistry
    function isActive(OrganizationId id) public view returns (bool) {
        Organization storage entry = _organizations[id];
        return entry.active && (entry.depth == 1 || isActive(entry.parent));
    }

    /// @inheritdoc IActorRegistry
    function isProvider(OrganizationId id) public view returns (bool) {
        return _organizations[id].kind <= OrganizationKind.Emergency && isActive(id);
    }

    /// @dev An account speaks for one organization, and deposits for no other.
    function _claimAccount(OrganizationId id, address account) private {
        require(_isFree(account), ActorAccountTaken(account));
        _uploaders[account] = Uploader(id, type(uint40).max);
    }

    function _isFree(address account) private view returns (bool) {
        return _uploaders[account].until <= block.timestamp;
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
        else ids.push(id);
        require(ids.length <= _MAX_AFFILIATIONS, ActorTooManyAffiliations(account));
    }

    /// @dev Counts entries under a hash, because two entries may share a file.
    function _list(bytes32 before, bytes32 directoryHash) private {
        if (before != 0) --_listings[before];
        if (directoryHash != 0) ++_listings[directoryHash];
    }

    function _checkEnd(uint40 until) private view {
        uint40 latest = uint40(block.timestamp) + _MAX_DURATION;
        require(until > block.timestamp && until <= latest, ActorBadEnd(until, latest));
    }
}
