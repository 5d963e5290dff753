// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrganizationId, Pseudonym} from "../types/Ids.sol";

/// @title Patient registry
/// @notice Which account decides for a pseudonym. One pseudonym a patient and provider; nothing links two of them.
interface IPatientRegistry {
    /// @notice A patient has a pseudonym at `provider`; capsules for the patient go to the key behind `selfKeyHash`.
    event Registered(
        Pseudonym indexed pseudonym,
        OrganizationId indexed provider,
        address indexed controller,
        bytes32 selfKeyHash
    );

    /// @notice Another account decides for the pseudonym from now on.
    event ControllerRotated(Pseudonym indexed pseudonym, address indexed from, address indexed to);

    /// @notice A controller, secret or key hash is missing.
    error PatientEmptyField();
    /// @notice The pseudonym is registered already.
    error PatientAlreadyRegistered(Pseudonym pseudonym);
    /// @notice No such pseudonym.
    error PatientUnknown(Pseudonym pseudonym);
    /// @notice Not an active provider.
    error PatientNotAtProvider(OrganizationId provider);
    /// @notice The controller neither sent this nor signed it for this pseudonym, provider and key.
    error PatientBadSignature(Pseudonym pseudonym, address controller);
    /// @notice The caller does not decide for the pseudonym.
    error PatientNotController(Pseudonym pseudonym, address caller);

    /// @notice Registers the pseudonym that commits to `controller` and the secret `rho`.
    /// @dev Anyone may send it: the controller, or someone with the controller's EIP-712 signature over
    /// `Register(bytes32 pseudonym,bytes16 provider,bytes32 selfKeyHash)` (ERC-1271 for contract accounts).
    /// Another controller or secret gives another pseudonym, so seeing this transaction is of no use to a thief.
    function register(
        address controller,
        bytes32 rho,
        OrganizationId provider,
        bytes32 selfKeyHash,
        bytes calldata signature
    ) external returns (Pseudonym);

    /// @notice Lets another account decide, at once. By the current controller, as long as no guardians are named:
    /// `proposeHandover` of IGuardians is for the others.
    /// @dev Warning: records, consents and the pseudonym stay; the old account loses every power at once.
    function rotateController(Pseudonym pseudonym, address controller) external;

    /// @notice The network in which pseudonyms are derived.
    function networkId() external view returns (bytes32);

    /// @notice The pseudonym that a controller and a secret give in this network.
    function pseudonymOf(address controller, bytes32 rho) external view returns (Pseudonym);

    /// @notice Who decides for the pseudonym; 0 where it is not registered.
    function controllerOf(Pseudonym pseudonym) external view returns (address);

    /// @notice Where the pseudonym is used; 0 where it is not registered.
    function providerOf(Pseudonym pseudonym) external view returns (OrganizationId);

    /// @notice SHA-256 of the patient's X-Wing public key at that provider.
    function selfKeyHashOf(Pseudonym pseudonym) external view returns (bytes32);
}
