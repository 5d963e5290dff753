// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Approval, Circle, PendingKind} from "../../contracts/types/Guardians.sol";
import {Pseudonym} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title A world with guardians
/// @notice Four guardians, and two circles of them: the first three, and the last two. Two act together in each.
abstract contract GuardedWorld is World {
    bytes32 private constant _DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant _RECOVER = keccak256(
        "Recover(bytes32 pseudonym,address from,address to,bytes32 circle,uint48 round,uint40 deadline)"
    );
    bytes32 private constant _WITHDRAW = keccak256(
        "Withdraw(bytes32 pseudonym,bytes32 circle,uint48 round,uint40 deadline)"
    );
    uint256 internal constant NOBODY = 0;

    Pseudonym internal one;
    uint256 internal clock;

    constructor() {
        one = pseudonyms[0];
        clock = block.timestamp;
    }

    /// @dev The i-th guardian's account, i from 0; a stranger's key signs for 4.
    function _guardian(uint256 i) internal pure returns (address) {
        return vm.addr(_keyOf(10 + i));
    }

    /// @dev 0: nobody; 1: the guardians 0, 1 and 2; 2: 2 and 3.
    function _circle(uint256 which) internal pure returns (Circle memory circle) {
        if (which == NOBODY) return circle;
        circle.needed = 2;
        (uint256 from, uint256 count) = which == 1 ? (0, 3) : (2, 2);
        circle.places = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            circle.places[i] = keccak256(
                abi.encode(keccak256("sharewell/person/1 commit"), bytes32(from + i), _guardian(from + i))
            );
        }
    }

    function _hash(uint256 which) internal view returns (bytes32) {
        if (which == NOBODY) return 0;
        Circle memory circle = _circle(which);
        return keccak256(abi.encode(keccak256("sharewell/person/1 guardians"), one, circle.needed, circle.places));
    }

    function _isOf(uint256 guardian, uint256 which) internal pure returns (bool) {
        return which == 1 ? guardian < 3 : which == 2 && guardian > 1 && guardian < 4;
    }

    function _recoverHash(address to, uint256 which, uint40 deadline) internal view returns (bytes32) {
        uint48 round = patients.pendingOf(one).round;
        return keccak256(abi.encode(_RECOVER, one, patients.controllerOf(one), to, _hash(which), round, deadline));
    }

    function _withdrawHash(uint256 which, uint40 deadline) internal view returns (bytes32) {
        return keccak256(abi.encode(_WITHDRAW, one, _hash(which), patients.pendingOf(one).round, deadline));
    }

    /// @dev The guardians of `mask` sign; those of `forged` have a stranger sign; with `twice` the first stands twice.
    function _approve(
        bytes32 message,
        uint256 which,
        uint256 mask,
        uint256 forged,
        bool twice
    ) internal view returns (Approval[] memory sorted) {
        bytes32 digest = _digest(message);
        Approval[] memory all = new Approval[](5);
        uint256 count = 0;
        for (uint256 i = 0; i < 4; ++i) {
            if ((mask >> i) & 1 == 0) continue;
            _insert(all, count++, _signed(i, which, (forged >> i) & 1 == 1, digest));
        }
        if (twice && count > 0) _insert(all, count++, all[0]);
        sorted = new Approval[](count);
        for (uint256 i = 0; i < count; ++i) sorted[i] = all[i];
    }

    function _digest(bytes32 message) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(_DOMAIN, keccak256("Sharewell"), keccak256("1"), block.chainid, address(patients))
        );
        return MessageHashUtils.toTypedDataHash(domain, message);
    }

    function _signed(uint256 i, uint256 which, bool lies, bytes32 digest) private pure returns (Approval memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(lies ? _keyOf(4) : _keyOf(10 + i), digest);
        uint256 place = which == 2 ? (i + 2) % 4 : i;
        return Approval(_guardian(i), uint8(place), bytes32(i), abi.encodePacked(r, s, v));
    }

    /// @dev In the ascending order of the accounts.
    function _insert(Approval[] memory all, uint256 count, Approval memory own) private pure {
        uint256 at = count;
        for (; at > 0 && all[at - 1].guardian > own.guardian; --at) all[at] = all[at - 1];
        all[at] = own;
    }
}

