// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IGuardians} from "../interfaces/IGuardians.sol";
import {Approval, Circle, Pending, PendingKind} from "../types/Guardians.sol";
import {Pseudonym} from "../types/Ids.sol";

/// @title Guardians
/// @notice Circles of guardians, and what waits. The registry that inherits knows the controllers.
abstract contract Guardians is IGuardians, EIP712 {
    /// @dev Three slots: circle; next; the rest.
    struct Guarded {
        bytes32 circle;
        bytes32 next;
        address to;
        uint40 readyAt;
        uint48 round;
        PendingKind kind;
    }

    uint40 private constant _DELAY = 7 days;
    uint40 private constant _LIFE = 30 days;
    uint256 private constant _MAX_GUARDIANS = 16;
    bytes32 private constant _COMMIT_LABEL = keccak256("sharewell/person/1 commit");
    bytes32 private constant _CIRCLE_LABEL = keccak256("sharewell/person/1 guardians");
    bytes32 private constant _RECOVER_TYPEHASH = keccak256(
        "Recover(bytes32 pseudonym,address from,address to,bytes32 circle,uint48 round,uint40 deadline)"
    );
    bytes32 private constant _WITHDRAW_TYPEHASH = keccak256(
        "Withdraw(bytes32 pseudonym,bytes32 circle,uint48 round,uint40 deadline)"
    );

    mapping(Pseudonym pseudonym => Guarded entry) private _guarded;

    /// @inheritdoc IGuardians
    function nameGuardians(Pseudonym pseudonym, Circle calldata circle) external {
        _checkController(pseudonym);
        bytes32 hash = _hashCircle(pseudonym, circle);
        Guarded storage entry = _guarded[pseudonym];
        if (entry.circle == 0) {
            require(hash != 0, GuardiansNone(pseudonym));
            emit GuardiansNamed(pseudonym, hash, circle.needed, circle.places, uint40(block.timestamp));
            _setCircle(pseudonym, entry, hash);
            return;
        }
        uint40 readyAt = _begin(pseudonym, entry, PendingKind.Circle);
        entry.next = hash;
        emit GuardiansNamed(pseudonym, hash, circle.needed, circle.places, readyAt);
    }

    /// @inheritdoc IGuardians
    function proposeHandover(Pseudonym pseudonym, address to) external {
        _checkController(pseudonym);
        Guarded storage entry = _guarded[pseudonym];
        require(entry.circle != 0, GuardiansNone(pseudonym));
        _proposeRotation(pseudonym, entry, to, PendingKind.Handover);
    }

    /// @inheritdoc IGuardians
    function proposeRecovery(
        Pseudonym pseudonym,
        address to,
        uint40 deadline,
        Circle calldata circle,
        Approval[] calldata approvals
    ) external {
        Guarded storage entry = _guarded[pseudonym];
        bytes32 message = keccak256(
            abi.encode(_RECOVER_TYPEHASH, pseudonym, _controller(pseudonym), to, entry.circle, entry.round, deadline)
        );
        _checkApprovals(pseudonym, message, deadline, circle, approvals);
        _proposeRotation(pseudonym, entry, to, PendingKind.Recovery);
    }

    /// @inheritdoc IGuardians
    function cancel(Pseudonym pseudonym) external {
        _checkController(pseudonym);
        _cancel(pseudonym, false);
    }

    /// @inheritdoc IGuardians
    function cancelByGuardians(
        Pseudonym pseudonym,
        uint40 deadline,
        Circle calldata circle,
        Approval[] calldata approvals
    ) external {
        Guarded storage entry = _guarded[pseudonym];
        bytes32 message = keccak256(abi.encode(_WITHDRAW_TYPEHASH, pseudonym, entry.circle, entry.round, deadline));
        _checkApprovals(pseudonym, message, deadline, circle, approvals);
        _cancel(pseudonym, true);
    }

    /// @inheritdoc IGuardians
    function execute(Pseudonym pseudonym) external {
        Guarded storage entry = _guarded[pseudonym];
        (PendingKind kind, address to, bytes32 next) = (_live(entry), entry.to, entry.next);
        require(kind != PendingKind.None, GuardiansNothingWaits(pseudonym));
        bool agreed = kind == PendingKind.Recovery && msg.sender == _controller(pseudonym);
        require(agreed || block.timestamp >= entry.readyAt, GuardiansTooEarly(pseudonym, entry.readyAt));
        _end(entry);
        if (kind == PendingKind.Circle) _setCircle(pseudonym, entry, next);
        else _rotate(pseudonym, to);
    }

    /// @inheritdoc IGuardians
    function circleOf(Pseudonym pseudonym) public view returns (bytes32) {
        return _guarded[pseudonym].circle;
    }

    /// @inheritdoc IGuardians
    function pendingOf(Pseudonym pseudonym) external view returns (Pending memory) {
        Guarded storage entry = _guarded[pseudonym];
        PendingKind kind = _live(entry);
        if (kind == PendingKind.None) return Pending(kind, address(0), 0, entry.round, 0);
        return Pending(kind, entry.to, entry.readyAt, entry.round, entry.next);
    }

    /// @dev Who decides for the pseudonym.
    function _controller(Pseudonym pseudonym) internal view virtual returns (address);

    /// @dev Refuses everyone but the controller.
    function _checkController(Pseudonym pseudonym) internal view virtual;

    /// @dev Puts another controller in place; nobody is refused.
    function _rotate(Pseudonym pseudonym, address to) internal virtual;

    function _proposeRotation(Pseudonym pseudonym, Guarded storage entry, address to, PendingKind kind) private {
        require(to != address(0), GuardiansNobody(pseudonym));
        uint40 readyAt = _begin(pseudonym, entry, kind);
        entry.to = to;
        emit RotationProposed(pseudonym, _controller(pseudonym), to, kind, readyAt, entry.round);
    }

    /// @dev Instead of what waited. The controller replaces what the controller wanted; only guardians replace a
    /// recovery, so that nothing of a thief's can ripen beside one.
    function _begin(Pseudonym pseudonym, Guarded storage entry, PendingKind kind) private returns (uint40 readyAt) {
        PendingKind before = _live(entry);
        require(
            before != PendingKind.Recovery || kind == PendingKind.Recovery,
            GuardiansRecoveryWaits(pseudonym, entry.readyAt)
        );
        if (before != PendingKind.None) {
            emit PendingCancelled(pseudonym, before, entry.round, kind == PendingKind.Recovery);
        }
        _end(entry);
        readyAt = uint40(block.timestamp) + _DELAY;
        (entry.kind, entry.readyAt) = (kind, readyAt);
    }

    function _cancel(Pseudonym pseudonym, bool byGuardians) private {
        Guarded storage entry = _guarded[pseudonym];
        PendingKind kind = _live(entry);
        require(kind != PendingKind.None, GuardiansNothingWaits(pseudonym));
        emit PendingCancelled(pseudonym, kind, entry.round, byGuardians);
        _end(entry);
    }

    /// @dev Nothing waits any more, and nothing that guardians signed until now counts again.
    function _end(Guarded storage entry) private {
        (entry.kind, entry.to, entry.readyAt, entry.next) = (PendingKind.None, address(0), 0, 0);
        ++entry.round;
    }

    function _setCircle(Pseudonym pseudonym, Guarded storage entry, bytes32 circle) private {
        entry.circle = circle;
        emit GuardiansInForce(pseudonym, circle);
    }

    function _live(Guarded storage entry) private view returns (PendingKind) {
        return block.timestamp < uint256(entry.readyAt) + _LIFE ? entry.kind : PendingKind.None;
    }

    /// @dev Whether as many guardians as it takes signed, each of another account.
    function _checkApprovals(
        Pseudonym pseudonym,
        bytes32 message,
        uint40 deadline,
        Circle calldata circle,
        Approval[] calldata approvals
    ) private view {
        bytes32 standing = circleOf(pseudonym);
        require(standing != 0, GuardiansNone(pseudonym));
        bytes32 hash = _hashCircle(pseudonym, circle);
        require(hash == standing, GuardiansOtherCircle(pseudonym, hash));
        require(block.timestamp <= deadline && deadline <= block.timestamp + _LIFE, GuardiansBadDeadline(deadline));
        require(approvals.length >= circle.needed, GuardiansTooFew(approvals.length, circle.needed));
        bytes32 digest = _hashTypedDataV4(message);
        address last = address(0);
        for (uint256 i = 0; i < approvals.length; ++i) {
            Approval calldata one = approvals[i];
            require(one.guardian > last, GuardiansOutOfOrder(one.guardian));
            last = one.guardian;
            bytes32 place = keccak256(abi.encode(_COMMIT_LABEL, one.salt, one.guardian));
            bool named = one.place < circle.places.length && circle.places[one.place] == place;
            require(named, GuardiansNotInCircle(one.guardian, one.place));
            bool signed = SignatureChecker.isValidSignatureNow(one.guardian, digest, one.signature);
            require(signed, GuardiansBadSignature(one.guardian));
        }
    }

    /// @dev 0 for nobody; else a circle that can act.
    function _hashCircle(Pseudonym pseudonym, Circle calldata circle) private pure returns (bytes32) {
        uint256 count = circle.places.length;
        if (count == 0 && circle.needed == 0) return 0;
        require(circle.needed > 1 && circle.needed <= count && count <= _MAX_GUARDIANS, GuardiansBadCircle());
        for (uint256 i = 0; i < count; ++i) {
            require(circle.places[i] != 0, GuardiansBadCircle());
            for (uint256 j = 0; j < i; ++j) require(circle.places[i] != circle.places[j], GuardiansBadCircle());
        }
        return keccak256(abi.encode(_CIRCLE_LABEL, pseudonym, circle.needed, circle.places));
    }
}
