// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IActorRegistry} from "../interfaces/IActorRegistry.sol";
import {IEmergencyKeys} from "../interfaces/IEmergencyKeys.sol";
import {IKeyCommittee} from "../interfaces/IKeyCommittee.sol";
import {Epoch} from "../types/Committee.sol";
import {EmergencyKey, Officer} from "../types/Emergency.sol";
import {OperatorId, OrganizationId} from "../types/Ids.sol";

/// @title Emergency keys
/// @notice Which keys an emergency wrap is made to.
abstract contract EmergencyKeys is IEmergencyKeys {
    uint256 private constant _MAX_OFFICERS = 8;
    uint256 private constant _KEY_LENGTH = 1216;

    IActorRegistry internal immutable _ACTORS;
    IKeyCommittee private immutable _COMMITTEE;

    /// @inheritdoc IEmergencyKeys
    uint32 public emergencyKeys;
    /// @inheritdoc IEmergencyKeys
    mapping(bytes32 groupKey => uint32 number) public emergencyKeyNumber;

    mapping(uint32 number => EmergencyKey entry) private _keys;
    mapping(bytes32 keyHash => mapping(OperatorId member => bool yes)) private _confirmed;
    mapping(bytes32 keyHash => uint256 count) private _confirmedCount;
    mapping(OrganizationId institution => address[] accounts) private _officers;
    mapping(OrganizationId institution => bytes32 id) private _keyIds;

    constructor(IActorRegistry actors, IKeyCommittee committee) {
        _ACTORS = actors;
        _COMMITTEE = committee;
    }

    /// @inheritdoc IEmergencyKeys
    function confirmEmergencyKey(
        uint16 k,
        bytes32 groupKey,
        bytes32[] calldata verifyingShares,
        bytes32 transcriptHash
    ) external {
        OperatorId member = _ACTORS.operatorOf(msg.sender);
        require(_COMMITTEE.isMember(member), EmergencyNotKeyNode(msg.sender));
        uint32 serving = _COMMITTEE.activeEpoch();
        Epoch memory epoch = _COMMITTEE.epochOf(serving);
        uint256 all = epoch.members.length;
        bool sized = k >= epoch.k && k <= all && verifyingShares.length == all;
        require(sized, EmergencyBadSize(k, verifyingShares.length));
        // One secret under two protocols would open by the weaker of the two.
        bool own = groupKey != 0 && groupKey != epoch.groupKey && emergencyKeyNumber[groupKey] == 0;
        require(own, EmergencyBadKey(groupKey));
        bytes32 keyHash = keccak256(abi.encode(serving, k, groupKey, verifyingShares, transcriptHash));
        require(!_confirmed[keyHash][member], EmergencyConfirmedAlready(groupKey, member));
        _confirmed[keyHash][member] = true;
        emit EmergencyKeyConfirmed(groupKey, member, keyHash);
        if (++_confirmedCount[keyHash] < all) return;
        uint32 number = ++emergencyKeys;
        emergencyKeyNumber[groupKey] = number;
        _keys[number] = EmergencyKey(k, groupKey, transcriptHash, epoch.members, verifyingShares);
        emit EmergencyKeySet(number, groupKey, transcriptHash);
    }

    /// @inheritdoc IEmergencyKeys
    function nameOfficers(OrganizationId institution, Officer[] calldata officers) external {
        bool speaks = _ACTORS.organizationOf(institution).account == msg.sender;
        require(speaks, EmergencyNotInstitution(institution, msg.sender));
        uint256 count = officers.length;
        require(count <= _MAX_OFFICERS, EmergencyTooManyOfficers(count));
        address[] memory accounts = new address[](count);
        bytes32[] memory hashes = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            address account = officers[i].account;
            bool good = account != address(0) && officers[i].publicKey.length == _KEY_LENGTH;
            (accounts[i], hashes[i]) = (account, sha256(officers[i].publicKey));
            for (uint256 j = 0; j < i; ++j) good = good && accounts[j] != account && hashes[j] != hashes[i];
            require(good, EmergencyBadOfficer(account));
        }
        bytes32 keyId = count == 0 ? bytes32(0) : sha256(abi.encodePacked(hashes));
        _officers[institution] = accounts;
        _keyIds[institution] = keyId;
        emit OfficersNamed(institution, keyId, officers);
    }

    /// @inheritdoc IEmergencyKeys
    function emergencyKey(uint32 number) external view returns (EmergencyKey memory) {
        return _keys[number];
    }

    /// @inheritdoc IEmergencyKeys
    function officersOf(OrganizationId institution) external view returns (address[] memory accounts, bytes32 keyId) {
        return (_officers[institution], _keyIds[institution]);
    }

    function _isOfficer(OrganizationId institution, address account) internal view returns (bool) {
        address[] storage accounts = _officers[institution];
        for (uint256 i = 0; i < accounts.length; ++i) if (accounts[i] == account) return true;
        return false;
    }
}
