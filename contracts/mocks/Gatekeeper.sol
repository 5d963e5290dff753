// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {Decision, Path, Query} from "../types/Consents.sol";

/// @title Gatekeeper
/// @notice A contract that asks for a decision inside a transaction, as a logged export would. Only for tests.
contract Gatekeeper {
    IConsentRegistry private immutable _CONSENTS;

    /// @notice The registry answered, and the answer cost this much gas.
    event Answered(Decision code, bytes32 key, uint256 gas);

    /// @notice Asks this registry.
    constructor(IConsentRegistry consents) {
        _CONSENTS = consents;
    }

    /// @notice Asks along a path.
    function ask(Query calldata query, Path calldata path) external {
        uint256 gas = gasleft();
        (Decision code, bytes32 key) = _CONSENTS.decideAlong(query, path);
        emit Answered(code, key, gas - gasleft());
    }
}
