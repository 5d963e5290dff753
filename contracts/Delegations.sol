// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDelegations} from "./interfaces/IDelegations.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {DelegationSlot} from "./libraries/DelegationSlot.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {Purposes} from "./libraries/Purposes.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Delegation, DelegationTerms, SignedAct} from "./types/Delegations.sol";
import {Pseudonym} from "./types/Ids.sol";

/// @title Delegations
/// @notice One slot a delegate, of the controller that named it.
contract Delegations is IDelegations, EIP712 {
    uint40 private constant _MAX_CARRYING = 15 minutes;
    bytes32 private constant _DELEGATE_TYPEHASH = keccak256(
        "Delegate(bytes32 pseudonym,address controller,address account,uint40 until,uint16 reads,uint16 grants,"
        "uint32 categories,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _END_TYPEHASH = keccak256(
        "EndDelegation(bytes32 pseudonym,address controller,address account,uint40 signedAt,uint40 deadline)"
    );
    IPatientRegistry private immutable _PATIENTS;

    /// @dev Packed by DelegationSlot.
    mapping(Pseudonym pseudonym => mapping(address controller => mapping(address account => uint256 word)))
        private _words;

    /// @notice For the patients of this registry.
    constructor(IPatientRegistry patients) EIP712("Sharewell", "1") {
        _PATIENTS = patients;
    }

    /// @inheritdoc IDelegations
    function delegate(Pseudonym pseudonym, address account, DelegationTerms calldata terms) external {
        require(_PATIENTS.controllerOf(pseudonym) == msg.sender, DelegationNotController(pseudonym, msg.sender));
        _delegate(pseudonym, msg.sender, account, terms, block.timestamp);
    }

    /// @inheritdoc IDelegations
    function endDelegation(Pseudonym pseudonym, address account) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bool own = msg.sender == account && _words[pseudonym][controller][account] != 0;
        require(own || controller == msg.sender, DelegationNotController(pseudonym, msg.sender));
        _end(pseudonym, controller, account);
    }

    /// @inheritdoc IDelegations
    function delegateBySignature(
        Pseudonym pseudonym,
        address account,
        DelegationTerms calldata terms,
        SignedAct calldata by
    ) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = keccak256(
            abi.encode(_DELEGATE_TYPEHASH, pseudonym, controller, account, terms, by.signedAt, by.deadline)
        );
        _authorize(pseudonym, controller, signed, by);
        uint40 decidedAt = DelegationSlot.changedAt(_words[pseudonym][controller][account]);
        // Equal counts as older, so that a signature counts once.
        require(by.signedAt > decidedAt, DelegationOlder(account, by.signedAt, decidedAt));
        _delegate(pseudonym, controller, account, terms, by.signedAt);
    }

    /// @inheritdoc IDelegations
    function endDelegationBySignature(Pseudonym pseudonym, address account, SignedAct calldata by) external {
        address controller = _PATIENTS.controllerOf(pseudonym);
        bytes32 signed = keccak256(abi.encode(_END_TYPEHASH, pseudonym, controller, account, by.signedAt, by.deadline));
        _authorize(pseudonym, controller, signed, by);
        uint40 decidedAt = DelegationSlot.changedAt(_words[pseudonym][controller][account]);
        // Of a delegation and its end in the same second the end wins.
        require(by.signedAt >= decidedAt, DelegationOlder(account, by.signedAt, decidedAt));
        _end(pseudonym, controller, account);
    }

    /// @inheritdoc IDelegations
    function delegationOf(Pseudonym pseudonym, address account) external view returns (Delegation memory) {
        return DelegationSlot.read(_words[pseudonym][_PATIENTS.controllerOf(pseudonym)][account]);
    }

    /// @inheritdoc IDelegations
    function wordOf(Pseudonym pseudonym, address account) external view returns (uint256 word, bytes32 key) {
        address controller = _PATIENTS.controllerOf(pseudonym);
        word = _words[pseudonym][controller][account];
        key = Derivation.delegationKey(pseudonym, controller, account);
    }

    function _delegate(
        Pseudonym pseudonym,
        address controller,
        address account,
        DelegationTerms calldata terms,
        uint256 decidedAt
    ) private {
        require(account != address(0) && account != controller, DelegationBadDelegate(account));
        require(block.timestamp < terms.until, DelegationAlreadyOver(terms.until));
        uint16 purposes = terms.reads | terms.grants;
        bool known = purposes <= Purposes.ALL && purposes & Purposes.BREAK_GLASS == 0;
        require(known && purposes != 0, DelegationBadPurposes(terms.reads, terms.grants));
        require(terms.categories != 0, DelegationNoCategories());
        uint256 word = DelegationSlot.pack(terms, decidedAt);
        _words[pseudonym][controller][account] = word;
        emit Delegated(pseudonym, account, word);
    }

    /// @dev Leaves a tombstone with its time, so that an older signed delegation never brings it back.
    function _end(Pseudonym pseudonym, address controller, address account) private {
        _words[pseudonym][controller][account] = DelegationSlot.ended(block.timestamp);
        emit DelegationEnded(pseudonym, account);
    }

    /// @dev Whether the controller signed exactly this, for now.
    function _authorize(Pseudonym pseudonym, address controller, bytes32 signed, SignedAct calldata by) private view {
        (uint40 signedAt, uint40 deadline) = (by.signedAt, by.deadline);
        require(signedAt <= block.timestamp, DelegationNotYetSigned(signedAt));
        require(block.timestamp <= deadline, DelegationDeadlineOver(deadline));
        // No overflow: signedAt is not after the block.
        uint40 latest = signedAt + _MAX_CARRYING;
        require(deadline <= latest, DelegationDeadlineTooFar(deadline, latest));
        bool valid = Signatures.isSigned(controller, _hashTypedDataV4(signed), by.signature);
        require(valid, DelegationBadSignature(pseudonym, controller));
    }
}
