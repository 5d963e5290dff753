// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @dev Whose word was a lie; the number enters the fault's id.
enum FaultKind {
    Share, // of a storage node, on a share-chunk that it sent
    Frame // of a reconstructor, on a chunk that it rebuilt
}

/// @dev What a storage node signs with each share-chunk (docs/spec/storage-node.md).
struct ShareResponse {
    bytes32 manifestHash;
    bytes32 shareRoot; // root of the tree over the digests of share j
    uint16 j; // the share
    uint32 i; // the chunk
    bytes32 digest; // SHA-256 of what was sent
    uint32 length;
    bytes32 nonce;
    uint40 time;
}

/// @dev What a reconstructor signs with each chunk (docs/spec/rebuild.md).
struct Frame {
    bytes32 manifestHash;
    bytes32 jobId;
    uint32 i; // the chunk
    bytes32 digest; // SHA-256 of what was sent
}

/// @dev Where the right digest stands: its place and its path in a tree of RFC 9162 over SHA-256.
struct Leaf {
    bytes32 digest;
    uint32 chunks; // leaves of the tree
    bytes32[] path; // from the leaf upwards
}

/// @dev One slot: how an operator stands.
struct Standing {
    uint32 shares; // different lies about shares
    uint32 frames; // different lies about rebuilt chunks
    uint40 lastAt; // when the last one was reported; 0 for never
}