/// @title Guardians, controllers, thieves
/// @notice Does everything at any time and keeps a model of its own of what may have come of it.
contract GuardiansHandler is GuardedWorld {
    address public controller;
    uint256 public circle;
    PendingKind private _kind;
    address private _to;
    uint256 private _next;
    uint256 private _readyAt;
    uint256 private _round;
    bytes[] private _held;
    uint256[] private _heldRounds;

    bool public rushed;
    bool public weak;
    bool public intruded;
    bool public replayed;

    constructor() {
        (controller, circle) = (people[2], 1);
        vm.prank(controller);
        patients.nameGuardians(one, _circle(1));
    }

    function pass(uint8 hours_) external {
        clock += uint256(hours_) * 1 hours;
        vm.warp(clock);
    }

    function name(uint8 who, uint8 which) external {
        vm.prank(people[who % 5]);
        try patients.nameGuardians(one, _circle(which % 3)) {
            _expectController(who);
            if (circle == NOBODY) circle = which % 3;
            else _wait(PendingKind.Circle, address(0), which % 3);
        } catch {}
    }

    function handOn(uint8 who, uint8 to) external {
        vm.prank(people[who % 5]);
        try patients.proposeHandover(one, people[to % 5]) {
            _expectController(who);
            _wait(PendingKind.Handover, people[to % 5], NOBODY);
        } catch {}
    }

    function rotate(uint8 who, uint8 to) external {
        vm.prank(people[who % 5]);
        try patients.rotateController(one, people[to % 5]) {
            _expectController(who);
            if (circle != NOBODY) rushed = true;
            controller = people[to % 5];
        } catch {}
    }

    function cancel(uint8 who) external {
        vm.prank(people[who % 5]);
        try patients.cancel(one) {
            _expectController(who);
            _over();
        } catch {}
    }

    function recover(uint8 to, uint8 which, uint8 mask, uint8 forged, bool twice) external {
        uint256 set = which % 8 == 0 ? 2 : circle;
        uint40 deadline = uint40(clock + 1 days);
        bytes32 message = _recoverHash(people[to % 5], set, deadline);
        // Some forge, most do not: else too little would ever happen.
        uint256 lies = forged < 64 ? forged : 0;
        Approval[] memory approvals = _approve(message, set, mask, lies, twice);
        bytes memory call = abi.encodeCall(
            patients.proposeRecovery,
            (one, people[to % 5], deadline, _circle(set), approvals)
        );
        _held.push(call);
        _heldRounds.push(_round);
        if (!_send(call)) return;
        if (_signers(mask, lies) < 2) weak = true;
        _wait(PendingKind.Recovery, people[to % 5], NOBODY);
    }

    function replay(uint8 which) external {
        if (_held.length == 0) return;
        uint256 at = which % _held.length;
        if (_heldRounds[at] == _round || !_send(_held[at])) return;
        replayed = true;
    }

    function withdraw(uint8 mask, uint8 forged, bool twice) external {
        uint40 deadline = uint40(clock + 1 days);
        uint256 lies = forged < 64 ? forged : 0;
        Approval[] memory approvals = _approve(_withdrawHash(circle, deadline), circle, mask, lies, twice);
        if (!_send(abi.encodeCall(patients.cancelByGuardians, (one, deadline, _circle(circle), approvals)))) return;
        if (_signers(mask, lies) < 2) weak = true;
        _over();
    }

    function execute(uint8 who) external {
        vm.prank(people[who % 5]);
        try patients.execute(one) {
            bool agreed = _kind == PendingKind.Recovery && people[who % 5] == controller;
            bool ripe = clock >= _readyAt && clock < _readyAt + 30 days;
            if (_kind == PendingKind.None || !(agreed || ripe)) rushed = true;
            if (_kind == PendingKind.Circle) circle = _next;
            else controller = _to;
            _over();
        } catch {}
    }

    /// @notice Whether controller and guardians are those that the model expects.
    function asExpected() external view returns (bool) {
        return patients.controllerOf(one) == controller && patients.circleOf(one) == _hash(circle);
    }

    function _send(bytes memory call) private returns (bool sent) {
        vm.prank(people[4]);
        (sent, ) = address(patients).call(call);
    }

    function _signers(uint256 mask, uint256 lies) private view returns (uint256 count) {
        for (uint256 i = 0; i < 4; ++i) if ((mask >> i) & 1 == 1 && (lies >> i) & 1 == 0 && _isOf(i, circle)) ++count;
    }

    function _expectController(uint8 who) private {
        if (people[who % 5] != controller) intruded = true;
    }

    function _wait(PendingKind kind, address to, uint256 next) private {
        (_kind, _to, _next, _readyAt) = (kind, to, next, clock + 7 days);
        ++_round;
    }

    function _over() private {
        _kind = PendingKind.None;
        ++_round;
    }
}

/// @title Guardians, whatever anyone does
/// @notice The invariants fail on the bugs planted for them in mutants.test.ts.
contract GuardiansTest is GuardedWorld {
    GuardiansHandler private _handler;

    function setUp() public {
        _handler = new GuardiansHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_nothingHappensBeforeItsTime() external view {
        require(!_handler.rushed(), "rushed");
        require(_handler.asExpected(), "changed otherwise");
    }

    function invariant_fewerGuardiansDoNothing() external view {
        require(!_handler.weak(), "too few did it");
    }

    function invariant_onlyTheControllerNamesAndStops() external view {
        require(!_handler.intruded(), "an intruder");
    }

    function invariant_noApprovalCountsTwice() external view {
        require(!_handler.replayed(), "replayed");
    }

    function testFuzz_neverBelowTheirNumber(uint8 mask, uint8 forged, uint40 ahead, address to) external {
        vm.prank(people[2]);
        patients.nameGuardians(one, _circle(1));
        uint256 signers = 0;
        for (uint256 i = 0; i < 3; ++i) if ((mask >> i) & 1 == 1 && (forged >> i) & 1 == 0) ++signers;
        uint40 deadline = uint40(block.timestamp + (ahead % 40 days));
        bytes32 message = _recoverHash(to, 1, deadline);
        Approval[] memory approvals = _approve(message, 1, mask & 7, forged, false);
        bool fine = signers >= 2 && (forged & mask & 7) == 0 && ahead % 40 days <= 30 days && to != address(0);
        try patients.proposeRecovery(one, to, deadline, _circle(1), approvals) {
            require(fine, "took it");
        } catch {
            require(!fine, "refused it");
        }
    }
}
