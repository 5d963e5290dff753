// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Hostile account
/// @notice A contract account that does whatever might confuse who asks it for a signature. Only for tests.
contract HostileAccount {
    /// @dev What it does when asked.
    enum Manner {
        Revert,
        BurnGas,
        Nothing,
        Garbage,
        TooShort,
        Flood,
        Call
    }

    Manner private _manner;
    address private _target;
    bytes private _data;

    /// @notice What it says when it reverts.
    error HostileAccountRefuses();

    /// @notice What ERC-1271 wants is not among its functions: it answers in whatever form it likes.
    fallback(bytes calldata) external returns (bytes memory) {
        return _answer();
    }

    /// @notice Chooses what to do from now on.
    function behave(Manner manner) external {
        _manner = manner;
    }

    /// @notice Calls `target` when asked, and says yes if that went well.
    function call(address target, bytes calldata data) external {
        (_manner, _target, _data) = (Manner.Call, target, data);
    }

    function _answer() private returns (bytes memory) {
        Manner manner = _manner;
        if (manner == Manner.Revert) revert HostileAccountRefuses();
        bytes32 busy = "busy";
        while (manner == Manner.BurnGas) busy = keccak256(abi.encode(busy));
        if (manner == Manner.Garbage) return abi.encode(busy);
        // Right, but four bytes instead of a word.
        if (manner == Manner.TooShort) return abi.encodePacked(IERC1271.isValidSignature.selector);
        if (manner == Manner.Flood) return new bytes(1 << 20);
        if (manner == Manner.Nothing) return "";
        Address.functionCall(_target, _data);
        return abi.encode(IERC1271.isValidSignature.selector);
    }
}
