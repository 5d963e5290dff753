// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Shared account
/// @notice A real contract account of three people, two of whom sign for it. A signature is two ECDSA signatures, one
/// after the other, of the lower account first. Only for tests.
contract SharedAccount is IERC1271 {
    uint256 private constant _LENGTH = 65;

    mapping(address account => bool owns) private _owners;

    /// @notice Belongs to these three for good.
    constructor(address[3] memory owners) {
        for (uint256 i = 0; i < 3; ++i) _owners[owners[i]] = true;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 2 * _LENGTH) return 0;
        address first = _signer(hash, signature[:_LENGTH]);
        address second = _signer(hash, signature[_LENGTH:]);
        // In order, so that nobody signs twice.
        bool valid = _owners[first] && _owners[second] && first < second;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function _signer(bytes32 hash, bytes calldata signature) private pure returns (address) {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(hash, signature);
        return failure == ECDSA.RecoverError.NoError ? signer : address(0);
    }
}
