// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Smart account
/// @notice The smallest real contract account: its owner's key acts and signs for it. Only for tests.
contract SmartAccount is IERC1271 {
    address private immutable _OWNER;

    /// @notice Somebody else than the owner wants to act.
    error SmartAccountNotOwner(address caller);

    /// @notice Belongs to `owner` for good.
    constructor(address owner) {
        _OWNER = owner;
    }

    /// @notice Calls `target` as this account.
    function execute(address target, bytes calldata data) external {
        require(msg.sender == _OWNER, SmartAccountNotOwner(msg.sender));
        Address.functionCall(target, data);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(hash, signature);
        bool valid = failure == ECDSA.RecoverError.NoError && signer == _OWNER;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
