// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConsentState, Slot, Terms, Use} from "../../contracts/types/Consents.sol";
import {DelegationTerms} from "../../contracts/types/Delegations.sol";
import {NO_RECORD} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title Acts about uses and delegates
/// @notice A patient (2), who names another person (3) a delegate, and a reader (4), whose uses this handler counts as
/// the log of release requests does.
contract TermsHandler is World {
    bytes32 public immutable KEY;
    bytes32 private immutable _READER;
    DelegationTerms private _given;
    bool private _ended = true;
    uint256 private _limit;
    uint256 private _since;
    mapping(uint40 number => bool gone) private _gone;
    uint256 public overuses;
    uint256 public repeats;
    uint256 public intrusions;
    uint256 public excesses;

    constructor() {
        consents.attachLog();
        _READER = consents.personId(people[4], 0);
        KEY = consents.keyOf(pseudonyms[0], _READER, NO_RECORD);
    }

    function delegate(uint8 by, uint8 length, uint8 grants, uint8 categories) external {
        DelegationTerms memory terms = DelegationTerms(
            uint40(block.timestamp + 1 + (length % 60)),
            0,
            1 + (grants % 3),
            1 + (categories % 7)
        );
        address sender = people[by % 8 == 0 ? 3 : 2];
        vm.prank(sender);
        try delegations.delegate(pseudonyms[0], people[3], terms) {
            if (sender != people[2]) ++intrusions;
            (_given, _ended) = (terms, false);
        } catch {}
    }

    function end() external {
        vm.prank(people[2]);
        delegations.endDelegation(pseudonyms[0], people[3]);
        _ended = true;
    }

    function grant(bool asDelegate, uint8 length, uint8 purposes, uint8 categories, uint8 limit) external {
        uint40 until = uint40(block.timestamp + 1 + (length % 60));
        _grant(asDelegate, Terms(1, until, 1 + (purposes % 3), 1 + (categories % 7), limit % 4));
    }

    /// @notice The patient trusts the delegate with everything, denies, and the delegate consents all the same.
    function contradict(uint8 purposes, uint8 categories) external {
        uint40 until = uint40(block.timestamp + 60);
        DelegationTerms memory terms = DelegationTerms(until, 0, 3, 7);
        vm.prank(people[2]);
        try delegations.delegate(pseudonyms[0], people[3], terms) {
            (_given, _ended) = (terms, false);
        } catch {}
        _close(false, true);
        _grant(true, Terms(1, until, 1 + (purposes % 3), 1 + (categories % 7), 0));
    }

    function close(bool asDelegate, bool denying) external {
        _close(asDelegate, denying);
    }

    /// @notice A use, perhaps an old one, or one that is sent twice.
    function use(uint8 who, uint8 back, bool twice) external {
        uint40 counted = consents.slotOf(KEY).counted;
        uint40 number = back % 4 == 0 && counted != 0 ? counted - 1 : counted;
        address reader = people[who % 8 == 0 ? 3 : 4];
        _use(reader, number);
        if (twice) _use(reader, number);
    }

    function wait(uint8 time) external {
        vm.warp(block.timestamp + (time % 30));
    }

    function used() external view returns (bool) {
        Slot memory slot = consents.slotOf(KEY);
        return slot.used == _since;
    }

    function _grant(bool asDelegate, Terms memory terms) private {
        bool denied = consents.slotOf(KEY).state == ConsentState.Denied;
        vm.prank(people[asDelegate ? 3 : 2]);
        try consents.grant(pseudonyms[0], _READER, NO_RECORD, terms) {
            if (asDelegate && (denied || !_isWithin(terms))) ++excesses;
            (_limit, _since) = (terms.useLimit, 0);
        } catch {}
    }

    function _close(bool asDelegate, bool denying) private {
        bool denied = consents.slotOf(KEY).state == ConsentState.Denied;
        vm.prank(people[asDelegate ? 3 : 2]);
        if (denying) {
            try consents.deny(pseudonyms[0], _READER, NO_RECORD) {
                if (asDelegate) ++excesses;
            } catch {}
        } else {
            try consents.revoke(pseudonyms[0], _READER, NO_RECORD) {
                if (asDelegate && (denied || _ended || block.timestamp >= _given.until)) ++excesses;
            } catch {}
        }
    }

    function _use(address reader, uint40 number) private {
        Use memory one = Use(pseudonyms[0], NO_RECORD, 0, 0, 0, 255, number);
        try consents.countUse(reader, one) {
            if (reader != people[4]) ++intrusions;
            if (_gone[number]) ++repeats;
            _gone[number] = true;
            if (++_since > _limit) ++overuses;
        } catch {}
    }

    function _isWithin(Terms memory terms) private view returns (bool) {
        return
            !_ended &&
            block.timestamp < _given.until &&
            terms.until <= _given.until &&
            terms.purposes & ~_given.grants == 0 &&
            terms.categories & ~_given.categories == 0;
    }
}

/// @title Invariants of uses and delegates
contract TermsTest {
    TermsHandler private _handler;

    function setUp() public {
        _handler = new TermsHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_noConsentIsUsedMoreOftenThanItAllows() public view {
        require(_handler.overuses() == 0 && _handler.used(), "more uses than granted");
    }

    function invariant_aUseIsCountedOnce() public view {
        require(_handler.repeats() == 0, "a use counted again");
    }

    function invariant_nobodyActsForTheReaderOrTheController() public view {
        require(_handler.intrusions() == 0, "somebody else acted");
    }

    function invariant_aDelegateStaysWithinItsLimits() public view {
        require(_handler.excesses() == 0, "a delegate went beyond its limits");
    }
}
