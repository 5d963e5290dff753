// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Smart account
/// @notice The smallest real contract account: its owner's key signs for it. Only for tests.
contract SmartAccount is IERC1271 {
    address private immutable _OWNER;

    /// @notice Belongs to `owner` for good.
    constructor(address owner) {
        _OWNER = owner;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(hash, signature);
        bool valid = failure == ECDSA.RecoverError.NoError && signer == _OWNER;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
