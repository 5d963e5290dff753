// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ceremony, CeremonyState, Complaint, Epoch, Progress} from "../types/Committee.sol";
import {OperatorId, OrganizationId} from "../types/Ids.sol";

/// @title Key committee
/// @notice Which key nodes hold shares of the release key, which public key they answer for, and the ceremonies in
/// which they make the next set of shares. The contract keeps order and time; what needs the curve, the nodes check.
interface IKeyCommittee {
    /// @notice A ceremony begins; `previous` is the one that it continues without some parties, or 0.
    event CeremonyOpened(uint32 indexed ceremony, uint32 indexed epoch, bool generation, uint32 previous);

    /// @notice A dealer committed to its package.
    event PackageCommitted(uint32 indexed ceremony, OperatorId indexed dealer, bytes32 packageHash);

    /// @notice A dealer showed its package: commitments to its polynomial, and proof that it knows the first secret.
    event PackageRevealed(uint32 indexed ceremony, OperatorId indexed dealer, bytes32[] commitment, bytes proof);

    /// @notice A member got nothing good from a dealer. `key` is the X-Wing key to seal to.
    event Complained(
        uint32 indexed ceremony,
        OperatorId indexed dealer,
        OperatorId indexed member,
        uint8 level,
        bytes key
    );

    /// @notice The dealer answered: at level 2 with the sealed share, at level 4 with the share in clear.
    event Answered(
        uint32 indexed ceremony,
        OperatorId indexed dealer,
        OperatorId indexed member,
        uint8 level,
        bytes data
    );

    /// @notice A member accepted a result.
    event Accepted(uint32 indexed ceremony, OperatorId indexed member, bytes32 resultHash);

    /// @notice A member holds a party to be at fault.
    event ExclusionVoted(uint32 indexed ceremony, OperatorId indexed culprit, OperatorId indexed member);

    /// @notice A party was silent past its time, or k members hold it to be at fault. The ceremony goes on without it, or
    /// ends where a member had opened it.
    event Struck(uint32 indexed ceremony, OperatorId indexed operator, bool silent);

    /// @notice A ceremony is over without an epoch; see its state.
    event CeremonyEnded(uint32 indexed ceremony, CeremonyState state);

    /// @notice Every member accepted: the epoch serves.
    event Activated(uint32 indexed epoch, bytes32 groupKey);

    /// @notice Not 2 <= k <= members <= 16.
    error KeyCommitteeBadSize(uint16 k, uint256 members);
    /// @notice A step has between a minute and a week.
    error KeyCommitteeBadWindow(uint32 window);
    /// @notice A key, share or hash is missing.
    error KeyCommitteeEmptyField();
    /// @notice Not an active operator of a key node.
    error KeyCommitteeNotKeyNode(OperatorId operator);
    /// @notice An operator has two seats.
    error KeyCommitteeSeatTwice(OperatorId operator);
    /// @notice One organization, with all below it, would hold k seats: it could open records alone.
    error KeyCommitteeTooManySeats(OrganizationId organization, uint256 seats, uint16 k);
    /// @notice Fewer dealers than the epoch that serves needs, or a dealer without a seat in it.
    error KeyCommitteeBadDealers(uint256 dealers, uint16 needed);
    /// @notice The ceremony is over, or there is none.
    error KeyCommitteeNotOpen(uint32 ceremony);
    /// @notice The caller is no party to the ceremony in this part.
    error KeyCommitteeNotMember(address caller);
    /// @notice The step was taken already, or its turn has not come.
    error KeyCommitteeOutOfTurn(uint32 ceremony);
    /// @notice A member opens a refresh once a day at most, and none while a ceremony runs.
    error KeyCommitteeTooEarly(uint256 from);
    /// @notice The time of the step is over.
    error KeyCommitteeTooLate(uint32 ceremony, uint256 until);
    /// @notice The package is not the one that was committed to.
    error KeyCommitteeOtherPackage(bytes32 given, bytes32 committed);
    /// @notice The package has another threshold, or shares another secret than the dealer's share.
    error KeyCommitteeBadPackage(OperatorId dealer);
    /// @notice An answer is 32 bytes in clear, or at most 2,048 sealed; a key has at most 2,048.
    error KeyCommitteeBadLength(uint256 length);
    /// @notice A resharing keeps the group key.
    error KeyCommitteeKeyChanged(bytes32 given, bytes32 groupKey);
    /// @notice A transcript serves once.
    error KeyCommitteeTranscriptUsed(bytes32 transcriptHash);
    /// @notice Nobody is silent past its time.
    error KeyCommitteeNobodySilent(uint32 ceremony);

