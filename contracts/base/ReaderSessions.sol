// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IReaderSessions} from "../interfaces/IReaderSessions.sol";
import {Purposes} from "../libraries/Purposes.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Session} from "../types/Actors.sol";

/// @title Reader sessions
/// @notice The part of the actor registry about keys that sign requests in their readers' stead.
abstract contract ReaderSessions is IReaderSessions, EIP712 {
    uint40 private constant _MAX_DURATION = 12 hours;
    bytes32 private constant _OPEN_TYPEHASH = keccak256(
        "OpenSession(address reader,address key,uint16 purposes,uint40 until)"
    );
    bytes32 private constant _END_TYPEHASH = keccak256("EndSession(address key)");

    mapping(address key => Session entry) private _sessions;

    /// @inheritdoc IReaderSessions
    function openSession(address key, uint16 purposes, uint40 until, bytes calldata keySignature) external {
        bytes32 digest = _openingOf(msg.sender, key, purposes, until);
        _open(msg.sender, key, purposes, until, digest, keySignature);
    }

    /// @inheritdoc IReaderSessions
    function openSessionBySignature(
        address reader,
        address key,
        uint16 purposes,
        uint40 until,
        bytes calldata keySignature,
        bytes calldata signature
    ) external {
        bytes32 digest = _openingOf(reader, key, purposes, until);
        require(Signatures.isSigned(reader, digest, signature), SessionBadSignature(reader));
        _open(reader, key, purposes, until, digest, keySignature);
    }

    /// @inheritdoc IReaderSessions
    function endSession(address key) external {
        address reader = _sessions[key].reader;
        require(msg.sender == key || msg.sender == reader, SessionNotYours(key));
        _end(key);
    }

    /// @inheritdoc IReaderSessions
    function endSessionBySignature(address key, bytes calldata signature) external {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(_END_TYPEHASH, key)));
        bool valid =
            Signatures.isSignedByKey(key, digest, signature) ||
                Signatures.isSigned(_sessions[key].reader, digest, signature);
        require(valid, SessionNotYours(key));
        _end(key);
    }

    /// @inheritdoc IReaderSessions
    function sessionOf(address key) external view returns (Session memory) {
        return _sessions[key];
    }

    /// @inheritdoc IReaderSessions
    function isSessionLive(address reader, address key, uint8 purpose, uint40 at) external view returns (bool) {
        Session storage entry = _sessions[key];
        return entry.reader == reader && at < entry.until && (entry.purposes >> purpose) & 1 == 1;
    }

    function _open(
        address reader,
        address key,
        uint16 purposes,
        uint40 until,
        bytes32 digest,
        bytes calldata keySignature
    ) private {
        // A key that never had a session; no time is nearly 0.
        // slither-disable-next-line incorrect-equality
        require(_sessions[key].until == 0, SessionKeyUsed(key));
        require(key != reader && Signatures.isSignedByKey(key, digest, keySignature), SessionBadKey(key));
        uint40 since = uint40(block.timestamp);
        require(since < until && until <= since + _MAX_DURATION, SessionBadEnd(until, since + _MAX_DURATION));
        bool known = purposes != 0 && purposes <= Purposes.ALL && purposes & Purposes.BREAK_GLASS == 0;
        require(known, SessionBadPurposes(purposes));
        _sessions[key] = Session(reader, purposes, since, until);
        emit SessionOpened(reader, key, purposes, until);
    }

    /// @dev Also of a key without a session: an opening that somebody held back then comes too late.
    function _end(address key) private {
        Session storage entry = _sessions[key];
        require(entry.until == 0 || block.timestamp < entry.until, SessionIsOver(key));
        entry.until = uint40(block.timestamp);
        emit SessionEnded(entry.reader, key);
    }

    function _openingOf(address reader, address key, uint16 purposes, uint40 until) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_OPEN_TYPEHASH, reader, key, purposes, until)));
    }
}
