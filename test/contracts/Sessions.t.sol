// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Session} from "../../contracts/types/Actors.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title A world of shifts
/// @notice Writes the messages of docs/spec/session.md down once more, so that the contract is not its own witness.
abstract contract ShiftWorld is World {
    bytes32 private constant _DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    /// @dev With which the i-th session key signs.
    function _sessionKey(uint256 i) internal pure returns (uint256) {
        return 0x5E55 + i;
    }

    function _opening(address reader, address key, uint16 purposes, uint40 until) internal pure returns (bytes32) {
        bytes32 kind = keccak256("OpenSession(address reader,address key,uint16 purposes,uint40 until)");
        return keccak256(abi.encode(kind, reader, key, purposes, until));
    }

    function _ending(address key) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("EndSession(address key)"), key));
    }

    function _sign(uint256 secret, bytes32 message) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(_DOMAIN, keccak256("Sharewell"), keccak256("1"), block.chainid, address(actors))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, MessageHashUtils.toTypedDataHash(domain, message));
        return abi.encodePacked(r, s, v);
    }
}

/// @title Shifts of five people with five keys
/// @notice Opens, ends and carries again what was carried before, each also in another's name.
contract SessionsHandler is ShiftWorld {
    /// @dev What the model knows of a key.
    struct Shift {
        bool used;
        uint256 reader;
        uint16 purposes;
        uint40 since;
        uint40 until;
    }

    Shift[5] private _shifts;
    uint256 public intrusions;
    uint256 public revivals;
    uint256 public longest;

    function open(uint8 who, uint8 k, uint8 keySigner, uint16 purposes, uint32 time) external {
        (uint256 reader, uint256 key) = (who % 5, k % 5);
        uint256 holder = keySigner % 3 == 0 ? keySigner % 5 : key;
        (uint16 mask, uint40 until) = _terms(purposes, time);
        address account = vm.addr(_sessionKey(key));
        bytes memory held = _sign(_sessionKey(holder), _opening(people[reader], account, mask, until));
        vm.prank(people[reader]);
        try actors.openSession(account, mask, until, held) {
            _entered(reader, key, mask, until, holder == key);
        } catch {}
    }

    /// @dev `signer` is the reader two times in three, else any of the five people or of the five keys.
    function carry(uint8 who, uint8 k, uint8 signer, uint16 purposes, uint32 time) external {
        (uint256 reader, uint256 key) = (who % 5, k % 5);
        (uint16 mask, uint40 until) = _terms(purposes, time);
        address account = vm.addr(_sessionKey(key));
        bytes32 message = _opening(people[reader], account, mask, until);
        (uint256 secret, bool right) = _signerOf(signer, reader);
        bytes memory held = _sign(_sessionKey(key), message);
        try actors.openSessionBySignature(people[reader], account, mask, until, held, _sign(secret, message)) {
            _entered(reader, key, mask, until, right);
        } catch {}
    }

    function end(uint8 who, uint8 k) external {
        uint256 key = k % 5;
        vm.prank(people[who % 5]);
        try actors.endSession(vm.addr(_sessionKey(key))) {
            _left(key, _shifts[key].used && _shifts[key].reader == who % 5);
        } catch {}
    }

    /// @dev Every third time the key signs for itself.
    function carryEnd(uint8 signer, uint8 k) external {
        uint256 key = k % 5;
        bool itself = signer % 3 == 0;
        uint256 secret = itself ? _sessionKey(key) : _keyOf(signer % 5);
        address account = vm.addr(_sessionKey(key));
        try actors.endSessionBySignature(account, _sign(secret, _ending(account))) {
            _left(key, itself || (_shifts[key].used && _shifts[key].reader == signer % 5));
        } catch {}
    }

    function wait(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    /// @notice Whether the registry says of every reader, key, purpose and time around an end what the model says.
    function agrees() external view returns (bool) {
        for (uint256 key = 0; key < 5; ++key) {
            Shift storage shift = _shifts[key];
            for (uint256 reader = 0; reader < 5; ++reader) {
                for (uint8 purpose = 0; purpose < 10; ++purpose) {
                    bool mine = shift.used && shift.reader == reader && (shift.purposes >> purpose) & 1 == 1;
                    if (_says(reader, key, purpose, shift.until) != false) return false;
                    if (shift.until != 0 && _says(reader, key, purpose, shift.until - 1) != mine) return false;
                }
            }
        }
        return true;
    }

    function _says(uint256 reader, uint256 key, uint8 purpose, uint40 at) private view returns (bool) {
        return actors.isSessionLive(people[reader], vm.addr(_sessionKey(key)), purpose, at);
    }

    /// @dev Mostly what is allowed: at random hardly anything would be.
    function _terms(uint16 purposes, uint32 time) private view returns (uint16 mask, uint40 until) {
        mask = purposes % 8 == 0 ? purposes : uint16(1) << (purposes % 8 == 2 ? 0 : purposes % 8);
        until = uint40(block.timestamp + (time % 30 hours));
    }

    function _signerOf(uint8 signer, uint256 reader) private pure returns (uint256 secret, bool right) {
        if (signer % 3 != 0) return (_keyOf(reader), true);
        if (signer % 2 == 0) return (_sessionKey(signer % 5), false);
        return (_keyOf(signer % 5), signer % 5 == reader);
    }

    function _entered(uint256 reader, uint256 key, uint16 purposes, uint40 until, bool right) private {
        if (!right) ++intrusions;
        if (_shifts[key].used) ++revivals;
        if (until - block.timestamp > longest) longest = until - block.timestamp;
        _shifts[key] = Shift(true, reader, purposes, uint40(block.timestamp), until);
    }

    function _left(uint256 key, bool right) private {
        if (!right) ++intrusions;
        if (!_shifts[key].used) (_shifts[key].used, _shifts[key].reader) = (true, type(uint256).max);
        _shifts[key].until = uint40(block.timestamp);
    }
}

/// @title Sessions, whatever five people do
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract SessionsTest is ShiftWorld {
    SessionsHandler private _handler;

    function setUp() public {
        _handler = new SessionsHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_nobodyAsksInAnothersName() external view {
        require(_handler.intrusions() == 0, "somebody else opened or ended a session");
    }

    function invariant_aKeyServesOnce() external view {
        require(_handler.revivals() == 0, "a session began again");
    }

    function invariant_noShiftIsLongerThanTwelveHours() external view {
        require(_handler.longest() <= 12 hours, "too long");
    }

    function invariant_aSessionIsWhatWasSigned() external view {
        require(_handler.agrees(), "another session than was signed");
    }

    function testFuzz_livesForItsReaderPurposeAndTimeOnly(
        uint16 purposes,
        uint32 time,
        uint8 purpose,
        uint40 at,
        address other
    ) external {
        purposes = (purposes & 0xfb) | 1;
        uint40 until = uint40(block.timestamp + 1 + (time % 12 hours));
        address key = vm.addr(_sessionKey(0));
        bytes memory held = _sign(_sessionKey(0), _opening(people[4], key, purposes, until));
        vm.prank(people[4]);
        actors.openSession(key, purposes, until, held);
        bool mine = at < until && purpose < 16 && (uint256(purposes) >> purpose) & 1 == 1;
        require(actors.isSessionLive(people[4], key, purpose, at) == mine, "its own");
        require(other == people[4] || !actors.isSessionLive(other, key, purpose, at), "another reader");
        require(other == key || !actors.isSessionLive(people[4], other, purpose, at), "another key");
        Session memory session = actors.sessionOf(key);
        require(session.since == block.timestamp && session.until == until, "times");
    }

    function testFuzz_nobodyEndsTheSessionOfAnother(address somebody, uint256 secret) external {
        secret = 1 + (secret % type(uint128).max);
        address key = vm.addr(_sessionKey(0));
        uint40 until = uint40(block.timestamp + 1 hours);
        bytes memory held = _sign(_sessionKey(0), _opening(people[4], key, 1, until));
        vm.prank(people[4]);
        actors.openSession(key, 1, until, held);
        bool right = somebody == people[4] || somebody == key;
        vm.prank(somebody);
        try actors.endSession(key) {
            require(right, "sent");
        } catch {
            require(!right, "not sent");
        }
        address signer = vm.addr(secret);
        try actors.endSessionBySignature(key, _sign(secret, _ending(key))) {
            require(signer == people[4] || signer == key, "signed");
        } catch {}
    }
}
