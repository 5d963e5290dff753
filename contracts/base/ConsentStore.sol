// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {ConsentSlot} from "../libraries/ConsentSlot.sol";
import {Slot} from "../types/Consents.sol";
import {Pseudonym} from "../types/Ids.sol";

/// @title Consent store
/// @notice What the consent registry remembers: slots, floors, and nonces.
abstract contract ConsentStore is IConsentRegistry {
    /// @dev The lowest bit of a word that is a nonce. Below it word 0 keeps the floor of the whole pseudonym, so that a
    /// signed grant reads one slot for both.
    uint256 private constant _FIRST_NONCE = 40;

    /// @dev Packed by ConsentSlot.
    mapping(bytes32 key => uint256 word) internal _slots;
    mapping(Pseudonym pseudonym => mapping(bytes32 granteeId => uint40 at)) private _floors;
    mapping(Pseudonym pseudonym => mapping(uint256 word => uint256 bits)) private _nonces;

    /// @inheritdoc IConsentRegistry
    function slotOf(bytes32 key) external view returns (Slot memory) {
        return ConsentSlot.read(_slots[key]);
    }

    /// @inheritdoc IConsentRegistry
    function noncesOf(Pseudonym pseudonym, uint256 word) external view returns (uint256) {
        return _nonces[pseudonym][word] | ((1 << _FIRST_NONCE) - 1);
    }

    /// @inheritdoc IConsentRegistry
    function floorOf(Pseudonym pseudonym, bytes32 granteeId) public view returns (uint40) {
        return granteeId == 0 ? uint40(_nonces[pseudonym][0]) : _floors[pseudonym][granteeId];
    }

    function _setFloor(Pseudonym pseudonym, bytes32 granteeId) internal {
        if (granteeId == 0) {
            uint256 word = _nonces[pseudonym][0];
            _nonces[pseudonym][0] = ((word >> _FIRST_NONCE) << _FIRST_NONCE) | uint40(block.timestamp);
        } else {
            _floors[pseudonym][granteeId] = uint40(block.timestamp);
        }
    }

    /// @dev Each nonce once.
    function _spend(Pseudonym pseudonym, uint256 nonce) internal {
        uint256 bit = nonce & 0xff;
        require(bit >= _FIRST_NONCE, ConsentBadNonce(nonce));
        uint256 word = _nonces[pseudonym][nonce >> 8];
        require((word >> bit) & 1 == 0, ConsentNonceUsed(pseudonym, nonce));
        _nonces[pseudonym][nonce >> 8] = word | (1 << bit);
    }

    /// @dev Whether a `revokeAll` of the grantee or of everyone ended what was decided at `changedAt`.
    function _isOver(Pseudonym pseudonym, bytes32 granteeId, uint40 changedAt) internal view returns (bool) {
        return changedAt <= _floors[pseudonym][granteeId] || changedAt <= uint40(_nonces[pseudonym][0]);
    }

    /// @dev A signed grant is refused unless it is younger than everything that was decided about its slot.
    function _checkYounger(
        Pseudonym pseudonym,
        bytes32 granteeId,
        bytes32 key,
        uint256 slot,
        uint40 signedAt
    ) internal view {
        uint40 decidedAt = ConsentSlot.changedAt(slot);
        uint40 floor = floorOf(pseudonym, granteeId);
        if (floor > decidedAt) decidedAt = floor;
        floor = floorOf(pseudonym, 0);
        if (floor > decidedAt) decidedAt = floor;
        require(signedAt > decidedAt, ConsentOlder(key, signedAt, decidedAt));
    }
}
