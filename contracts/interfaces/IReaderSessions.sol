// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Session} from "../types/Actors.sol";

/// @title Reader sessions
/// @notice Keys that ask in their readers' stead for at most twelve hours, so that a shift costs one signature.
/// @dev A session key asks; it consents, vouches, and opens sessions for nobody. Those who take its signature ask here, at
/// the final and at the latest block, and check everything else as if the reader had signed (docs/spec/session.md).
interface IReaderSessions {
    /// @notice `key` signs requests of `reader` for `purposes` before `until`.
    event SessionOpened(address indexed reader, address indexed key, uint16 purposes, uint40 until);

    /// @notice The session of `key` is over before its time; `reader` is 0 where the key never had one.
    event SessionEnded(address indexed reader, address indexed key);

    /// @notice A key serves one session, once.
    error SessionKeyUsed(address key);
    /// @notice The key did not sign for exactly this session, or it is the reader's own account.
    error SessionBadKey(address key);
    /// @notice The reader did not sign for exactly this session.
    error SessionBadSignature(address reader);
    /// @notice The end lies in the past, or further away than `latest`.
    error SessionBadEnd(uint40 until, uint40 latest);
    /// @notice No purpose, an unknown one, or break-glass, for which a person signs each time.
    error SessionBadPurposes(uint16 purposes);
    /// @notice Neither the reader nor the key itself ends it.
    error SessionNotYours(address key);
    /// @notice The session is over already.
    error SessionIsOver(address key);

    /// @notice Lets `key` sign the caller's requests for `purposes` before `until` (at most 12 hours).
    /// @dev `keySignature` is the key's own EIP-712 signature of
    /// OpenSession(address reader,address key,uint16 purposes,uint40 until), so that nobody claims another's key.
    function openSession(address key, uint16 purposes, uint40 until, bytes calldata keySignature) external;

    /// @notice The same for a reader who signed the same OpenSession. By anyone; a contract account by ERC-1271.
    function openSessionBySignature(
        address reader,
        address key,
        uint16 purposes,
        uint40 until,
        bytes calldata keySignature,
        bytes calldata signature
    ) external;

    /// @notice Ends a session at once. By its reader or by its key; a key that has none yet will never have one.
    function endSession(address key) external;

    /// @notice The same for whoever signed EndSession(address key): the session's reader or its key. By anyone.
    function endSessionBySignature(address key, bytes calldata signature) external;

    /// @notice The session of a key, whether or not it is over; `until` is 0 where the key was never used.
    function sessionOf(address key) external view returns (Session memory);

    /// @notice Whether `key` may ask for `reader` and `purpose`, and `at` lies before its end.
    /// @dev Ask with the later of both clocks: a session that stands in a block has begun.
    function isSessionLive(address reader, address key, uint8 purpose, uint40 at) external view returns (bool);
}
