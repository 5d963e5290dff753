// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {ConsentSlot} from "../libraries/ConsentSlot.sol";
import {Derivation} from "../libraries/Derivation.sol";
import {Affiliation} from "../types/Actors.sol";
import {ConsentState, Use} from "../types/Consents.sol";
import {ConsentDecision} from "./ConsentDecision.sol";

/// @title Uses of consents
/// @notice Counts the uses of consents that limit them, where the log of release requests says so.
abstract contract ConsentUses is ConsentDecision {
    /// @dev Whose word counts. Set once, by the log itself when it is deployed.
    address private _log;

    /// @inheritdoc IConsentRegistry
    function attachLog() external {
        require(_log == address(0), ConsentLogAttached(_log));
        _log = msg.sender;
        emit LogAttached(msg.sender);
    }

    /// @inheritdoc IConsentRegistry
    function countUse(address reader, Use calldata use) external returns (bytes32 key) {
        require(msg.sender == _log, ConsentNotLog(msg.sender));
        key = Derivation.consentKey(use.pseudonym, _granteeOf(reader, use), use.recordId);
        uint256 slot = _slots[key];
        // Floors are not looked at: a use of what they ended opens nothing, and two slots cost too much here.
        bool stands =
            ConsentSlot.state(slot) == ConsentState.Permit &&
                block.timestamp < ConsentSlot.until(slot) &&
                block.timestamp >= ConsentSlot.from(slot);
        require(stands && ConsentSlot.useLimit(slot) != 0, ConsentNothingToCount(key));
        require(!ConsentSlot.isUsedUp(slot), ConsentUsedUp(key));
        uint40 counted = ConsentSlot.counted(slot);
        // So each use is counted once: whoever sends the same again names a number that is gone.
        require(use.number == counted, ConsentUseTaken(key, use.number, counted));
        _slots[key] = ConsentSlot.use(slot);
    }

    /// @dev As whom the reader reads: strangers use nothing up.
    function _granteeOf(address reader, Use calldata use) private view returns (bytes32) {
        if (use.credentialId == 0)
            return Derivation.granteeId(Derivation.PERSON, bytes32(uint256(uint160(reader))), use.salt);
        Affiliation memory held = _ACTORS.affiliationOf(use.credentialId, uint40(block.timestamp));
        require(_isPlace(held, reader, use.level, use.role), ConsentNotAffiliated(use.credentialId, reader));
        (uint8 kind, bytes32 value) = Derivation.group(held.path[use.level], use.role);
        return Derivation.granteeId(kind, value, use.salt);
    }
}
