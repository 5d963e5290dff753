// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EmergencyKey, Officer} from "../types/Emergency.sol";
import {OperatorId, OrganizationId} from "../types/Ids.sol";

/// @title Emergency keys
/// @notice The two keys of an emergency wrap: one of the key nodes, and one of the officers of the institution that
/// keeps the patient. Neither opens anything alone.
interface IEmergencyKeys {
    /// @notice A member holds a share of this key, which serves emergency wraps and nothing else.
    event EmergencyKeyConfirmed(bytes32 indexed groupKey, OperatorId indexed operator, bytes32 keyHash);

    /// @notice All members confirmed the key: it serves from now on, beside those before it.
    event EmergencyKeySet(uint32 indexed number, bytes32 indexed groupKey, bytes32 transcriptHash);

    /// @notice The officers of an institution, in place of those before; `keyId` names the list of their keys.
    event OfficersNamed(OrganizationId indexed institution, bytes32 indexed keyId, Officer[] officers);

    /// @notice The caller is no active key node of the committee that serves.
    error EmergencyNotKeyNode(address caller);
    /// @notice A threshold below the committee's, or another number of shares than members.
    error EmergencyBadSize(uint256 k, uint256 shares);
    /// @notice The key is empty, releases records already, or serves already.
    error EmergencyBadKey(bytes32 groupKey);
    /// @notice The member confirmed this key already.
    error EmergencyConfirmedAlready(bytes32 groupKey, OperatorId operator);
    /// @notice The caller does not speak for the institution.
    error EmergencyNotInstitution(OrganizationId institution, address caller);
    /// @notice An institution has at most eight officers.
    error EmergencyTooManyOfficers(uint256 count);
    /// @notice No account, an account or a key twice, or no X-Wing key.
    error EmergencyBadOfficer(address account);

    /// @notice Says that the caller holds a share of a key for emergency wraps, made by the committee that serves.
    /// @dev It serves once every member of that epoch said the same.
    function confirmEmergencyKey(
        uint16 k,
        bytes32 groupKey,
        bytes32[] calldata verifyingShares,
        bytes32 transcriptHash
    ) external;

    /// @notice Names the officers of an institution; none ends emergency wraps there. By the institution's account.
    /// @dev Warning: what was wrapped to the keys before opens for nobody any more, until its patient wraps it anew.
    function nameOfficers(OrganizationId institution, Officer[] calldata officers) external;

    /// @notice How many keys for emergency wraps there are; the newest has this number.
    function emergencyKeys() external view returns (uint32);

    /// @notice The key of a number, from 1 on.
    function emergencyKey(uint32 number) external view returns (EmergencyKey memory);

    /// @notice The number of a key; 0 where it is none.
    function emergencyKeyNumber(bytes32 groupKey) external view returns (uint32);

    /// @notice The officers of an institution and the id of the list of their keys: SHA-256 over the SHA-256 of each, in
    /// their order. 0 without officers.
    function officersOf(OrganizationId institution) external view returns (address[] memory accounts, bytes32 keyId);
}
