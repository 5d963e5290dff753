// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Cheat codes
/// @notice What the Solidity tests need of the test machine.
interface Vm {
    /// @notice The next call comes from `sender`.
    function prank(address sender) external;

    /// @notice Sets the time.
    function warp(uint256 timestamp) external;
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
