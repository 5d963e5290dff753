// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NO_RECORD, RecordId} from "../types/Ids.sol";

/// @title Manifests
/// @notice Finds fields of a signed manifest: CBOR [payload, signer, signature], payload a map with text keys
/// (docs/spec/encoding.md, docs/spec/share.md).
/// @dev Walks over the fields, so that nothing that looks like the field inside another one passes for it. Bytes that are
/// cut off end in a panic, which refuses as well.
library Manifests {
    uint256 private constant _UINT = 0;
    uint256 private constant _BYTES = 2;
    uint256 private constant _TEXT = 3;
    uint256 private constant _ARRAY = 4;
    uint256 private constant _MAP = 5;
    bytes32 private constant _NAME = keccak256("contentRoot");
    bytes32 private constant _RECORD = keccak256("recordId");
    bytes32 private constant _CHUNK_LOG = keccak256("chunkLog2");
    bytes32 private constant _SEALED = keccak256("sealedLen");
    /// @dev Sealed bytes that stand in a chunk of their own: the last.
    uint256 private constant _TAIL = 272;

    /// @notice The contentRoot, and whether there is one.
    function rootOf(bytes calldata manifest) internal pure returns (bool found, bytes32 root) {
        (uint256 major, uint256 value, uint256 at) = _head(manifest, 0);
        if (major != _ARRAY) return (false, 0);
        (major, value, at) = _head(manifest, at);
        if (major != _BYTES) return (false, 0);
        return _field(manifest[at:at + value]);
    }

    /// @notice Which record it is of, and its count of chunks; 0 chunks where the bytes do not say.
    function scopeOf(bytes calldata manifest) internal pure returns (RecordId record, uint256 chunks) {
        (uint256 major, uint256 value, uint256 at) = _head(manifest, 0);
        if (major != _ARRAY) return (NO_RECORD, 0);
        (major, value, at) = _head(manifest, at);
        if (major != _BYTES) return (NO_RECORD, 0);
        return _scope(manifest[at:at + value]);
    }

    function _scope(bytes calldata payload) private pure returns (RecordId record, uint256 chunks) {
        (uint256 major, uint256 fields, uint256 at) = _head(payload, 0);
        if (major != _MAP) return (NO_RECORD, 0);
        uint256 log = 0;
        uint256 sealedLength = 0;
        for (; fields != 0; --fields) {
            uint256 value;
            (major, value, at) = _head(payload, at);
            if (major != _TEXT) return (NO_RECORD, 0);
            bytes32 name = keccak256(payload[at:at + value]);
            at += value;
            uint256 start;
            (major, value, start) = _head(payload, at);
            if (name == _RECORD && major == _BYTES && value == 32) {
                record = RecordId.wrap(bytes32(payload[start:start + 32]));
            } else if (name == _CHUNK_LOG && major == _UINT) log = value;
            else if (name == _SEALED && major == _UINT) sealedLength = value;
            at = _skip(payload, at);
        }
        if (log == 0 || log > 31 || sealedLength <= _TAIL || sealedLength >> (log + 31) != 0) return (record, 0);
        chunks = ((sealedLength - _TAIL - 1) >> log) + 2;
    }

    function _field(bytes calldata payload) private pure returns (bool, bytes32) {
        (uint256 major, uint256 fields, uint256 at) = _head(payload, 0);
        if (major != _MAP) return (false, 0);
        for (; fields != 0; --fields) {
            uint256 length;
            (major, length, at) = _head(payload, at);
            if (major != _TEXT) return (false, 0);
            bool named = keccak256(payload[at:at + length]) == _NAME;
            at += length;
            if (named) return _root(payload, at);
            at = _skip(payload, at);
        }
        return (false, 0);
    }

    function _root(bytes calldata payload, uint256 at) private pure returns (bool, bytes32) {
        (uint256 major, uint256 length, uint256 start) = _head(payload, at);
        if (major != _BYTES || length != 32) return (false, 0);
        return (true, bytes32(payload[start:start + 32]));
    }

    /// @dev The first byte after the item at `at`, however deep it is nested.
    function _skip(bytes calldata data, uint256 at) private pure returns (uint256) {
        for (uint256 left = 1; left != 0; --left) {
            uint256 major;
            uint256 value;
            (major, value, at) = _head(data, at);
            if (major == _BYTES || major == _TEXT) at += value;
            else if (major == _ARRAY) left += value;
            else if (major == _MAP) left += 2 * value;
        }
        return at;
    }

    /// @dev Major type and value of the head at `at`, and the first byte after it. A value of a type that a manifest does not
    /// have (tags, lengths that are not given) reads as one of no bytes.
    function _head(bytes calldata data, uint256 at) private pure returns (uint256 major, uint256 value, uint256 next) {
        uint256 first = uint8(data[at]);
        major = first >> 5;
        value = first & 31;
        next = at + 1;
        if (value < 24) return (major, value, next);
        uint256 size = 1 << ((value - 24) & 3);
        value = 0;
        for (uint256 end = next + size; next < end; ++next) value = (value << 8) | uint8(data[next]);
    }
}
