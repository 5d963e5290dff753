// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Questionnaire
/// @notice Puts many questions to a contract in one call, so that a test of many answers takes little time.
contract Questionnaire {
    /// @notice What `target` answers to each of `calls`.
    function ask(address target, bytes[] calldata calls) external view returns (bytes[] memory answers) {
        answers = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) answers[i] = Address.functionStaticCall(target, calls[i]);
    }
}
