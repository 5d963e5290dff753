// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ActorRegistry} from "../../contracts/ActorRegistry.sol";
import {IActorRegistry} from "../../contracts/interfaces/IActorRegistry.sol";
import {Council} from "../../contracts/Council.sol";
import {IActorRegistry} from "../../contracts/interfaces/IActorRegistry.sol";
import {OrganizationKind} from "../../contracts/types/Actors.sol";
import {Call} from "../../contracts/types/Council.sol";
import {NO_ORGANIZATION, OperatorId, OrganizationId} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";

/// @title What proposals call
/// @notice Counts the calls by token. It also speaks for a member, and tries to confirm all others while it is called.
contract Probe {
    Council private _council;
    mapping(uint256 token => uint256 calls) public hits;
    bytes32[] private _ids;
    bool public reentered;

    function aim(Council council) external {
        _council = council;
    }

    function hear(bytes32 id) external {
        _ids.push(id);
    }

    function hit(uint256 token) external {
        ++hits[token];
        for (uint256 i = 0; i < _ids.length; ++i) {
            try _council.confirm(_ids[i]) {
                reentered = true;
            } catch {}
        }
    }
}

/// @title Acts of a council
/// @notice Five hospitals, the first four of them members at first, 3 of 4; the fourth one's account is the probe. Anyone
/// of ten accounts, the deployer among them, tries anything. The handler keeps its own account of who may what.
contract CouncilHandler {
    uint256 private constant _HOUSES = 5;
    uint256 private constant _PEOPLE = 10;

    enum Act {
        Hit,
        Add,
        Remove,
        Threshold,
        Rotate
    }

    struct Made {
        bytes32 id;
        Act act;
        uint256 value;
        uint256 token;
        uint256 time;
        bool done;
    }

    Council public council;
    Probe public probe;
    ActorRegistry private _actors;
    AccessManager private _manager;
    address[_PEOPLE] private _people;

    Made[] private _made;
    /// @dev Who confirmed for a house, in which of its terms: 0 for nobody.
    mapping(uint256 proposal => mapping(uint256 house => bytes32 voice)) private _voices;
    address[_HOUSES] private _accountOf;
    uint256[_HOUSES] private _term;
    bool[_HOUSES] private _member;
    uint256 private _terms;
    uint256 private _k = 3;

    bool public actedTooEarly;
    bool public actedTwice;
    bool public actedAlone;

    constructor() {
        vm.warp(1_800_000_000);
        _manager = new AccessManager(address(this));
        _actors = new ActorRegistry(address(_manager));
        probe = new Probe();
        OrganizationId[] memory founders = new OrganizationId[](4);
        for (uint160 i = 0; i < _PEOPLE; ++i) _people[i] = address(0xACC0 + i);
        _people[3] = address(probe);
        _people[9] = address(this);
        for (uint256 i = 0; i < _HOUSES; ++i) {
            _actors.registerOrganization(_house(i), OrganizationKind.Hospital, NO_ORGANIZATION, _people[i], "file");
            _accountOf[i] = _people[i];
            if (i < 4) (founders[i], _member[i], _term[i]) = (_house(i), true, ++_terms);
        }
        council = new Council(_actors, founders, 3);
        probe.aim(council);
        _manager.grantRole(0, address(council), 0);
        _manager.renounceRole(0, address(this));
    }

    /// @notice Whoever may, from `first` on.
    function propose(uint256 first, uint256 act, uint256 value) public {
        Made memory made = Made(0, Act(act % 6 < 5 ? act % 6 : 4), value, _made.length + 1, block.timestamp, false);
        Call[] memory calls = new Call[](1);
        calls[0] = _callOf(made);
        for (uint256 i = 0; i < _PEOPLE; ++i) {
            address person = _people[((first % _PEOPLE) + i) % _PEOPLE];
            vm.prank(person);
            try council.propose(calls, bytes32(made.token)) returns (bytes32 id) {
                made.id = id;
                probe.hear(id);
                _made.push(made);
                return _note(_made.length - 1, person);
            } catch {}
        }
    }

    function confirm(uint256 who, uint256 which) public {
        if (_made.length == 0) return;
        which = which % _made.length;
        (uint256 hits, bool done) = _state(which);
        vm.prank(_people[who % _PEOPLE]);
        try council.confirm(_made[which].id) {
            _note(which, _people[who % _PEOPLE]);
            _judge(which, hits, done);
        } catch {}
    }

    function execute(uint256 who, uint256 which) external {
        if (_made.length == 0) return;
        which = which % _made.length;
        (uint256 hits, bool done) = _state(which);
        vm.prank(_people[who % _PEOPLE]);
        try council.execute(_made[which].id) {
            _judge(which, hits, done);
        } catch {}
    }

    function revoke(uint256 who, uint256 which) external {
        if (_made.length == 0) return;
        which = which % _made.length;
        vm.prank(_people[who % _PEOPLE]);
        try council.revokeConfirmation(_made[which].id) {
            for (uint256 i = 0; i < _HOUSES; ++i) {
                if (_accountOf[i] == _people[who % _PEOPLE]) delete _voices[which][i];
            }
        } catch {}
    }

    /// @notice Everyone confirms a proposal, one after the other: else few would ever be executed.
    function settle(uint256 which, uint256 first) public {
        if (_made.length == 0) return;
        which = which % _made.length;
        for (uint256 i = 0; i < _PEOPLE && !_made[which].done; ++i) confirm((first % _PEOPLE) + i, which);
    }

    function agree(uint256 act, uint256 value, uint256 first) external {
        propose(first, act, value);
        settle(_made.length - 1, first);
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + (time % 6 days));
    }

    /// @notice Somebody does by itself what only the council does.
    function alone(uint256 who, uint256 what, uint256 value) external {
        address[3] memory targets = [address(council), address(_manager), address(_actors)];
        bytes memory data = _callOf(Made(0, Act(1 + (what % 4)), value, 0, 0, false)).data;
        bytes[3] memory more = [
            abi.encodeCall(Council.penalize, (OperatorId.wrap("node"), "fault")),
            abi.encodeCall(AccessManager.grantRole, (0, _people[who % _PEOPLE], 0)),
            abi.encodeCall(IActorRegistry.setOrganizationActive, (_house(value % _HOUSES), false))
        ];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(_people[who % _PEOPLE]);
            (bool done, ) = targets[i].call(data);
            vm.prank(_people[who % _PEOPLE]);
            (bool other, ) = targets[i].call(more[i]);
            if (done || other) actedAlone = true;
        }
    }

    /// @notice Whether the council counts as the handler does, for the newest proposals.
    function countsRight() external view returns (bool) {
        for (uint256 i = _made.length; i > 0 && i + 4 > _made.length; --i) {
            if (council.confirmationsOf(_made[i - 1].id).length != _voicesFor(i - 1)) return false;
        }
        return true;
    }

    function _callOf(Made memory made) private view returns (Call memory) {
        OrganizationId house = _house(made.value % _HOUSES);
        if (made.act == Act.Hit) return Call(address(probe), abi.encodeCall(Probe.hit, (made.token)));
        if (made.act == Act.Add) return Call(address(council), abi.encodeCall(Council.addMember, (house)));
        if (made.act == Act.Remove) return Call(address(council), abi.encodeCall(Council.removeMember, (house)));
        if (made.act == Act.Threshold) {
            return Call(address(council), abi.encodeCall(Council.setThreshold, (uint8(1 + (made.value % 6)))));
        }
        address account = _people[(made.value / 7) % _PEOPLE];
        return Call(address(_actors), abi.encodeCall(IActorRegistry.setOrganizationAccount, (house, account)));
    }

    function _state(uint256 which) private view returns (uint256, bool) {
        return (probe.hits(_made[which].token), council.proposalOf(_made[which].id).executed);
    }

    /// @dev A voice is of one account in one term: with either gone it is gone.
    function _note(uint256 which, address account) private {
        for (uint256 i = 0; i < _HOUSES; ++i) {
            if (_member[i] && _accountOf[i] == account) _voices[which][i] = keccak256(abi.encode(account, _term[i]));
        }
    }

    /// @dev What was executed just now: had it k voices, in time, for the first time?
    function _judge(uint256 which, uint256 hitsBefore, bool doneBefore) private {
        (uint256 hits, bool done) = _state(which);
        if (hits == hitsBefore && done == doneBefore) return;
        Made storage made = _made[which];
        if (made.done) actedTwice = true;
        made.done = true;
        if (_voicesFor(which) < _k || block.timestamp >= made.time + 30 days) actedTooEarly = true;
        uint256 house = made.value % _HOUSES;
        if (made.act == Act.Add) (_member[house], _term[house]) = (true, ++_terms);
        if (made.act == Act.Remove) _member[house] = false;
        if (made.act == Act.Threshold) _k = 1 + (made.value % 6);
        if (made.act == Act.Rotate) _accountOf[house] = _people[(made.value / 7) % _PEOPLE];
    }

    function _voicesFor(uint256 which) private view returns (uint256 voices) {
        for (uint256 i = 0; i < _HOUSES; ++i) {
            bytes32 voice = keccak256(abi.encode(_accountOf[i], _term[i]));
            if (_member[i] && _voices[which][i] == voice) ++voices;
        }
    }

    function _house(uint256 i) private pure returns (OrganizationId) {
        return OrganizationId.wrap(bytes16(uint128(i + 1)));
    }
}

/// @title The council, whoever tries whatever
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract CouncilTest {
    CouncilHandler private _handler;

    function setUp() public {
        _handler = new CouncilHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_nothingHappensWithoutKMembers() external view {
        require(!_handler.actedTooEarly(), "too few voices");
        require(_handler.countsRight(), "counted another's voice");
    }

    function invariant_aProposalIsExecutedOnce() external view {
        require(!_handler.actedTwice(), "executed twice");
    }

    function invariant_theCouncilCanAlwaysDecide() external view {
        Council council = _handler.council();
        (uint256 k, OrganizationId[] memory members) = (council.threshold(), council.members());
        require(k >= 2 && k <= members.length && 2 * k > members.length, "no working quorum");
        for (uint256 i = 0; i < members.length; ++i) {
            for (uint256 j = 0; j < i; ++j) require(members[i] != members[j], "two seats");
        }
    }

    function invariant_nobodyActsAlone() external view {
        require(!_handler.actedAlone(), "acted alone");
    }

    function invariant_nothingIsConfirmedFromWithin() external view {
        require(!_handler.probe().reentered(), "reentered");
    }
}