    /// @notice Opens the ceremony of the next epoch, ending one that runs. Only the administration.
    /// @dev A generation makes a new key, and every member deals (`dealers` is empty). A resharing keeps the key.
    function openCeremony(
        bool generation,
        uint16 k,
        OperatorId[] calldata dealers,
        OperatorId[] calldata members,
        uint32 window
    ) external returns (uint32 ceremony);

    /// @notice Opens a refresh: the members of the epoch that serves share its key anew among themselves, with the same k.
    /// By one of them, when no ceremony runs and the last one began a day ago or earlier; each step has an hour.
    /// @dev It costs nobody a seat: where another ceremony would begin again without a party, it fails.
    function openRefresh(OperatorId[] calldata dealers) external returns (uint32 ceremony);

    /// @notice Commits to a package: keccak256(abi.encode(ceremony, operator, commitment, proof)). By a dealer.
    function commit(uint32 ceremony, bytes32 packageHash) external;

    /// @notice Shows the package, once every dealer committed to one. By a dealer.
    function reveal(uint32 ceremony, bytes32[] calldata commitment, bytes calldata proof) external;

    /// @notice Says that nothing came from a dealer, or nothing that verifies; a second time, that its answer is bad too.
    function complain(uint32 ceremony, OperatorId dealer, bytes calldata key) external;

    /// @notice Answers a complaint: first with the sealed share, then with the share in clear. By the dealer.
    function answer(uint32 ceremony, OperatorId member, bytes calldata data) external;

    /// @notice Accepts the result; with the last member the epoch serves. By a member, once.
    /// @dev Warning: whoever accepts must hold its share on disk.
    function accept(
        uint32 ceremony,
        bytes32 groupKey,
        bytes32[] calldata verifyingShares,
        bytes32 transcriptHash
    ) external;

    /// @notice Holds a party to be at fault; k members together begin again without it, or end what a member opened. By a
    /// member that checked.
    function exclude(uint32 ceremony, OperatorId culprit) external;

    /// @notice Begins again without who is silent past its time, or ends what a member opened. By anyone.
    function beginAgain(uint32 ceremony) external;

    /// @notice The epoch that serves; 0 before the first.
    function activeEpoch() external view returns (uint32);

    /// @notice An epoch that serves or served; k is 0 where there is none.
    function epochOf(uint32 epoch) external view returns (Epoch memory);

    /// @notice Whether the operator has a seat in the epoch that serves.
    function isMember(OperatorId operator) external view returns (bool);

    /// @notice Whether the operator has a seat in the epoch that serves, or had one in an epoch before it.
    function hasServed(OperatorId operator) external view returns (bool);

    /// @notice The newest ceremony; 0 before the first.
    function latestCeremony() external view returns (uint32);

    /// @notice A ceremony, as it was opened, and what became of it.
    function ceremonyOf(uint32 ceremony) external view returns (Ceremony memory);

    /// @notice How far its parties are.
    function progressOf(uint32 ceremony) external view returns (Progress memory);

    /// @notice Its complaints, in the order of dealers and members.
    function complaintsOf(uint32 ceremony) external view returns (Complaint[] memory);

    /// @notice Who is silent past its time, as dealer and as member.
    function silentIn(uint32 ceremony) external view returns (OperatorId[] memory dealers, OperatorId[] memory members);
}
