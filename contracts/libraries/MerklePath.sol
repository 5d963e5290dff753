// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Merkle paths
/// @notice Inclusion proofs of RFC 9162 over SHA-256, which the EVM computes by its precompile.
library MerklePath {
    /// @notice The root to which `path` leads from the leaf with these bytes at `index` of `size`; 0 where the path is too
    /// long or too short for that place (RFC 9162 section 2.1.3.2).
    function rootOf(
        bytes memory entry,
        uint256 index,
        uint256 size,
        bytes32[] calldata path
    ) internal pure returns (bytes32 hash) {
        if (index >= size) return 0;
        uint256 last = size - 1;
        hash = sha256(abi.encodePacked(bytes1(0x00), entry));
        for (uint256 at = 0; at < path.length; ++at) {
            if (last == 0) return 0;
            if (index & 1 == 1 || index == last) {
                hash = sha256(abi.encodePacked(bytes1(0x01), path[at], hash));
                // A right edge without siblings passes up through the levels where it stood alone.
                while (index & 1 == 0 && index != 0) (index, last) = (index >> 1, last >> 1);
            } else {
                hash = sha256(abi.encodePacked(bytes1(0x01), hash, path[at]));
            }
            (index, last) = (index >> 1, last >> 1);
        }
        if (last != 0) return 0;
    }
}
