// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, Circle, Pending, PendingKind} from "../types/Guardians.sol";
import {Pseudonym} from "../types/Ids.sol";

/// @title Guardians
/// @notice Who may put another controller in place when a patient has lost everything, and what stops them.
/// @dev One thing waits for a pseudonym at a time, seven days, and is executed in the thirty days after. Who guards
/// stands on chain as salted commitments, so that nothing links a guardian of two pseudonyms before they act. A thief
/// with the controller's key cannot drop the guardians or hand the pseudonym on at once: both wait, and any `needed`
/// guardians stop both.
interface IGuardians {
    /// @notice The controller named guardians, or none (`needed` 0); they count from `readyAt` on, once executed.
    event GuardiansNamed(
        Pseudonym indexed pseudonym,
        bytes32 indexed circle,
        uint8 needed,
        bytes32[] places,
        uint40 readyAt
    );

    /// @notice These guardians count from now on; 0: none.
    event GuardiansInForce(Pseudonym indexed pseudonym, bytes32 indexed circle);

    /// @notice Another controller is to come, at the earliest at `readyAt`. `kind`: guardians or the controller want it.
    event RotationProposed(
        Pseudonym indexed pseudonym,
        address indexed from,
        address indexed to,
        PendingKind kind,
        uint40 readyAt,
        uint48 round
    );

    /// @notice What waited will not come: by the controller's veto, or by guardians.
    event PendingCancelled(Pseudonym indexed pseudonym, PendingKind kind, uint48 round, bool byGuardians);

    /// @notice Guardians are named: a rotation waits. Propose it.
    error GuardiansGuarded(Pseudonym pseudonym);
    /// @notice No guardians are named.
    error GuardiansNone(Pseudonym pseudonym);
    /// @notice A rotation names the account that decides next.
    error GuardiansNobody(Pseudonym pseudonym);
    /// @notice From two to sixteen guardians, two or more of them together, each under a commitment of its own.
    error GuardiansBadCircle();
    /// @notice These are not the guardians that stand on chain.
    error GuardiansOtherCircle(Pseudonym pseudonym, bytes32 circle);
    /// @notice Fewer guardians than it takes.
    error GuardiansTooFew(uint256 given, uint256 needed);
    /// @notice Guardians stand in ascending order of their accounts, each once.
    error GuardiansOutOfOrder(address guardian);
    /// @notice The account and salt do not open the commitment at that place.
    error GuardiansNotInCircle(address guardian, uint8 place);
    /// @notice The guardian did not sign this.
    error GuardiansBadSignature(address guardian);
    /// @notice What guardians signed is over, or runs more than 30 days ahead.
    error GuardiansBadDeadline(uint40 deadline);
    /// @notice A recovery waits. The controller vetoes it first.
    error GuardiansRecoveryWaits(Pseudonym pseudonym, uint40 readyAt);
    /// @notice Nothing waits.
    error GuardiansNothingWaits(Pseudonym pseudonym);
    /// @notice It must still wait.
    error GuardiansTooEarly(Pseudonym pseudonym, uint40 readyAt);

    /// @notice Names guardians. By the controller. The first ones count at once; every change of them, to none
    /// included, waits like a rotation.
    /// @dev A place is keccak256(abi.encode(keccak256("sharewell/person/1 commit"), salt, account)).
    function nameGuardians(Pseudonym pseudonym, Circle calldata circle) external;

    /// @notice Proposes to hand a guarded pseudonym on. By the controller; guardians can stop it while it waits.
    function proposeHandover(Pseudonym pseudonym, address to) external;

    /// @notice Proposes another controller for a patient who lost everything. Sent by anyone, signed by as many
    /// guardians as it takes: EIP-712 `Recover(bytes32 pseudonym,address from,address to,bytes32 circle,uint48 round,
    /// uint40 deadline)`, `from` the controller of now and `round` that of `pendingOf`. It ends what the controller
    /// had waiting.
    /// @dev Warning: the controller can veto it until it is executed. So nobody is kept out who still has the key,
    /// and a thief who has it is not driven out: docs/spec/recovery.md.
    function proposeRecovery(
        Pseudonym pseudonym,
        address to,
        uint40 deadline,
        Circle calldata circle,
        Approval[] calldata approvals
    ) external;

    /// @notice Ends what waits, a recovery included: the veto. By the controller.
    function cancel(Pseudonym pseudonym) external;

    /// @notice Ends what waits. Sent by anyone, signed by as many guardians as it takes: EIP-712
    /// `Withdraw(bytes32 pseudonym,bytes32 circle,uint48 round,uint40 deadline)`.
    function cancelByGuardians(
        Pseudonym pseudonym,
        uint40 deadline,
        Circle calldata circle,
        Approval[] calldata approvals
    ) external;

    /// @notice Does what waited, once it has waited. By anyone; a recovery by the controller at any time, who agrees.
    function execute(Pseudonym pseudonym) external;

    /// @notice The circle of a pseudonym: keccak256(abi.encode(keccak256("sharewell/person/1 guardians"), pseudonym,
    /// needed, places)); 0 where none are named.
    function circleOf(Pseudonym pseudonym) external view returns (bytes32);

    /// @notice What waits for a pseudonym, and the round that guardians sign for. Nothing, once its thirty days are over.
    function pendingOf(Pseudonym pseudonym) external view returns (Pending memory);
}
