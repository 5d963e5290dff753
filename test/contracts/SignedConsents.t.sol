// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Authorization, Consent, Decision, Query, Terms} from "../../contracts/types/Consents.sol";
import {NO_RECORD} from "../../contracts/types/Ids.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @title A world that signs
/// @notice Writes the messages of docs/spec/consent.md down once more, so that the contract is not its own witness.
abstract contract SigningWorld is World {
    bytes32 private constant _DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant _GRANT = keccak256(
        "Grant(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,uint40 from,uint40 until,uint16 purposes,uint32 categories,uint16 useLimit,uint256 nonce,uint40 signedAt,uint40 deadline)"
    );
    bytes32 private constant _REVOKE = keccak256(
        "Revoke(bytes32 pseudonym,address controller,bytes32 granteeId,bytes32 recordId,uint256 nonce,uint40 signedAt,uint40 deadline)"
    );

    function _terms() internal pure returns (Terms memory) {
        return Terms(0, type(uint40).max, 1, type(uint32).max, 0);
    }

    /// @dev A grant of every category, or its end, for the first pseudonym, signed by the i-th of the people.
    function _sign(
        uint256 signer,
        bool grants,
        bytes32 granteeId,
        Authorization memory by
    ) internal view returns (bytes memory) {
        bytes memory who = abi.encode(pseudonyms[0], people[2], granteeId, NO_RECORD);
        bytes memory once = abi.encode(by.nonce, by.signedAt, by.deadline);
        bytes memory message =
            grants ? bytes.concat(_GRANT, who, abi.encode(_terms()), once) : bytes.concat(_REVOKE, who, once);
        bytes32 domain = keccak256(
            abi.encode(_DOMAIN, keccak256("Sharewell"), keccak256("1"), block.chainid, address(consents))
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, keccak256(message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf(signer), digest);
        return abi.encodePacked(r, s, v);
    }
}

/// @title Acts that arrive late
/// @notice A patient and a stranger sign; a relayer carries what was signed when it likes, as often as it likes.
contract SignedConsentsHandler is SigningWorld {
    /// @dev What was signed, and by which of the people.
    struct Held {
        uint256 signer;
        uint256 grantee;
        bool grants;
        Authorization by;
    }

    Held[] private _held;
    bytes32[2] private _grantees;
    uint256[2] private _ended;
    uint256 private _endedAll;
    mapping(uint256 nonce => bool used) private _used;
    uint256 public intrusions;
    uint256 public undone;
    uint256 public replays;

    constructor() {
        for (uint256 g = 0; g < 2; ++g) _grantees[g] = consents.personId(people[3 + g], 0);
    }

    function sign(bool stranger, bool other, bool revocation, uint8 nonce, uint8 age) external {
        uint40 signedAt = uint40(block.timestamp - (age % 4));
        Held memory held = Held({
            signer: stranger ? 4 : 2,
            grantee: other ? 1 : 0,
            grants: !revocation,
            by: Authorization(40 + (nonce % 32), signedAt, signedAt + 900, "")
        });
        held.by.signature = _sign(held.signer, held.grants, _grantees[held.grantee], held.by);
        _held.push(held);
    }

    /// @notice Mostly the youngest.
    function carry(uint8 which) external {
        if (_held.length == 0) return;
        Held memory held = _held[_held.length - 1 - ((which % 3) % _held.length)];
        if (held.grants) {
            try consents.grantBySignature(pseudonyms[0], _grantees[held.grantee], NO_RECORD, _terms(), held.by) {
                _count(held);
                if (held.by.signedAt <= _ended[held.grantee] || held.by.signedAt <= _endedAll) ++undone;
            } catch {}
        } else {
            try consents.revokeBySignature(pseudonyms[0], _grantees[held.grantee], NO_RECORD, held.by) {
                _count(held);
                _ended[held.grantee] = block.timestamp;
            } catch {}
        }
    }

    function end(uint8 how, bool other) external {
        uint256 g = other ? 1 : 0;
        vm.prank(people[2]);
        if (how % 4 == 0) consents.revoke(pseudonyms[0], _grantees[g], NO_RECORD);
        else if (how % 4 == 1) consents.deny(pseudonyms[0], _grantees[g], NO_RECORD);
        else consents.revokeAll(pseudonyms[0], how % 4 == 2 ? _grantees[g] : bytes32(0));
        if (how % 4 == 3) _endedAll = block.timestamp;
        else _ended[g] = block.timestamp;
    }

    function cancel(uint8 nonce) external {
        vm.prank(people[2]);
        try consents.cancelNonce(pseudonyms[0], 40 + (nonce % 32)) {
            _used[40 + (nonce % 32)] = true;
        } catch {}
    }

    function wait(uint8 time) external {
        vm.warp(block.timestamp + (time % 4));
    }

    function _count(Held memory held) private {
        if (held.signer != 2) ++intrusions;
        if (_used[held.by.nonce]) ++replays;
        _used[held.by.nonce] = true;
    }
}

/// @title Signed consents, whenever and as often as they are carried
/// @notice Each invariant fails on the bug planted for it in mutants.test.ts.
contract SignedConsentsTest is SigningWorld {
    SignedConsentsHandler private _handler;
    bytes32 private _reader;

    function setUp() public {
        _handler = new SignedConsentsHandler();
        _reader = consents.personId(people[4], 0);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_onlyTheControllerSigns() external view {
        require(_handler.intrusions() == 0, "somebody else signed");
    }

    function invariant_aSignatureUndoesNothingLater() external view {
        require(_handler.undone() == 0, "a later decision is undone");
    }

    function invariant_aSignatureCountsOnce() external view {
        require(_handler.replays() == 0, "a nonce counted twice");
    }

    function testFuzz_isCarriedBetweenSigningAndDeadline(uint16 age, uint16 lasting) external {
        uint40 signedAt = uint40(block.timestamp - (age % 2_000));
        Authorization memory by = Authorization(40, signedAt, signedAt + (lasting % 1_800), "");
        by.signature = _sign(2, true, _reader, by);
        bool inTime = by.deadline >= block.timestamp && lasting % 1_800 <= 900;
        require(_carries(by) == inTime, "another time");
        require(_permitted() == inTime, "another decision");
    }

    function testFuzz_takesNoNonceBelowBit40(uint256 nonce) external {
        Authorization memory by = Authorization(nonce, uint40(block.timestamp), uint40(block.timestamp), "");
        by.signature = _sign(2, true, _reader, by);
        require(_carries(by) == (nonce & 0xff >= 40), "another nonce");
        require(!_carries(by), "twice");
    }

    function testFuzz_isBoundToEveryByteOfTheSignature(uint8 place, uint8 change) external {
        Authorization memory by = Authorization(40, uint40(block.timestamp), uint40(block.timestamp), "");
        by.signature = _sign(2, true, _reader, by);
        by.signature[place % 65] ^= bytes1(change);
        require(_carries(by) == (change == 0), "another signature");
    }

    function testFuzz_showsWhichNoncesAreUsed(uint256 nonce, uint40 later) external {
        nonce |= 0x80;
        vm.prank(people[2]);
        consents.cancelNonce(pseudonyms[0], nonce);
        vm.warp(block.timestamp + later);
        vm.prank(people[2]);
        consents.revokeAll(pseudonyms[0], 0);
        uint256 none = type(uint40).max;
        require(consents.noncesOf(pseudonyms[0], nonce >> 8) == none | (1 << (nonce & 0xff)), "another word");
        require(consents.floorOf(pseudonyms[0], 0) == uint40(block.timestamp), "another floor");
    }

    function testFuzz_grantsABatchAsOneByOne(uint40 from, uint40 until, uint8 purposes, uint32 categories) external {
        Terms memory terms = Terms(from, until, purposes, categories, 0);
        Consent[] memory batch = new Consent[](1);
        uint256 word = from | (uint256(until) << 40) | (uint256(purposes) << 80) | (uint256(categories) << 96);
        batch[0] = Consent(_reader, NO_RECORD, word);
        vm.prank(people[2]);
        try consents.grantMany(pseudonyms[0], batch) {
            bytes32 key = consents.keyOf(pseudonyms[0], _reader, NO_RECORD);
            bytes32 once = keccak256(abi.encode(consents.slotOf(key)));
            vm.prank(people[2]);
            consents.grant(pseudonyms[0], _reader, NO_RECORD, terms);
            require(once == keccak256(abi.encode(consents.slotOf(key))), "another slot");
        } catch {
            vm.prank(people[2]);
            try consents.grant(pseudonyms[0], _reader, NO_RECORD, terms) {
                revert("only one of them is refused");
            } catch Error(string memory reason) {
                revert(reason);
            } catch {}
        }
    }

    function _carries(Authorization memory by) private returns (bool) {
        try consents.grantBySignature(pseudonyms[0], _reader, NO_RECORD, _terms(), by) {
            return true;
        } catch {
            return false;
        }
    }

    function _permitted() private view returns (bool) {
        Query memory query = Query(pseudonyms[0], NO_RECORD, 3, people[4], 0, 0, uint40(block.timestamp));
        (Decision code, ) = consents.decide(query);
        return code == Decision.Permit;
    }
}
