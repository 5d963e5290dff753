// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IActorRegistry} from "../interfaces/IActorRegistry.sol";
import {Organization, OrganizationKind, Uploader} from "../types/Actors.sol";
import {NO_ORGANIZATION, OrganizationId} from "../types/Ids.sol";

/// @title Organizations
/// @notice The part of the actor registry about organizations, the accounts that speak for them, the keys that deposit
/// for them, and their directory files.
abstract contract Organizations is IActorRegistry, AccessManaged {
    uint8 private constant _MAX_DEPTH = 4;
    uint40 private constant _MAX_DURATION = 400 days;

    mapping(OrganizationId id => Organization entry) private _organizations;
    OrganizationId[] private _organizationIds;
    mapping(address key => Uploader entry) private _uploaders;
    mapping(bytes32 directoryHash => uint256 entries) private _listings;

    modifier onlyAccountOf(OrganizationId id) {
        require(_organizations[id].account == msg.sender, ActorNotOrganization(id, msg.sender));
        _;
    }

    /// @inheritdoc IActorRegistry
    function registerOrganization(
        OrganizationId id,
        OrganizationKind kind,
        OrganizationId parent,
        address account,
        bytes32 directoryHash
    ) external restricted {
        require(id != NO_ORGANIZATION && account != address(0) && directoryHash != 0, ActorEmptyField());
        require(!_isRegistered(id), ActorOrganizationExists(id));
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
        require(_isRegistered(id), ActorOrganizationUnknown(id));
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
    function isListed(bytes32 directoryHash) external view returns (bool) {
        return _listings[directoryHash] != 0;
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

    function _isRegistered(OrganizationId id) internal view returns (bool) {
        return _organizations[id].account != address(0);
    }

    /// @dev Counts entries under a hash, because two entries may share a file.
    function _list(bytes32 before, bytes32 directoryHash) internal {
        if (before != 0) --_listings[before];
        if (directoryHash != 0) ++_listings[directoryHash];
    }

    /// @dev The organization and those above it, and whether all of them are switched on.
    function _pathOf(OrganizationId id) internal view returns (OrganizationId[4] memory path, bool active) {
        active = true;
        for (uint256 level = 0; level < _MAX_DEPTH && id != NO_ORGANIZATION; ++level) {
            Organization storage entry = _organizations[id];
            path[level] = id;
            active = active && entry.active;
            id = entry.depth == 1 ? NO_ORGANIZATION : entry.parent;
        }
    }

    function _checkEnd(uint40 until) internal view {
        uint40 latest = uint40(block.timestamp) + _MAX_DURATION;
        require(until > block.timestamp && until <= latest, ActorBadEnd(until, latest));
    }

    /// @dev An account speaks for one organization, and deposits for no other.
    function _claimAccount(OrganizationId id, address account) private {
        require(_isFree(account), ActorAccountTaken(account));
        _uploaders[account] = Uploader(id, type(uint40).max);
    }

    function _isFree(address account) private view returns (bool) {
        return _uploaders[account].until <= block.timestamp;
    }
}
