// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {IRecordRegistry} from "./interfaces/IRecordRegistry.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {NO_ORGANIZATION, NO_PSEUDONYM, OrganizationId, Pseudonym, RecordId} from "./types/Ids.sol";
import {Anchor, Record, Version} from "./types/Records.sol";

/// @title Record registry
/// @notice Four slots a record: pseudonym, packed facts, placement, and the manifest of each version.
contract RecordRegistry is IRecordRegistry {
    /// @dev Slot 0: pseudonym. Slot 1, from the low end: author 128, category 8, n 16, t 16, r 16, version 32,
    /// erased 8. Slot 2: placementHash.
    struct Entry {
        Pseudonym pseudonym;
        OrganizationId author;
        uint8 category;
        uint16 n;
        uint16 t;
        uint16 r;
        uint32 version;
        bool erased;
        bytes32 placementHash;
    }

    bytes32 private immutable _NETWORK_ID;
    IActorRegistry private immutable _ACTORS;
    IPatientRegistry private immutable _PATIENTS;

    mapping(RecordId id => Entry entry) private _records;
    /// @dev Written once for each version and never again.
    mapping(RecordId id => mapping(uint32 version => bytes32 hash)) private _manifests;

    /// @notice Serves one network for good.
    constructor(bytes32 network, IActorRegistry actors, IPatientRegistry patients) {
        _NETWORK_ID = network;
        _ACTORS = actors;
        _PATIENTS = patients;
    }

    /// @inheritdoc IRecordRegistry
    function anchor(Anchor calldata deposit) external returns (RecordId id) {
        require(deposit.category < 32, RecordCategoryOutOfRange(deposit.category));
        _checkVersion(deposit.manifestHash, deposit.placementHash, deposit.ptCommit);
        _checkPolicy(deposit.n, deposit.t, deposit.r);
        id = recordIdOf(deposit.pseudonym, deposit.salt);
        Entry storage entry = _records[id];
        require(entry.pseudonym == NO_PSEUDONYM, RecordAlreadyAnchored(id));
        OrganizationId author = _authorize(deposit.pseudonym);

        entry.pseudonym = deposit.pseudonym;
        entry.author = author;
        entry.category = deposit.category;
        (entry.n, entry.t, entry.r) = (deposit.n, deposit.t, deposit.r);
        entry.version = 1;
        entry.placementHash = deposit.placementHash;
        _manifests[id][1] = deposit.manifestHash;
        emit Anchored(
            id,
            deposit.pseudonym,
            author,
            1,
            deposit.category,
            deposit.manifestHash,
            deposit.placementHash,
            deposit.ptCommit
        );
    }

    /// @inheritdoc IRecordRegistry
    function supersede(RecordId id, Version calldata next) external {
        Entry storage entry = _standing(id);
        _checkVersion(next.manifestHash, next.placementHash, next.ptCommit);
        _checkPolicy(next.n, next.t, next.r);
        uint32 version = entry.version + 1;
        require(next.version == version, RecordNotNextVersion(id, next.version, version));
        Pseudonym pseudonym = entry.pseudonym;
        OrganizationId author = _authorize(pseudonym);

        entry.author = author;
        (entry.n, entry.t, entry.r) = (next.n, next.t, next.r);
        entry.version = version;
        entry.placementHash = next.placementHash;
        _manifests[id][version] = next.manifestHash;
        emit Anchored(
            id,
            pseudonym,
            author,
            version,
            entry.category,
            next.manifestHash,
            next.placementHash,
            next.ptCommit
        );
    }

    /// @inheritdoc IRecordRegistry
    function relocate(RecordId id, uint32 version, bytes32 placementHash) external {
        Entry storage entry = _current(id, version, placementHash);
        entry.placementHash = placementHash;
        emit Relocated(id, version, placementHash);
    }

    /// @inheritdoc IRecordRegistry
    function rewrap(RecordId id, uint32 version, bytes32 keyHeaderHash) external {
        _current(id, version, keyHeaderHash);
        emit Rewrapped(id, version, keyHeaderHash);
    }

    /// @inheritdoc IRecordRegistry
    function erase(RecordId id) external {
        Entry storage entry = _standing(id);
        Pseudonym pseudonym = entry.pseudonym;
        // A device key that only deposits must not be able to destroy what a hospital deposited.
        bool may =
            msg.sender == _PATIENTS.controllerOf(pseudonym) ||
                msg.sender == _ACTORS.organizationOf(_PATIENTS.providerOf(pseudonym)).account;
        require(may, RecordNotEraser(pseudonym, msg.sender));
        entry.erased = true;
        emit Erased(id, pseudonym);
    }

    /// @inheritdoc IRecordRegistry
    function networkId() external view returns (bytes32) {
        return _NETWORK_ID;
    }

    /// @inheritdoc IRecordRegistry
    function recordOf(RecordId id) external view returns (Record memory) {
        Entry storage entry = _records[id];
        uint32 version = entry.version;
        return
            Record({
                pseudonym: entry.pseudonym,
                author: entry.author,
                category: entry.category,
                n: entry.n,
                t: entry.t,
                r: entry.r,
                version: version,
                erased: entry.erased,
                manifestHash: _manifests[id][version],
                placementHash: entry.placementHash
            });
    }

    /// @inheritdoc IRecordRegistry
    function pseudonymOf(RecordId id) external view returns (Pseudonym) {
        return _records[id].pseudonym;
    }

    /// @inheritdoc IRecordRegistry
    function scopeOf(RecordId id) external view returns (Pseudonym pseudonym, uint8 category, bool erased) {
        Entry storage entry = _records[id];
        return (entry.pseudonym, entry.category, entry.erased);
    }

    /// @inheritdoc IRecordRegistry
    function manifestHashOf(RecordId id, uint32 version) external view returns (bytes32) {
        return _manifests[id][version];
    }

    /// @inheritdoc IRecordRegistry
    function recordIdOf(Pseudonym pseudonym, bytes32 salt) public view returns (RecordId) {
        return Derivation.recordId(_NETWORK_ID, pseudonym, salt);
    }

    /// @dev A record that exists and is not erased.
    function _standing(RecordId id) private view returns (Entry storage entry) {
        entry = _records[id];
        require(entry.pseudonym != NO_PSEUDONYM, RecordUnknown(id));
        require(!entry.erased, RecordIsErased(id));
    }

    /// @dev A standing record whose current version the caller may move or wrap anew.
    function _current(RecordId id, uint32 version, bytes32 hash) private view returns (Entry storage entry) {
        entry = _standing(id);
        require(hash != 0, RecordEmptyHash());
        require(version == entry.version, RecordNotCurrentVersion(id, version, entry.version));
        _authorize(entry.pseudonym);
    }

    /// @dev As whom the caller deposits: the pseudonym's own provider, or (0) the patient.
    function _authorize(Pseudonym pseudonym) private view returns (OrganizationId) {
        OrganizationId provider = _PATIENTS.providerOf(pseudonym);
        if (provider != NO_ORGANIZATION && _ACTORS.providerOf(msg.sender) == provider) return provider;
        require(_PATIENTS.controllerOf(pseudonym) == msg.sender, RecordNotDepositor(pseudonym, msg.sender));
        return NO_ORGANIZATION;
    }

    function _checkVersion(bytes32 manifestHash, bytes32 placementHash, bytes32 ptCommit) private pure {
        require(manifestHash != 0 && placementHash != 0 && ptCommit != 0, RecordEmptyHash());
    }

    function _checkPolicy(uint16 n, uint16 t, uint16 r) private pure {
        require(r < t && t <= n, RecordBadPolicy(n, t, r));
    }
}
