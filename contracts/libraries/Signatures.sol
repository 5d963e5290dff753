// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signatures
/// @notice Whose signature it is: of a key, or of a contract account.
library Signatures {
    /// @notice Whether `account` signed: ECDSA with low s, or ERC-1271.
    /// @dev By key first: an account that has both a key and code (EIP-7702) signs with its key.
    function isSigned(address account, bytes32 digest, bytes memory signature) internal view returns (bool) {
        return isSignedByKey(account, digest, signature) || isSignedByContract(account, digest, signature);
    }

    /// @notice Whether the key of `account` signed.
    function isSignedByKey(address account, bytes32 digest, bytes memory signature) internal pure returns (bool) {
        return account != address(0) && signerOf(digest, signature) == account;
    }

    /// @notice The account whose key signed; 0 where the signature is none.
    function signerOf(bytes32 digest, bytes memory signature) internal pure returns (address) {
        // The third is the failure's argument, and every failure is a no.
        // slither-disable-next-line unused-return
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, signature);
        return failure == ECDSA.RecoverError.NoError ? signer : address(0);
    }

    /// @notice Whether a contract account says that it signed. An account without code answers nothing, which is no.
    function isSignedByContract(address account, bytes32 digest, bytes memory signature) internal view returns (bool) {
        return SignatureChecker.isValidERC1271SignatureNow(account, digest, signature);
    }
}
