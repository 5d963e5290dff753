// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Guardians} from "./base/Guardians.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {IPatientRegistry} from "./interfaces/IPatientRegistry.sol";
import {Derivation} from "./libraries/Derivation.sol";
import {OrganizationId, Pseudonym} from "./types/Ids.sol";

/// @title Patient registry
/// @notice Pseudonyms and the accounts that decide for them.
contract PatientRegistry is IPatientRegistry, Guardians {
    /// @dev Three slots.
    struct Patient {
        address controller;
        OrganizationId provider;
        bytes32 selfKeyHash;
    }

    bytes32 private constant _REGISTER_TYPEHASH = keccak256(
        "Register(bytes32 pseudonym,bytes16 provider,bytes32 selfKeyHash)"
    );
    bytes32 private immutable _NETWORK_ID;
    IActorRegistry private immutable _ACTORS;

    mapping(Pseudonym pseudonym => Patient entry) private _patients;

    /// @notice Serves one network for good.
    constructor(bytes32 network, IActorRegistry actors) EIP712("Sharewell", "1") {
        _NETWORK_ID = network;
        _ACTORS = actors;
    }

    /// @inheritdoc IPatientRegistry
    function register(
        address controller,
        bytes32 rho,
        OrganizationId provider,
        bytes32 selfKeyHash,
        bytes calldata signature
    ) external returns (Pseudonym pseudonym) {
        require(controller != address(0) && rho != 0 && selfKeyHash != 0, PatientEmptyField());
        pseudonym = pseudonymOf(controller, rho);
        require(_patients[pseudonym].controller == address(0), PatientAlreadyRegistered(pseudonym));
        require(_ACTORS.isProvider(provider), PatientNotAtProvider(provider));
        if (msg.sender != controller) {
            bytes32 digest = _hashTypedDataV4(
                keccak256(abi.encode(_REGISTER_TYPEHASH, pseudonym, provider, selfKeyHash))
            );
            bool signed = SignatureChecker.isValidSignatureNow(controller, digest, signature);
            require(signed, PatientBadSignature(pseudonym, controller));
        }
        _patients[pseudonym] = Patient(controller, provider, selfKeyHash);
        emit Registered(pseudonym, provider, controller, selfKeyHash);
    }

    /// @inheritdoc IPatientRegistry
    function rotateController(Pseudonym pseudonym, address controller) external {
        _checkController(pseudonym);
        // Guardians must be able to stop a thief who holds the key.
        require(circleOf(pseudonym) == 0, GuardiansGuarded(pseudonym));
        require(controller != address(0), PatientEmptyField());
        _rotate(pseudonym, controller);
    }

    /// @inheritdoc IPatientRegistry
    function networkId() external view returns (bytes32) {
        return _NETWORK_ID;
    }

    /// @inheritdoc IPatientRegistry
    function controllerOf(Pseudonym pseudonym) external view returns (address) {
        return _patients[pseudonym].controller;
    }

    /// @inheritdoc IPatientRegistry
    function providerOf(Pseudonym pseudonym) external view returns (OrganizationId) {
        return _patients[pseudonym].provider;
    }

    /// @inheritdoc IPatientRegistry
    function selfKeyHashOf(Pseudonym pseudonym) external view returns (bytes32) {
        return _patients[pseudonym].selfKeyHash;
    }

    /// @inheritdoc IPatientRegistry
    function pseudonymOf(address controller, bytes32 rho) public view returns (Pseudonym) {
        return Derivation.pseudonym(_NETWORK_ID, controller, rho);
    }

    function _rotate(Pseudonym pseudonym, address controller) internal override {
        address current = _patients[pseudonym].controller;
        _patients[pseudonym].controller = controller;
        emit ControllerRotated(pseudonym, current, controller);
    }

    function _controller(Pseudonym pseudonym) internal view override returns (address) {
        return _patients[pseudonym].controller;
    }

    function _checkController(Pseudonym pseudonym) internal view override {
        address current = _patients[pseudonym].controller;
        require(current != address(0), PatientUnknown(pseudonym));
        require(current == msg.sender, PatientNotController(pseudonym, msg.sender));
    }
}
