// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Cheat codes
/// @notice What the Solidity tests need of the test machine.
interface Vm {
    /// @notice The next call comes from `sender`.
    function prank(address sender) external;

    /// @notice Sets the time.
    function warp(uint256 timestamp) external;

    /// @notice Sets the number of the block.
    function roll(uint256 number) external;

    /// @notice The account of a private key.
    function addr(uint256 key) external pure returns (address);

    /// @notice Signs a digest with a private key.
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
