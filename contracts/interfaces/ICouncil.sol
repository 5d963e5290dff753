// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Call, Proposal} from "../types/Council.sol";
import {OperatorId, OrganizationId} from "../types/Ids.sol";

/// @title Council
/// @notice The member organizations administer the network together: k of them confirm a proposal, then it happens.
/// @dev Holds the administration's role in the AccessManager. A member acts with the account that ActorRegistry names
/// for it at that moment. Always 2 <= k <= members <= 16, and k is more than half of them.
interface ICouncil {
    /// @notice An organization became a member.
    event MemberAdded(OrganizationId indexed member);

    /// @notice An organization is no member any more; its confirmations no longer count.
    event MemberRemoved(OrganizationId indexed member);

    /// @notice From now on `k` confirmations execute, also of proposals that are open already.
    event ThresholdSet(uint8 k);

    /// @notice A member proposed calls, and so confirmed them.
    event Proposed(bytes32 indexed proposal, OrganizationId indexed member);

    /// @notice A member confirmed a proposal, with the account that it had then.
    event Confirmed(bytes32 indexed proposal, OrganizationId indexed member, address account);

    /// @notice A member took its confirmation back.
    event ConfirmationRevoked(bytes32 indexed proposal, OrganizationId indexed member);

    /// @notice All calls of the proposal were made.
    event Executed(bytes32 indexed proposal);

    /// @notice An operator was switched off for a fault; `fault` is the SHA-256 of what proves it.
    event OperatorPenalized(OperatorId indexed operator, bytes32 indexed fault);

    /// @notice The caller does not speak for a member.
    error CouncilNotMember(address caller);
    /// @notice Only a proposal that was confirmed does this.
    error CouncilNotItself(address caller);
    /// @notice Not 2 <= k <= members <= 16 with k more than half of them.
    error CouncilBadThreshold(uint256 k, uint256 members);
    /// @notice Only a registered, active organization with none above it can be a member: one house, one voice.
    error CouncilNotAdmissible(OrganizationId organization);
    /// @notice The organization is a member already.
    error CouncilMemberTwice(OrganizationId organization);
    /// @notice The organization is no member.
    error CouncilNoSuchMember(OrganizationId organization);
    /// @notice A proposal has between 1 and 64 calls.
    error CouncilBadBatch(uint256 calls);
    /// @notice No contract stands at this address, so a call of it would do nothing and look done.
    error CouncilNoContract(address target);
    /// @notice The same calls were proposed under the same salt.
    error CouncilProposalExists(bytes32 proposal);
    /// @notice No such proposal.
    error CouncilProposalUnknown(bytes32 proposal);
    /// @notice The proposal was executed, and is executed once.
    error CouncilProposalExecuted(bytes32 proposal);
    /// @notice The proposal ended 30 days after it was made.
    error CouncilProposalOver(bytes32 proposal, uint40 end);
    /// @notice The member confirmed already.
    error CouncilConfirmedTwice(bytes32 proposal, OrganizationId member);
    /// @notice The member has no confirmation to take back.
    error CouncilNotConfirmed(bytes32 proposal, OrganizationId member);
    /// @notice Fewer than k members confirm.
    error CouncilTooFewConfirmations(bytes32 proposal, uint256 confirmations, uint256 k);
    /// @notice A penalty names the fault that it is for.
    error CouncilNoFault();

    /// @notice Proposes calls that are made together or not at all, and confirms them for the caller's organization.
    /// @dev By a member. The id commits to the calls: who confirms it confirms these and no others.
    /// `salt` tells apart proposals of the same calls.
    function propose(Call[] calldata calls, bytes32 salt) external returns (bytes32 id);

    /// @notice Confirms a proposal for the caller's organization; the k-th confirmation executes it.
    /// @dev By a member. When a call fails everything is undone, this confirmation too, with the call's own error; the
    /// confirmations before it stand.
    function confirm(bytes32 id) external;

    /// @notice Takes the caller's confirmation back while the proposal is open. By a member.
    function revokeConfirmation(bytes32 id) external;

    /// @notice Executes a proposal that has k confirmations, as after k was lowered. By a member.
    function execute(bytes32 id) external;

    /// @notice Admits a member. Only the council itself.
    /// @dev Where k would no longer be more than half, the proposal raises k first.
    function addMember(OrganizationId organization) external;

    /// @notice Removes a member. Only the council itself.
    /// @dev Where fewer than k would remain, the proposal lowers k first.
    function removeMember(OrganizationId organization) external;

    /// @notice Sets how many confirmations execute. Only the council itself.
    function setThreshold(uint8 k) external;

    /// @notice Switches an operator off for a fault. Only the council itself.
    /// @dev `fault` is the SHA-256 of the proof, which the members examined; the contract cannot.
    function penalize(OperatorId operator, bytes32 fault) external;

    /// @notice k: how many confirmations execute.
    function threshold() external view returns (uint8);

    /// @notice All members, in no particular order.
    function members() external view returns (OrganizationId[] memory);

    /// @notice The member for which `account` speaks now; else 0.
    function memberOf(address account) external view returns (OrganizationId);

    /// @notice The id of these calls under this salt: keccak256(abi.encode(calls, salt)).
    function proposalIdOf(Call[] calldata calls, bytes32 salt) external pure returns (bytes32);

    /// @notice A proposal; `proposedAt` is 0 where there is none.
    function proposalOf(bytes32 id) external view returns (Proposal memory);

    /// @notice The members whose confirmations count now: each given by the account that speaks for it today.
    function confirmationsOf(bytes32 id) external view returns (OrganizationId[] memory);

    /// @notice How many proposals there ever were.
    function proposalCount() external view returns (uint256);

    /// @notice Up to `count` ids of proposals from number `first` on, oldest first.
    function proposalIds(uint256 first, uint256 count) external view returns (bytes32[] memory);
}
