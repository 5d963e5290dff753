// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {FaultKind, Frame, Leaf, ShareResponse, Standing} from "../types/Faults.sol";
import {OperatorId} from "../types/Ids.sol";

/// @title Fault reports
/// @notice Counts the proven lies of operators. Anybody reports; the contract judges, and takes nobody's word.
/// @dev It punishes nobody: the council's `penalize` names a fault's id. What convicts: docs/spec/faults.md.
interface IFaultReports {
    /// @notice `operator` signed what is false about chunk `i` (of share `j`; 0 for a frame) of a manifest.
    event FaultReported(
        OperatorId indexed operator,
        bytes32 indexed fault,
        FaultKind kind,
        bytes32 manifestHash,
        uint16 j,
        uint32 i,
        address reporter
    );

    /// @notice No such operator.
    error FaultReportsUnknownOperator(OperatorId operator);
    /// @notice The operator's account did not sign it.
    error FaultReportsNotSigned(OperatorId operator);
    /// @notice The operator signed the right digest.
    error FaultReportsNoLie(bytes32 digest);
    /// @notice The leaf does not stand under the root at this place.
    error FaultReportsBadPath(bytes32 root);
    /// @notice These bytes are not the manifest that the operator signed for.
    error FaultReportsOtherManifest(bytes32 expected, bytes32 given);
    /// @notice The bytes are no manifest, or one without the field.
    error FaultReportsBadManifest();
    /// @notice This fault counts already.
    error FaultReportsTwice(bytes32 fault);

    /// @notice Reports a storage node that signed another digest than that of chunk i of share j.
    /// @dev The response names the root itself: a node signs only after it compared the list of the share with it. `chunks`
    /// need not be believed: each leaf holds its own numbers, so no other path leads from (j, i) to the root.
    function reportShare(
        OperatorId operator,
        ShareResponse calldata response,
        bytes calldata signature,
        Leaf calldata leaf
    ) external returns (bytes32 fault);

    /// @notice Reports a reconstructor that signed another digest than that of chunk i.
    /// @param manifest The signed manifest: it holds the root.
    function reportFrame(
        OperatorId operator,
        Frame calldata frame,
        bytes calldata signature,
        Leaf calldata leaf,
        bytes calldata manifest
    ) external returns (bytes32 fault);

    /// @notice How an operator stands, whether or not it is active.
    function standingOf(OperatorId operator) external view returns (Standing memory);

    /// @notice Whether this fault was reported.
    function isReported(bytes32 fault) external view returns (bool);

    /// @notice The id of a fault: the same lie is one fault, however often it was signed. `j` is 0 for a frame.
    function faultIdOf(
        FaultKind kind,
        OperatorId operator,
        bytes32 manifestHash,
        uint16 j,
        uint32 i
    ) external pure returns (bytes32);
}
