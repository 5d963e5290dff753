// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IActorRegistry} from "./interfaces/IActorRegistry.sol";
import {ICouncil} from "./interfaces/ICouncil.sol";
import {Organization} from "./types/Actors.sol";
import {Call, Proposal} from "./types/Council.sol";
import {NO_ORGANIZATION, OperatorId, OrganizationId} from "./types/Ids.sol";

/// @title Council
/// @notice k of the member organizations administer the network together.
contract Council is ICouncil, ReentrancyGuard {
    uint256 private constant _MAX_MEMBERS = 16;
    uint256 private constant _MAX_CALLS = 64;
    uint40 private constant _LIFE = 30 days;

    /// @inheritdoc ICouncil
    uint8 public threshold;

    IActorRegistry private immutable _ACTORS;

    OrganizationId[] private _members;
    /// @dev A seat is never given twice: who leaves and comes back finds no old confirmation under its name.
    mapping(OrganizationId member => uint256 seat) private _seats;
    uint256 private _seatCount;

    mapping(bytes32 id => Proposal entry) private _proposals;
    bytes32[] private _ids;
    /// @dev The account that confirmed; once the organization has another one, the confirmation is void.
    mapping(bytes32 id => mapping(uint256 seat => address account)) private _confirmedBy;

    modifier onlyItself() {
        require(msg.sender == address(this), CouncilNotItself(msg.sender));
        _;
    }

    /// @notice The founders are organizations of the registry already.
    constructor(IActorRegistry actors, OrganizationId[] memory founders, uint8 k) {
        _ACTORS = actors;
        for (uint256 i = 0; i < founders.length; ++i) _seat(founders[i]);
        _setThreshold(k);
    }

    /// @inheritdoc ICouncil
    function propose(Call[] calldata calls, bytes32 salt) external nonReentrant returns (bytes32 id) {
        OrganizationId member = _callingMember();
        require(calls.length != 0 && calls.length <= _MAX_CALLS, CouncilBadBatch(calls.length));
        id = proposalIdOf(calls, salt);
        Proposal storage entry = _proposals[id];
        require(entry.proposedAt == 0, CouncilProposalExists(id));
        entry.proposer = member;
        entry.proposedAt = uint40(block.timestamp);
        for (uint256 i = 0; i < calls.length; ++i) {
            require(calls[i].target.code.length != 0, CouncilNoContract(calls[i].target));
            entry.calls.push(calls[i]);
        }
        _ids.push(id);
        emit Proposed(id, member);
        _confirm(id, member);
    }

    /// @inheritdoc ICouncil
    function confirm(bytes32 id) external nonReentrant {
        OrganizationId member = _callingMember();
        Proposal storage entry = _open(id);
        require(_confirmedBy[id][_seats[member]] != msg.sender, CouncilConfirmedTwice(id, member));
        _confirm(id, member);
        if (confirmationsOf(id).length >= threshold) _execute(id, entry);
    }

    /// @inheritdoc ICouncil
    function revokeConfirmation(bytes32 id) external nonReentrant {
        OrganizationId member = _callingMember();
        _open(id);
        uint256 seat = _seats[member];
        require(_confirmedBy[id][seat] == msg.sender, CouncilNotConfirmed(id, member));
        delete _confirmedBy[id][seat];
        emit ConfirmationRevoked(id, member);
    }

    /// @inheritdoc ICouncil
    function execute(bytes32 id) external nonReentrant {
        _callingMember();
        Proposal storage entry = _open(id);
        uint256 confirmations = confirmationsOf(id).length;
        require(confirmations >= threshold, CouncilTooFewConfirmations(id, confirmations, threshold));
        _execute(id, entry);
    }

    /// @inheritdoc ICouncil
    function addMember(OrganizationId organization) external onlyItself {
        _seat(organization);
        _checkThreshold(threshold);
    }

    /// @inheritdoc ICouncil
    function removeMember(OrganizationId organization) external onlyItself {
        require(_seats[organization] != 0, CouncilNoSuchMember(organization));
        delete _seats[organization];
        uint256 last = _members.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (_members[i] == organization) _members[i] = _members[last];
        }
        _members.pop();
        _checkThreshold(threshold);
        emit MemberRemoved(organization);
    }

    /// @inheritdoc ICouncil
    function setThreshold(uint8 k) external onlyItself {
        _setThreshold(k);
    }

    /// @inheritdoc ICouncil
    function penalize(OperatorId operator, bytes32 fault) external onlyItself {
        require(fault != 0, CouncilNoFault());
        emit OperatorPenalized(operator, fault);
        _ACTORS.setOperatorActive(operator, false);
    }

    /// @inheritdoc ICouncil
    function members() external view returns (OrganizationId[] memory) {
        return _members;
    }

    /// @inheritdoc ICouncil
    function proposalOf(bytes32 id) external view returns (Proposal memory) {
        return _proposals[id];
    }

    /// @inheritdoc ICouncil
    function proposalCount() external view returns (uint256) {
        return _ids.length;
    }

    /// @inheritdoc ICouncil
    function proposalIds(uint256 first, uint256 count) external view returns (bytes32[] memory ids) {
        uint256 total = _ids.length;
        uint256 left = first < total ? total - first : 0;
        ids = new bytes32[](count < left ? count : left);
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = _ids[first + i];
    }

    /// @inheritdoc ICouncil
    function memberOf(address account) public view returns (OrganizationId) {
        // The registry notes for an organization's own account that it deposits for that organization, without an end.
        OrganizationId id = _ACTORS.uploaderOf(account).organization;
        return _seats[id] != 0 && _accountOf(id) == account ? id : NO_ORGANIZATION;
    }

    /// @inheritdoc ICouncil
    function confirmationsOf(bytes32 id) public view returns (OrganizationId[] memory confirming) {
        OrganizationId[] memory found = new OrganizationId[](_members.length);
        uint256 count = 0;
        for (uint256 i = 0; i < found.length; ++i) {
            OrganizationId member = _members[i];
            address account = _confirmedBy[id][_seats[member]];
            if (account == address(0) || account != _accountOf(member)) continue;
            found[count] = member;
            ++count;
        }
        confirming = new OrganizationId[](count);
        for (uint256 i = 0; i < count; ++i) confirming[i] = found[i];
    }

    /// @inheritdoc ICouncil
    function proposalIdOf(Call[] calldata calls, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(calls, salt));
    }

    function _seat(OrganizationId organization) private {
        require(_seats[organization] == 0, CouncilMemberTwice(organization));
        bool sovereign = _ACTORS.organizationOf(organization).depth == 1;
        require(sovereign && _ACTORS.isActive(organization), CouncilNotAdmissible(organization));
        _seats[organization] = ++_seatCount;
        _members.push(organization);
        emit MemberAdded(organization);
    }

    function _setThreshold(uint8 k) private {
        _checkThreshold(k);
        threshold = k;
        emit ThresholdSet(k);
    }

    function _confirm(bytes32 id, OrganizationId member) private {
        _confirmedBy[id][_seats[member]] = msg.sender;
        emit Confirmed(id, member, msg.sender);
    }

    function _execute(bytes32 id, Proposal storage entry) private {
        // Before the calls: whoever they reach finds it done.
        entry.executed = true;
        emit Executed(id);
        uint256 count = entry.calls.length;
        for (uint256 i = 0; i < count; ++i) {
            // Reverts with the reason of the call; what the call returns is nobody's.
            // slither-disable-next-line unused-return
            Address.functionCall(entry.calls[i].target, entry.calls[i].data);
        }
    }

    function _callingMember() private view returns (OrganizationId member) {
        member = memberOf(msg.sender);
        require(member != NO_ORGANIZATION, CouncilNotMember(msg.sender));
    }

    function _accountOf(OrganizationId organization) private view returns (address) {
        Organization memory entry = _ACTORS.organizationOf(organization);
        return entry.account;
    }

    function _open(bytes32 id) private view returns (Proposal storage entry) {
        entry = _proposals[id];
        require(entry.proposedAt != 0, CouncilProposalUnknown(id));
        require(!entry.executed, CouncilProposalExecuted(id));
        uint40 end = entry.proposedAt + _LIFE;
        require(block.timestamp < end, CouncilProposalOver(id, end));
    }

    /// @dev k more than half of the members: no two groups of them decide against each other.
    function _checkThreshold(uint256 k) private view {
        uint256 count = _members.length;
        bool works = k >= 2 && k <= count && count <= _MAX_MEMBERS && 2 * k > count;
        require(works, CouncilBadThreshold(k, count));
    }
}
