// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Delegation, DelegationTerms, SignedAct} from "../types/Delegations.sol";
import {Pseudonym} from "../types/Ids.sol";

/// @title Delegations
/// @notice Carers and parents: accounts that may read for a pseudonym, or consent for it, within limits of their own.
/// Only the pseudonym's controller names them: by its own transaction, or by a signature that anyone may carry.
/// @dev A delegation is the controller's that gave it: after a rotation nobody is a delegate until the new controller
/// says so. Signatures are EIP-712 under the domain {Sharewell, 1, chainId, this contract}; ECDSA with low s, or
/// ERC-1271.
interface IDelegations {
    /// @notice The account is a delegate under the terms in `delegation`, the word that was stored (DelegationSlot).
    event Delegated(Pseudonym indexed pseudonym, address indexed account, uint256 delegation);

    /// @notice The account is no delegate any more, from this block on.
    event DelegationEnded(Pseudonym indexed pseudonym, address indexed account);

    /// @notice The caller does not decide for the pseudonym.
    error DelegationNotController(Pseudonym pseudonym, address caller);
    /// @notice Nobody, or the controller, who needs no delegation.
    error DelegationBadDelegate(address account);
    /// @notice The time is over already.
    error DelegationAlreadyOver(uint40 until);
    /// @notice No purpose at all, one that does not exist, or break-glass, which nobody delegates.
    error DelegationBadPurposes(uint16 reads, uint16 grants);
    /// @notice A delegation names at least one category.
    error DelegationNoCategories();
    /// @notice The pseudonym's controller did not sign exactly this.
    error DelegationBadSignature(Pseudonym pseudonym, address controller);
    /// @notice Signed in the future: a clock is wrong.
    error DelegationNotYetSigned(uint40 signedAt);
    /// @notice Carried too late.
    error DelegationDeadlineOver(uint40 deadline);
    /// @notice A signature may be carried for 15 minutes, until `latest` at most.
    error DelegationDeadlineTooFar(uint40 deadline, uint40 latest);
    /// @notice A later decision stands: a signature never undoes it.
    error DelegationOlder(address account, uint40 signedAt, uint40 decidedAt);

    /// @notice Names a delegate, or replaces its terms. By the controller.
    /// @dev Warning: who may consent for a pseudonym can let anyone in, an account of its own too, for these purposes and
    /// categories and until then.
    function delegate(Pseudonym pseudonym, address account, DelegationTerms calldata terms) external;

    /// @notice Ends a delegation at once. By the controller, or by the delegate itself.
    /// @dev What the delegate granted stays until it is revoked or over; what it signed and nobody carried is void.
    function endDelegation(Pseudonym pseudonym, address account) external;

    /// @notice `delegate` as the controller signed it; it counts from `signedAt` on.
    /// @dev `Delegate(bytes32 pseudonym,address controller,address account,uint40 until,uint16 reads,uint16 grants,
    /// uint32 categories,uint40 signedAt,uint40 deadline)`, in one line. Refused unless signed later than what was said
    /// last about the account, so it counts once.
    function delegateBySignature(
        Pseudonym pseudonym,
        address account,
        DelegationTerms calldata terms,
        SignedAct calldata by
    ) external;

    /// @notice `endDelegation` as the controller signed it.
    /// @dev `EndDelegation(bytes32 pseudonym,address controller,address account,uint40 signedAt,uint40 deadline)`.
    /// Refused where what was said last about the account is later.
    function endDelegationBySignature(Pseudonym pseudonym, address account, SignedAct calldata by) external;

    /// @notice What the controller that decides now said about the account; all 0 where it never said anything.
    function delegationOf(Pseudonym pseudonym, address account) external view returns (Delegation memory);

    /// @notice The same for contracts: the word, and the key under which `decide` answers it.
    function wordOf(Pseudonym pseudonym, address account) external view returns (uint256 word, bytes32 key);
}
