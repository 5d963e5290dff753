// Written by `npm run generate` from the contracts; do not edit.

export const accessLogAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      },
      {
        "internalType": "contract IPatientRegistry",
        "name": "patients",
        "type": "address"
      },
      {
        "internalType": "contract IKeyCommittee",
        "name": "committee",
        "type": "address"
      },
      {
        "internalType": "contract IConsentRegistry",
        "name": "consents",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "entries",
        "type": "uint256"
      }
    ],
    "name": "AccessLogBadBatch",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "purpose",
        "type": "uint8"
      }
    ],
    "name": "AccessLogBadPurpose",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "categories",
        "type": "uint32"
      }
    ],
    "name": "AccessLogBadScope",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "requestHash",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "reader",
        "type": "address"
      }
    ],
    "name": "AccessLogBadSignature",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      }
    ],
    "name": "AccessLogDeadlineOver",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "AccessLogEmptyHash",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "AccessLogNotAttested",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "AccessLogNotKeyNode",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "AccessLogUnknownPseudonym",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "CheckpointsEmptyField",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      }
    ],
    "name": "CheckpointsInFuture",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "CheckpointsNotKeyNode",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "given",
        "type": "uint32"
      },
      {
        "internalType": "uint32",
        "name": "expected",
        "type": "uint32"
      }
    ],
    "name": "CheckpointsWrongEpoch",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "indexed": false,
        "internalType": "uint64",
        "name": "size",
        "type": "uint64"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "root",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "r",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "z",
        "type": "bytes32"
      }
    ],
    "name": "Checkpointed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "epoch",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "uint16",
        "name": "k",
        "type": "uint16"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "transcriptHash",
        "type": "bytes32"
      }
    ],
    "name": "LogKeyConfirmed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "requestHash",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "sender",
        "type": "address"
      }
    ],
    "name": "ReleaseRequested",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "requestHash",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "Released",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "reader",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint8",
        "name": "purpose",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "categories",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "noteHash",
        "type": "bytes32"
      }
    ],
    "name": "Requested",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "requestHash",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "consentKey",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "number",
        "type": "uint40"
      }
    ],
    "name": "UseCounted",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "internalType": "uint64",
        "name": "size",
        "type": "uint64"
      },
      {
        "internalType": "bytes32",
        "name": "root",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "r",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "z",
        "type": "bytes32"
      }
    ],
    "name": "checkpoint",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "epoch",
        "type": "uint32"
      },
      {
        "internalType": "uint16",
        "name": "k",
        "type": "uint16"
      },
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "transcriptHash",
        "type": "bytes32"
      }
    ],
    "name": "confirmLogKey",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "requestHash",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "credentialId",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "level",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint40",
            "name": "number",
            "type": "uint40"
          }
        ],
        "internalType": "struct Use",
        "name": "use",
        "type": "tuple"
      }
    ],
    "name": "logCountedRequest",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "requestHash",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "credentialId",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "level",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint40",
            "name": "number",
            "type": "uint40"
          }
        ],
        "internalType": "struct Use",
        "name": "use",
        "type": "tuple"
      },
      {
        "internalType": "address",
        "name": "reader",
        "type": "address"
      },
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "logCountedRequestBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "requestHash",
        "type": "bytes32"
      }
    ],
    "name": "logReleaseRequest",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32[]",
        "name": "requestHashes",
        "type": "bytes32[]"
      }
    ],
    "name": "logReleased",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "uint8",
        "name": "purpose",
        "type": "uint8"
      },
      {
        "internalType": "uint32",
        "name": "categories",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "noteHash",
        "type": "bytes32"
      }
    ],
    "name": "request",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const

export const accessManagerAbi = [
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "initialAdmin",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      }
    ],
    "name": "AccessManagerAlreadyScheduled",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "AccessManagerBadConfirmation",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      }
    ],
    "name": "AccessManagerExpired",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "initialAdmin",
        "type": "address"
      }
    ],
    "name": "AccessManagerInvalidInitialAdmin",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      }
    ],
    "name": "AccessManagerLockedRole",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      }
    ],
    "name": "AccessManagerNotReady",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      }
    ],
    "name": "AccessManagerNotScheduled",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "msgsender",
        "type": "address"
      },
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      }
    ],
    "name": "AccessManagerUnauthorizedAccount",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes4",
        "name": "selector",
        "type": "bytes4"
      }
    ],
    "name": "AccessManagerUnauthorizedCall",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "msgsender",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes4",
        "name": "selector",
        "type": "bytes4"
      }
    ],
    "name": "AccessManagerUnauthorizedCancel",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      }
    ],
    "name": "AccessManagerUnauthorizedConsume",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      }
    ],
    "name": "AddressEmptyCode",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "FailedCall",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "balance",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "needed",
        "type": "uint256"
      }
    ],
    "name": "InsufficientBalance",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "bits",
        "type": "uint8"
      },
      {
        "internalType": "uint256",
        "name": "value",
        "type": "uint256"
      }
    ],
    "name": "SafeCastOverflowedUintDowncast",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "nonce",
        "type": "uint32"
      }
    ],
    "name": "OperationCanceled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "nonce",
        "type": "uint32"
      }
    ],
    "name": "OperationExecuted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "nonce",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "schedule",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      }
    ],
    "name": "OperationScheduled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "admin",
        "type": "uint64"
      }
    ],
    "name": "RoleAdminChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "delay",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "since",
        "type": "uint48"
      }
    ],
    "name": "RoleGrantDelayChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "delay",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "since",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "newMember",
        "type": "bool"
      }
    ],
    "name": "RoleGranted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "guardian",
        "type": "uint64"
      }
    ],
    "name": "RoleGuardianChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "indexed": false,
        "internalType": "string",
        "name": "label",
        "type": "string"
      }
    ],
    "name": "RoleLabel",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "RoleRevoked",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "delay",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "since",
        "type": "uint48"
      }
    ],
    "name": "TargetAdminDelayUpdated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "closed",
        "type": "bool"
      }
    ],
    "name": "TargetClosed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bytes4",
        "name": "selector",
        "type": "bytes4"
      },
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      }
    ],
    "name": "TargetFunctionRoleUpdated",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "ADMIN_ROLE",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "PUBLIC_ROLE",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes4",
        "name": "selector",
        "type": "bytes4"
      }
    ],
    "name": "canCall",
    "outputs": [
      {
        "internalType": "bool",
        "name": "immediate",
        "type": "bool"
      },
      {
        "internalType": "uint32",
        "name": "delay",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      }
    ],
    "name": "cancel",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      }
    ],
    "name": "consumeScheduledOp",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      }
    ],
    "name": "execute",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "payable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "expiration",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "getAccess",
    "outputs": [
      {
        "internalType": "uint48",
        "name": "since",
        "type": "uint48"
      },
      {
        "internalType": "uint32",
        "name": "currentDelay",
        "type": "uint32"
      },
      {
        "internalType": "uint32",
        "name": "pendingDelay",
        "type": "uint32"
      },
      {
        "internalType": "uint48",
        "name": "effect",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "getNonce",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      }
    ],
    "name": "getRoleAdmin",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      }
    ],
    "name": "getRoleGrantDelay",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      }
    ],
    "name": "getRoleGuardian",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "getSchedule",
    "outputs": [
      {
        "internalType": "uint48",
        "name": "",
        "type": "uint48"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      }
    ],
    "name": "getTargetAdminDelay",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes4",
        "name": "selector",
        "type": "bytes4"
      }
    ],
    "name": "getTargetFunctionRole",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "executionDelay",
        "type": "uint32"
      }
    ],
    "name": "grantRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "hasRole",
    "outputs": [
      {
        "internalType": "bool",
        "name": "isMember",
        "type": "bool"
      },
      {
        "internalType": "uint32",
        "name": "executionDelay",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      }
    ],
    "name": "hashOperation",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      }
    ],
    "name": "isTargetClosed",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "string",
        "name": "label",
        "type": "string"
      }
    ],
    "name": "labelRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "minSetback",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes[]",
        "name": "data",
        "type": "bytes[]"
      }
    ],
    "name": "multicall",
    "outputs": [
      {
        "internalType": "bytes[]",
        "name": "results",
        "type": "bytes[]"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "address",
        "name": "callerConfirmation",
        "type": "address"
      }
    ],
    "name": "renounceRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "revokeRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      },
      {
        "internalType": "uint48",
        "name": "when",
        "type": "uint48"
      }
    ],
    "name": "schedule",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "operationId",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "nonce",
        "type": "uint32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "uint32",
        "name": "newDelay",
        "type": "uint32"
      }
    ],
    "name": "setGrantDelay",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "uint64",
        "name": "admin",
        "type": "uint64"
      }
    ],
    "name": "setRoleAdmin",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      },
      {
        "internalType": "uint64",
        "name": "guardian",
        "type": "uint64"
      }
    ],
    "name": "setRoleGuardian",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "newDelay",
        "type": "uint32"
      }
    ],
    "name": "setTargetAdminDelay",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bool",
        "name": "closed",
        "type": "bool"
      }
    ],
    "name": "setTargetClosed",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "bytes4[]",
        "name": "selectors",
        "type": "bytes4[]"
      },
      {
        "internalType": "uint64",
        "name": "roleId",
        "type": "uint64"
      }
    ],
    "name": "setTargetFunctionRole",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "newAuthority",
        "type": "address"
      }
    ],
    "name": "updateAuthority",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const

export const actorRegistryAbi = [
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "manager",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "authority",
        "type": "address"
      }
    ],
    "name": "AccessManagedInvalidAuthority",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "delay",
        "type": "uint32"
      }
    ],
    "name": "AccessManagedRequiredDelay",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "AccessManagedUnauthorized",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "ActorAccountTaken",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "latest",
        "type": "uint40"
      }
    ],
    "name": "ActorBadEnd",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ActorEmptyField",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "ActorNotAttested",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "ActorNotOperator",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "ActorNotOrganization",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "ActorNotProvider",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "ActorOperatorExists",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "ActorOperatorUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "ActorOrganizationExists",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "ActorOrganizationInactive",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "ActorOrganizationUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "parent",
        "type": "bytes16"
      }
    ],
    "name": "ActorTooDeep",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "ActorTooManyAffiliations",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "roles",
        "type": "uint32"
      }
    ],
    "name": "ActorTooManyRoles",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "latest",
        "type": "uint40"
      }
    ],
    "name": "SessionBadEnd",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "SessionBadKey",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint16",
        "name": "purposes",
        "type": "uint16"
      }
    ],
    "name": "SessionBadPurposes",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "reader",
        "type": "address"
      }
    ],
    "name": "SessionBadSignature",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "SessionIsOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "SessionKeyUsed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "SessionNotYours",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "credentialId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "roles",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "directoryHash",
        "type": "bytes32"
      }
    ],
    "name": "Attested",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "address",
        "name": "authority",
        "type": "address"
      }
    ],
    "name": "AuthorityUpdated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "active",
        "type": "bool"
      }
    ],
    "name": "OperatorActiveSet",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "enum OperatorKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "string",
        "name": "endpoint",
        "type": "string"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "hpkeKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "OperatorSet",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "active",
        "type": "bool"
      }
    ],
    "name": "OrganizationActiveSet",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "enum OrganizationKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "OrganizationId",
        "name": "parent",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "directoryHash",
        "type": "bytes32"
      }
    ],
    "name": "OrganizationSet",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "credentialId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "Retracted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "reader",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "SessionEnded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "reader",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "key",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint16",
        "name": "purposes",
        "type": "uint16"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      }
    ],
    "name": "SessionOpened",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "key",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      }
    ],
    "name": "UploaderAuthorized",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "at",
        "type": "uint40"
      }
    ],
    "name": "affiliationOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "account",
            "type": "address"
          },
          {
            "internalType": "uint32",
            "name": "roles",
            "type": "uint32"
          },
          {
            "internalType": "bool",
            "name": "live",
            "type": "bool"
          },
          {
            "internalType": "OrganizationId[4]",
            "name": "path",
            "type": "bytes16[4]"
          }
        ],
        "internalType": "struct Affiliation",
        "name": "affiliation",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "internalType": "uint32",
        "name": "roles",
        "type": "uint32"
      },
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "internalType": "bytes32",
        "name": "directoryHash",
        "type": "bytes32"
      }
    ],
    "name": "attest",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "authority",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      },
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      }
    ],
    "name": "authorizeUploader",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "credentialId",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "credentialOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "account",
            "type": "address"
          },
          {
            "internalType": "uint32",
            "name": "roles",
            "type": "uint32"
          },
          {
            "internalType": "uint40",
            "name": "attestedAt",
            "type": "uint40"
          },
          {
            "internalType": "OrganizationId",
            "name": "organization",
            "type": "bytes16"
          },
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "bool",
            "name": "retracted",
            "type": "bool"
          },
          {
            "internalType": "bytes32",
            "name": "directoryHash",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Credential",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "credentialsOf",
    "outputs": [
      {
        "internalType": "bytes32[]",
        "name": "",
        "type": "bytes32[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "endSession",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "endSessionBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      }
    ],
    "name": "isActive",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "isAttested",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "isConsumingScheduledOp",
    "outputs": [
      {
        "internalType": "bytes4",
        "name": "",
        "type": "bytes4"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "at",
        "type": "uint40"
      }
    ],
    "name": "isCredentialLive",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "directoryHash",
        "type": "bytes32"
      }
    ],
    "name": "isListed",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      }
    ],
    "name": "isProvider",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "reader",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      },
      {
        "internalType": "uint8",
        "name": "purpose",
        "type": "uint8"
      },
      {
        "internalType": "uint40",
        "name": "at",
        "type": "uint40"
      }
    ],
    "name": "isSessionLive",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      },
      {
        "internalType": "uint16",
        "name": "purposes",
        "type": "uint16"
      },
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "internalType": "bytes",
        "name": "keySignature",
        "type": "bytes"
      }
    ],
    "name": "openSession",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "reader",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      },
      {
        "internalType": "uint16",
        "name": "purposes",
        "type": "uint16"
      },
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "internalType": "bytes",
        "name": "keySignature",
        "type": "bytes"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "openSessionBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "operatorIds",
    "outputs": [
      {
        "internalType": "OperatorId[]",
        "name": "",
        "type": "bytes16[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "id",
        "type": "bytes16"
      }
    ],
    "name": "operatorInfo",
    "outputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "account",
            "type": "address"
          },
          {
            "internalType": "enum OperatorKind",
            "name": "kind",
            "type": "uint8"
          },
          {
            "internalType": "bool",
            "name": "active",
            "type": "bool"
          },
          {
            "internalType": "OrganizationId",
            "name": "organization",
            "type": "bytes16"
          },
          {
            "internalType": "bytes32",
            "name": "hpkeKeyHash",
            "type": "bytes32"
          },
          {
            "internalType": "string",
            "name": "endpoint",
            "type": "string"
          }
        ],
        "internalType": "struct Operator",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "operatorOf",
    "outputs": [
      {
        "internalType": "OperatorId",
        "name": "",
        "type": "bytes16"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "organizationIds",
    "outputs": [
      {
        "internalType": "OrganizationId[]",
        "name": "",
        "type": "bytes16[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      }
    ],
    "name": "organizationOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "account",
            "type": "address"
          },
          {
            "internalType": "enum OrganizationKind",
            "name": "kind",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "depth",
            "type": "uint8"
          },
          {
            "internalType": "bool",
            "name": "active",
            "type": "bool"
          },
          {
            "internalType": "OrganizationId",
            "name": "parent",
            "type": "bytes16"
          },
          {
            "internalType": "bytes32",
            "name": "directoryHash",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Organization",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "providerOf",
    "outputs": [
      {
        "internalType": "OrganizationId",
        "name": "",
        "type": "bytes16"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "id",
        "type": "bytes16"
      },
      {
        "internalType": "enum OperatorKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "string",
        "name": "endpoint",
        "type": "string"
      },
      {
        "internalType": "bytes32",
        "name": "hpkeKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "registerOperator",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      },
      {
        "internalType": "enum OrganizationKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "internalType": "OrganizationId",
        "name": "parent",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "directoryHash",
        "type": "bytes32"
      }
    ],
    "name": "registerOrganization",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "retract",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      }
    ],
    "name": "rootOf",
    "outputs": [
      {
        "internalType": "OrganizationId",
        "name": "",
        "type": "bytes16"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "sessionOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "reader",
            "type": "address"
          },
          {
            "internalType": "uint16",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint40",
            "name": "since",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          }
        ],
        "internalType": "struct Session",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "newAuthority",
        "type": "address"
      }
    ],
    "name": "setAuthority",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      },
      {
        "internalType": "bytes32",
        "name": "directoryHash",
        "type": "bytes32"
      }
    ],
    "name": "setDirectoryHash",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "id",
        "type": "bytes16"
      },
      {
        "internalType": "bool",
        "name": "active",
        "type": "bool"
      }
    ],
    "name": "setOperatorActive",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "id",
        "type": "bytes16"
      },
      {
        "internalType": "string",
        "name": "endpoint",
        "type": "string"
      },
      {
        "internalType": "bytes32",
        "name": "hpkeKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "setOperatorEndpoint",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "setOrganizationAccount",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "id",
        "type": "bytes16"
      },
      {
        "internalType": "bool",
        "name": "active",
        "type": "bool"
      }
    ],
    "name": "setOrganizationActive",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "staffOf",
    "outputs": [
      {
        "internalType": "address[]",
        "name": "",
        "type": "address[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "key",
        "type": "address"
      }
    ],
    "name": "uploaderOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "OrganizationId",
            "name": "organization",
            "type": "bytes16"
          },
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          }
        ],
        "internalType": "struct Uploader",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const auditsAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      },
      {
        "internalType": "contract IRecordRegistry",
        "name": "records",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "AuditsDrawnTwice",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "AuditsFull",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "AuditsNoBlock",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "house",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "AuditsNotAuditor",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "AuditsNotChallenger",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "AuditsNotNow",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "AuditsNotPromised",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "AuditsNotReconstructor",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "auditor",
        "type": "bytes16"
      }
    ],
    "name": "AuditsNotSigned",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "AuditsNotStanding",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "AuditsNotStorage",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "expected",
        "type": "bytes32"
      }
    ],
    "name": "AuditsOtherManifest",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      },
      {
        "internalType": "uint8",
        "name": "auditor",
        "type": "uint8"
      }
    ],
    "name": "AuditsSpokenTwice",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "AuditsTooFewAuditors",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "internalType": "uint40",
        "name": "notBefore",
        "type": "uint40"
      }
    ],
    "name": "AuditsTooSoon",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "AuditsUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "challenger",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "manifestHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint16",
        "name": "j",
        "type": "uint16"
      }
    ],
    "name": "AuditChallenged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "i",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "OperatorId[3]",
        "name": "auditors",
        "type": "bytes16[3]"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      }
    ],
    "name": "AuditDrawn",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "enum AuditOutcome",
        "name": "outcome",
        "type": "uint8"
      }
    ],
    "name": "AuditEnded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "fault",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "AuditFault",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "auditor",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "shown",
        "type": "bool"
      }
    ],
    "name": "AuditWord",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "house",
        "type": "bytes16"
      }
    ],
    "name": "AuditorEnrolled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "house",
        "type": "bytes16"
      }
    ],
    "name": "AuditorWithdrawn",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "auditOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "OperatorId",
            "name": "operator",
            "type": "bytes16"
          },
          {
            "internalType": "uint48",
            "name": "madeIn",
            "type": "uint48"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "uint32",
            "name": "chunks",
            "type": "uint32"
          },
          {
            "internalType": "enum AuditOutcome",
            "name": "outcome",
            "type": "uint8"
          },
          {
            "internalType": "OrganizationId",
            "name": "challenger",
            "type": "bytes16"
          },
          {
            "internalType": "uint16",
            "name": "j",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "i",
            "type": "uint32"
          },
          {
            "internalType": "uint8",
            "name": "shown",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "silent",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "spoken",
            "type": "uint8"
          },
          {
            "internalType": "OperatorId[3]",
            "name": "auditors",
            "type": "bytes16[3]"
          }
        ],
        "internalType": "struct Audit",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "auditors",
    "outputs": [
      {
        "internalType": "OrganizationId[]",
        "name": "houses",
        "type": "bytes16[]"
      },
      {
        "internalType": "OperatorId[]",
        "name": "operators",
        "type": "bytes16[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "manifestHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "placementHash",
            "type": "bytes32"
          },
          {
            "internalType": "uint16",
            "name": "index",
            "type": "uint16"
          },
          {
            "internalType": "bytes32",
            "name": "shareRoot",
            "type": "bytes32"
          },
          {
            "internalType": "uint64",
            "name": "size",
            "type": "uint64"
          },
          {
            "internalType": "uint40",
            "name": "time",
            "type": "uint40"
          }
        ],
        "internalType": "struct Acknowledgement",
        "name": "acknowledgement",
        "type": "tuple"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      },
      {
        "internalType": "bytes",
        "name": "manifest",
        "type": "bytes"
      },
      {
        "internalType": "bytes32",
        "name": "credential",
        "type": "bytes32"
      }
    ],
    "name": "challenge",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "draw",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "enroll",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      }
    ],
    "name": "faultIdOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "fault",
        "type": "bytes32"
      }
    ],
    "name": "isFault",
    "outputs": [
      {
        "internalType": "bool",
        "name": "yes",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "standingOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint32",
            "name": "shown",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "missed",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "faults",
            "type": "uint32"
          },
          {
            "internalType": "uint40",
            "name": "first",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "second",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "lastMissAt",
            "type": "uint40"
          }
        ],
        "internalType": "struct AuditStanding",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "audit",
        "type": "bytes32"
      },
      {
        "internalType": "bool",
        "name": "shown",
        "type": "bool"
      },
      {
        "internalType": "uint8",
        "name": "k",
        "type": "uint8"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "testify",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "house",
        "type": "bytes16"
      }
    ],
    "name": "withdraw",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const

export const breakGlassAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      },
      {
        "internalType": "contract IPatientRegistry",
        "name": "patients",
        "type": "address"
      },
      {
        "internalType": "contract IRecordRegistry",
        "name": "records",
        "type": "address"
      },
      {
        "internalType": "contract IKeyCommittee",
        "name": "committee",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "BreakGlassAlone",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "BreakGlassBadSignature",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      }
    ],
    "name": "BreakGlassDeadlineOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "latest",
        "type": "uint40"
      }
    ],
    "name": "BreakGlassDeadlineTooFar",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "BreakGlassEmptyField",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "BreakGlassNoVerdict",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "credentialId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "clinician",
        "type": "address"
      }
    ],
    "name": "BreakGlassNotEmergencyClinician",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "provider",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "guardian",
        "type": "address"
      }
    ],
    "name": "BreakGlassNotGuardian",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "BreakGlassNotItsRecord",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "name": "BreakGlassNotOpen",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "BreakGlassNotReviewer",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "BreakGlassNotYours",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "name": "BreakGlassNothingToReview",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "name": "BreakGlassOpenedBefore",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      },
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "name": "BreakGlassReviewOverdue",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "name": "BreakGlassStillOpen",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "BreakGlassUnknownPseudonym",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      }
    ],
    "name": "EmergencyBadKey",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "EmergencyBadOfficer",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "k",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "shares",
        "type": "uint256"
      }
    ],
    "name": "EmergencyBadSize",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "EmergencyConfirmedAlready",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "EmergencyNotInstitution",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "EmergencyNotKeyNode",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      }
    ],
    "name": "EmergencyTooManyOfficers",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "keyHash",
        "type": "bytes32"
      }
    ],
    "name": "EmergencyKeyConfirmed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "number",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "transcriptHash",
        "type": "bytes32"
      }
    ],
    "name": "EmergencyKeySet",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "clinician",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "guardian",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "reasonCommit",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "reviewBy",
        "type": "uint40"
      }
    ],
    "name": "GlassBroken",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "by",
        "type": "address"
      }
    ],
    "name": "GlassClosed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "reviewer",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "enum Verdict",
        "name": "verdict",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "findingCommit",
        "type": "bytes32"
      }
    ],
    "name": "GlassReviewed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "keyId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "address",
            "name": "account",
            "type": "address"
          },
          {
            "internalType": "bytes",
            "name": "publicKey",
            "type": "bytes"
          }
        ],
        "indexed": false,
        "internalType": "struct Officer[]",
        "name": "officers",
        "type": "tuple[]"
      }
    ],
    "name": "OfficersNamed",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "name": "closeBreakGlass",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint16",
        "name": "k",
        "type": "uint16"
      },
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32[]",
        "name": "verifyingShares",
        "type": "bytes32[]"
      },
      {
        "internalType": "bytes32",
        "name": "transcriptHash",
        "type": "bytes32"
      }
    ],
    "name": "confirmEmergencyKey",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "number",
        "type": "uint32"
      }
    ],
    "name": "emergencyKey",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint16",
            "name": "k",
            "type": "uint16"
          },
          {
            "internalType": "bytes32",
            "name": "groupKey",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "transcriptHash",
            "type": "bytes32"
          },
          {
            "internalType": "OperatorId[]",
            "name": "members",
            "type": "bytes16[]"
          },
          {
            "internalType": "bytes32[]",
            "name": "verifyingShares",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct EmergencyKey",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      }
    ],
    "name": "emergencyKeyNumber",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "number",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "emergencyKeys",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      },
      {
        "components": [
          {
            "internalType": "address",
            "name": "account",
            "type": "address"
          },
          {
            "internalType": "bytes",
            "name": "publicKey",
            "type": "bytes"
          }
        ],
        "internalType": "struct Officer[]",
        "name": "officers",
        "type": "tuple[]"
      }
    ],
    "name": "nameOfficers",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      }
    ],
    "name": "officersOf",
    "outputs": [
      {
        "internalType": "address[]",
        "name": "accounts",
        "type": "address[]"
      },
      {
        "internalType": "bytes32",
        "name": "keyId",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "address",
            "name": "clinician",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "credentialId",
            "type": "bytes32"
          },
          {
            "internalType": "address",
            "name": "guardian",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "reasonCommit",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "partKeyHash",
            "type": "bytes32"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          }
        ],
        "internalType": "struct Opening",
        "name": "opening",
        "type": "tuple"
      },
      {
        "internalType": "bytes",
        "name": "clinicianSignature",
        "type": "bytes"
      },
      {
        "internalType": "bytes",
        "name": "guardianSignature",
        "type": "bytes"
      }
    ],
    "name": "openBreakGlass",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "institution",
        "type": "bytes16"
      }
    ],
    "name": "overdueOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "credentialId",
        "type": "bytes32"
      },
      {
        "internalType": "enum Verdict",
        "name": "verdict",
        "type": "uint8"
      },
      {
        "internalType": "bytes32",
        "name": "findingCommit",
        "type": "bytes32"
      }
    ],
    "name": "reviewBreakGlass",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "windowId",
        "type": "bytes32"
      }
    ],
    "name": "windowOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "credentialId",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "reasonCommit",
            "type": "bytes32"
          },
          {
            "internalType": "address",
            "name": "clinician",
            "type": "address"
          },
          {
            "internalType": "uint40",
            "name": "openedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "closedAt",
            "type": "uint40"
          },
          {
            "internalType": "address",
            "name": "guardian",
            "type": "address"
          },
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "reviewBy",
            "type": "uint40"
          },
          {
            "internalType": "OrganizationId",
            "name": "institution",
            "type": "bytes16"
          },
          {
            "internalType": "enum Verdict",
            "name": "verdict",
            "type": "uint8"
          },
          {
            "internalType": "address",
            "name": "reviewer",
            "type": "address"
          },
          {
            "internalType": "uint40",
            "name": "reviewedAt",
            "type": "uint40"
          }
        ],
        "internalType": "struct Window",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "windowsOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "asClinician",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "asGuardian",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const consentRegistryAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IPatientRegistry",
        "name": "patients",
        "type": "address"
      },
      {
        "internalType": "contract IRecordRegistry",
        "name": "records",
        "type": "address"
      },
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      },
      {
        "internalType": "contract IDelegations",
        "name": "delegations",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      }
    ],
    "name": "ConsentAlreadyOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      }
    ],
    "name": "ConsentBadBatch",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "categories",
        "type": "uint32"
      }
    ],
    "name": "ConsentBadCategories",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "nonce",
        "type": "uint256"
      }
    ],
    "name": "ConsentBadNonce",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint16",
        "name": "purposes",
        "type": "uint16"
      }
    ],
    "name": "ConsentBadPurposes",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      }
    ],
    "name": "ConsentBadSignature",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "terms",
        "type": "uint256"
      }
    ],
    "name": "ConsentBadTerms",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "delegate",
        "type": "address"
      }
    ],
    "name": "ConsentBeyondDelegation",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ConsentBreakGlass",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      }
    ],
    "name": "ConsentDeadlineOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "latest",
        "type": "uint40"
      }
    ],
    "name": "ConsentDeadlineTooFar",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "ConsentDeniedByController",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "from",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      }
    ],
    "name": "ConsentEmptyTime",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "log",
        "type": "address"
      }
    ],
    "name": "ConsentLogAttached",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ConsentNoGrantee",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "uint256",
        "name": "nonce",
        "type": "uint256"
      }
    ],
    "name": "ConsentNonceUsed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "credentialId",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "reader",
        "type": "address"
      }
    ],
    "name": "ConsentNotAffiliated",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "ConsentNotController",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "ConsentNotItsRecord",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "ConsentNotLog",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "signedAt",
        "type": "uint40"
      }
    ],
    "name": "ConsentNotYetSigned",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "ConsentNothingToCount",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "ConsentNothingToRevoke",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "signedAt",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "decidedAt",
        "type": "uint40"
      }
    ],
    "name": "ConsentOlder",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "number",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "counted",
        "type": "uint40"
      }
    ],
    "name": "ConsentUseTaken",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "ConsentUsedUp",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "Denied",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      }
    ],
    "name": "Granted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "log",
        "type": "address"
      }
    ],
    "name": "LogAttached",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "nonce",
        "type": "uint256"
      }
    ],
    "name": "NonceCancelled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "Revoked",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      }
    ],
    "name": "RevokedAll",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "attachLog",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "uint256",
        "name": "nonce",
        "type": "uint256"
      }
    ],
    "name": "cancelNonce",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "reader",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "credentialId",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "level",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "uint40",
            "name": "number",
            "type": "uint40"
          }
        ],
        "internalType": "struct Use",
        "name": "use",
        "type": "tuple"
      }
    ],
    "name": "countUse",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "categoryBit",
            "type": "uint8"
          },
          {
            "internalType": "address",
            "name": "reader",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "purpose",
            "type": "uint8"
          },
          {
            "internalType": "uint40",
            "name": "at",
            "type": "uint40"
          }
        ],
        "internalType": "struct Query",
        "name": "query",
        "type": "tuple"
      }
    ],
    "name": "decide",
    "outputs": [
      {
        "internalType": "enum Decision",
        "name": "code",
        "type": "uint8"
      },
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "categoryBit",
            "type": "uint8"
          },
          {
            "internalType": "address",
            "name": "reader",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "purpose",
            "type": "uint8"
          },
          {
            "internalType": "uint40",
            "name": "at",
            "type": "uint40"
          }
        ],
        "internalType": "struct Query",
        "name": "query",
        "type": "tuple"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "credentialId",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "level",
            "type": "uint8"
          },
          {
            "internalType": "uint8",
            "name": "role",
            "type": "uint8"
          },
          {
            "internalType": "bool",
            "name": "wide",
            "type": "bool"
          }
        ],
        "internalType": "struct Path",
        "name": "path",
        "type": "tuple"
      }
    ],
    "name": "decideAlong",
    "outputs": [
      {
        "internalType": "enum Decision",
        "name": "code",
        "type": "uint8"
      },
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "deny",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint256",
            "name": "nonce",
            "type": "uint256"
          },
          {
            "internalType": "uint40",
            "name": "signedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct Authorization",
        "name": "authorization",
        "type": "tuple"
      }
    ],
    "name": "denyBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      }
    ],
    "name": "floorOf",
    "outputs": [
      {
        "internalType": "uint40",
        "name": "",
        "type": "uint40"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "from",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "uint16",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "categories",
            "type": "uint32"
          },
          {
            "internalType": "uint16",
            "name": "useLimit",
            "type": "uint16"
          }
        ],
        "internalType": "struct Terms",
        "name": "terms",
        "type": "tuple"
      }
    ],
    "name": "grant",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "from",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "uint16",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "categories",
            "type": "uint32"
          },
          {
            "internalType": "uint16",
            "name": "useLimit",
            "type": "uint16"
          }
        ],
        "internalType": "struct Terms",
        "name": "terms",
        "type": "tuple"
      },
      {
        "components": [
          {
            "internalType": "uint256",
            "name": "nonce",
            "type": "uint256"
          },
          {
            "internalType": "uint40",
            "name": "signedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct Authorization",
        "name": "authorization",
        "type": "tuple"
      }
    ],
    "name": "grantBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "granteeId",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "uint256",
            "name": "terms",
            "type": "uint256"
          }
        ],
        "internalType": "struct Consent[]",
        "name": "consents",
        "type": "tuple[]"
      }
    ],
    "name": "grantMany",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "granteeId",
            "type": "bytes32"
          },
          {
            "internalType": "RecordId",
            "name": "recordId",
            "type": "bytes32"
          },
          {
            "internalType": "uint256",
            "name": "terms",
            "type": "uint256"
          }
        ],
        "internalType": "struct Consent[]",
        "name": "consents",
        "type": "tuple[]"
      },
      {
        "components": [
          {
            "internalType": "uint256",
            "name": "nonce",
            "type": "uint256"
          },
          {
            "internalType": "uint40",
            "name": "signedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct Authorization",
        "name": "authorization",
        "type": "tuple"
      }
    ],
    "name": "grantManyBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "internalType": "uint8",
        "name": "role",
        "type": "uint8"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      }
    ],
    "name": "groupId",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "keyOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "uint256",
        "name": "word",
        "type": "uint256"
      }
    ],
    "name": "noncesOf",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      }
    ],
    "name": "personId",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "revoke",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      }
    ],
    "name": "revokeAll",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint256",
            "name": "nonce",
            "type": "uint256"
          },
          {
            "internalType": "uint40",
            "name": "signedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct Authorization",
        "name": "authorization",
        "type": "tuple"
      }
    ],
    "name": "revokeAllBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "granteeId",
        "type": "bytes32"
      },
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint256",
            "name": "nonce",
            "type": "uint256"
          },
          {
            "internalType": "uint40",
            "name": "signedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct Authorization",
        "name": "authorization",
        "type": "tuple"
      }
    ],
    "name": "revokeBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "slotOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "from",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "uint16",
            "name": "purposes",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "categories",
            "type": "uint32"
          },
          {
            "internalType": "uint16",
            "name": "useLimit",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "used",
            "type": "uint16"
          },
          {
            "internalType": "uint40",
            "name": "changedAt",
            "type": "uint40"
          },
          {
            "internalType": "enum ConsentState",
            "name": "state",
            "type": "uint8"
          },
          {
            "internalType": "uint40",
            "name": "counted",
            "type": "uint40"
          }
        ],
        "internalType": "struct Slot",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const councilAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      },
      {
        "internalType": "OrganizationId[]",
        "name": "founders",
        "type": "bytes16[]"
      },
      {
        "internalType": "uint8",
        "name": "k",
        "type": "uint8"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      }
    ],
    "name": "AddressEmptyCode",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "calls",
        "type": "uint256"
      }
    ],
    "name": "CouncilBadBatch",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "k",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "members",
        "type": "uint256"
      }
    ],
    "name": "CouncilBadThreshold",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      },
      {
        "internalType": "OrganizationId",
        "name": "member",
        "type": "bytes16"
      }
    ],
    "name": "CouncilConfirmedTwice",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "CouncilMemberTwice",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "target",
        "type": "address"
      }
    ],
    "name": "CouncilNoContract",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "CouncilNoFault",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "CouncilNoSuchMember",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "CouncilNotAdmissible",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      },
      {
        "internalType": "OrganizationId",
        "name": "member",
        "type": "bytes16"
      }
    ],
    "name": "CouncilNotConfirmed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "CouncilNotItself",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "CouncilNotMember",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      }
    ],
    "name": "CouncilProposalExecuted",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      }
    ],
    "name": "CouncilProposalExists",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "end",
        "type": "uint40"
      }
    ],
    "name": "CouncilProposalOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      }
    ],
    "name": "CouncilProposalUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      },
      {
        "internalType": "uint256",
        "name": "confirmations",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "k",
        "type": "uint256"
      }
    ],
    "name": "CouncilTooFewConfirmations",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "FailedCall",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "balance",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "needed",
        "type": "uint256"
      }
    ],
    "name": "InsufficientBalance",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ReentrancyGuardReentrantCall",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "member",
        "type": "bytes16"
      }
    ],
    "name": "ConfirmationRevoked",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "member",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "Confirmed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      }
    ],
    "name": "Executed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "member",
        "type": "bytes16"
      }
    ],
    "name": "MemberAdded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "member",
        "type": "bytes16"
      }
    ],
    "name": "MemberRemoved",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "fault",
        "type": "bytes32"
      }
    ],
    "name": "OperatorPenalized",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "proposal",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "member",
        "type": "bytes16"
      }
    ],
    "name": "Proposed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "uint8",
        "name": "k",
        "type": "uint8"
      }
    ],
    "name": "ThresholdSet",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "addMember",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "confirm",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "confirmationsOf",
    "outputs": [
      {
        "internalType": "OrganizationId[]",
        "name": "confirming",
        "type": "bytes16[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "execute",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "memberOf",
    "outputs": [
      {
        "internalType": "OrganizationId",
        "name": "",
        "type": "bytes16"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "members",
    "outputs": [
      {
        "internalType": "OrganizationId[]",
        "name": "",
        "type": "bytes16[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "internalType": "bytes32",
        "name": "fault",
        "type": "bytes32"
      }
    ],
    "name": "penalize",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "proposalCount",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "target",
            "type": "address"
          },
          {
            "internalType": "bytes",
            "name": "data",
            "type": "bytes"
          }
        ],
        "internalType": "struct Call[]",
        "name": "calls",
        "type": "tuple[]"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      }
    ],
    "name": "proposalIdOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "first",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      }
    ],
    "name": "proposalIds",
    "outputs": [
      {
        "internalType": "bytes32[]",
        "name": "ids",
        "type": "bytes32[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "proposalOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "OrganizationId",
            "name": "proposer",
            "type": "bytes16"
          },
          {
            "internalType": "uint40",
            "name": "proposedAt",
            "type": "uint40"
          },
          {
            "internalType": "bool",
            "name": "executed",
            "type": "bool"
          },
          {
            "components": [
              {
                "internalType": "address",
                "name": "target",
                "type": "address"
              },
              {
                "internalType": "bytes",
                "name": "data",
                "type": "bytes"
              }
            ],
            "internalType": "struct Call[]",
            "name": "calls",
            "type": "tuple[]"
          }
        ],
        "internalType": "struct Proposal",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "address",
            "name": "target",
            "type": "address"
          },
          {
            "internalType": "bytes",
            "name": "data",
            "type": "bytes"
          }
        ],
        "internalType": "struct Call[]",
        "name": "calls",
        "type": "tuple[]"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      }
    ],
    "name": "propose",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      }
    ],
    "name": "removeMember",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "revokeConfirmation",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "k",
        "type": "uint8"
      }
    ],
    "name": "setThreshold",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "threshold",
    "outputs": [
      {
        "internalType": "uint8",
        "name": "",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const delegationsAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IPatientRegistry",
        "name": "patients",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "until",
        "type": "uint40"
      }
    ],
    "name": "DelegationAlreadyOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "DelegationBadDelegate",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint16",
        "name": "reads",
        "type": "uint16"
      },
      {
        "internalType": "uint16",
        "name": "grants",
        "type": "uint16"
      }
    ],
    "name": "DelegationBadPurposes",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      }
    ],
    "name": "DelegationBadSignature",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      }
    ],
    "name": "DelegationDeadlineOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "latest",
        "type": "uint40"
      }
    ],
    "name": "DelegationDeadlineTooFar",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DelegationNoCategories",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "DelegationNotController",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "signedAt",
        "type": "uint40"
      }
    ],
    "name": "DelegationNotYetSigned",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "uint40",
        "name": "signedAt",
        "type": "uint40"
      },
      {
        "internalType": "uint40",
        "name": "decidedAt",
        "type": "uint40"
      }
    ],
    "name": "DelegationOlder",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "delegation",
        "type": "uint256"
      }
    ],
    "name": "Delegated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "DelegationEnded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "uint16",
            "name": "reads",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "grants",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "categories",
            "type": "uint32"
          }
        ],
        "internalType": "struct DelegationTerms",
        "name": "terms",
        "type": "tuple"
      }
    ],
    "name": "delegate",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "uint16",
            "name": "reads",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "grants",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "categories",
            "type": "uint32"
          }
        ],
        "internalType": "struct DelegationTerms",
        "name": "terms",
        "type": "tuple"
      },
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "signedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct SignedAct",
        "name": "by",
        "type": "tuple"
      }
    ],
    "name": "delegateBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "delegationOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "until",
            "type": "uint40"
          },
          {
            "internalType": "uint16",
            "name": "reads",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "grants",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "categories",
            "type": "uint32"
          },
          {
            "internalType": "uint40",
            "name": "changedAt",
            "type": "uint40"
          }
        ],
        "internalType": "struct Delegation",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "endDelegation",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "components": [
          {
            "internalType": "uint40",
            "name": "signedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint40",
            "name": "deadline",
            "type": "uint40"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct SignedAct",
        "name": "by",
        "type": "tuple"
      }
    ],
    "name": "endDelegationBySignature",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "wordOf",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "word",
        "type": "uint256"
      },
      {
        "internalType": "bytes32",
        "name": "key",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const faultReportsAbi = [
  {
    "inputs": [
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      },
      {
        "internalType": "contract IRecordRegistry",
        "name": "records",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "FaultReportsBadManifest",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "root",
        "type": "bytes32"
      }
    ],
    "name": "FaultReportsBadPath",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "digest",
        "type": "bytes32"
      }
    ],
    "name": "FaultReportsNoLie",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "FaultReportsNotSigned",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "expected",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "given",
        "type": "bytes32"
      }
    ],
    "name": "FaultReportsOtherManifest",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "fault",
        "type": "bytes32"
      }
    ],
    "name": "FaultReportsTwice",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "FaultReportsUnknownOperator",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "fault",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "enum FaultKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "manifestHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint16",
        "name": "j",
        "type": "uint16"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "i",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "reporter",
        "type": "address"
      }
    ],
    "name": "FaultReported",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "enum FaultKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "internalType": "bytes32",
        "name": "manifestHash",
        "type": "bytes32"
      },
      {
        "internalType": "uint16",
        "name": "j",
        "type": "uint16"
      },
      {
        "internalType": "uint32",
        "name": "i",
        "type": "uint32"
      }
    ],
    "name": "faultIdOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "pure",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "fault",
        "type": "bytes32"
      }
    ],
    "name": "isReported",
    "outputs": [
      {
        "internalType": "bool",
        "name": "yes",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "manifestHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "jobId",
            "type": "bytes32"
          },
          {
            "internalType": "uint32",
            "name": "i",
            "type": "uint32"
          },
          {
            "internalType": "bytes32",
            "name": "digest",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Frame",
        "name": "frame",
        "type": "tuple"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "digest",
            "type": "bytes32"
          },
          {
            "internalType": "uint32",
            "name": "chunks",
            "type": "uint32"
          },
          {
            "internalType": "bytes32[]",
            "name": "path",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Leaf",
        "name": "leaf",
        "type": "tuple"
      },
      {
        "internalType": "bytes",
        "name": "manifest",
        "type": "bytes"
      }
    ],
    "name": "reportFrame",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "manifestHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "shareRoot",
            "type": "bytes32"
          },
          {
            "internalType": "uint16",
            "name": "j",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "i",
            "type": "uint32"
          },
          {
            "internalType": "bytes32",
            "name": "digest",
            "type": "bytes32"
          },
          {
            "internalType": "uint32",
            "name": "length",
            "type": "uint32"
          },
          {
            "internalType": "bytes32",
            "name": "nonce",
            "type": "bytes32"
          },
          {
            "internalType": "uint40",
            "name": "time",
            "type": "uint40"
          }
        ],
        "internalType": "struct ShareResponse",
        "name": "response",
        "type": "tuple"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      },
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "digest",
            "type": "bytes32"
          },
          {
            "internalType": "uint32",
            "name": "chunks",
            "type": "uint32"
          },
          {
            "internalType": "bytes32[]",
            "name": "path",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Leaf",
        "name": "leaf",
        "type": "tuple"
      }
    ],
    "name": "reportShare",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "standingOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint32",
            "name": "shares",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "frames",
            "type": "uint32"
          },
          {
            "internalType": "uint40",
            "name": "lastAt",
            "type": "uint40"
          }
        ],
        "internalType": "struct Standing",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const keyCommitteeAbi = [
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "manager",
        "type": "address"
      },
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "authority",
        "type": "address"
      }
    ],
    "name": "AccessManagedInvalidAuthority",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      },
      {
        "internalType": "uint32",
        "name": "delay",
        "type": "uint32"
      }
    ],
    "name": "AccessManagedRequiredDelay",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "AccessManagedUnauthorized",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "dealers",
        "type": "uint256"
      },
      {
        "internalType": "uint16",
        "name": "needed",
        "type": "uint16"
      }
    ],
    "name": "KeyCommitteeBadDealers",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "length",
        "type": "uint256"
      }
    ],
    "name": "KeyCommitteeBadLength",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "dealer",
        "type": "bytes16"
      }
    ],
    "name": "KeyCommitteeBadPackage",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint16",
        "name": "k",
        "type": "uint16"
      },
      {
        "internalType": "uint256",
        "name": "members",
        "type": "uint256"
      }
    ],
    "name": "KeyCommitteeBadSize",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "window",
        "type": "uint32"
      }
    ],
    "name": "KeyCommitteeBadWindow",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "KeyCommitteeEmptyField",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "given",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      }
    ],
    "name": "KeyCommitteeKeyChanged",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "KeyCommitteeNobodySilent",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "KeyCommitteeNotKeyNode",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "KeyCommitteeNotMember",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "KeyCommitteeNotOpen",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "given",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "committed",
        "type": "bytes32"
      }
    ],
    "name": "KeyCommitteeOtherPackage",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "KeyCommitteeOutOfTurn",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "KeyCommitteeSeatTwice",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "from",
        "type": "uint256"
      }
    ],
    "name": "KeyCommitteeTooEarly",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "internalType": "uint256",
        "name": "until",
        "type": "uint256"
      }
    ],
    "name": "KeyCommitteeTooLate",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "organization",
        "type": "bytes16"
      },
      {
        "internalType": "uint256",
        "name": "seats",
        "type": "uint256"
      },
      {
        "internalType": "uint16",
        "name": "k",
        "type": "uint16"
      }
    ],
    "name": "KeyCommitteeTooManySeats",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "transcriptHash",
        "type": "bytes32"
      }
    ],
    "name": "KeyCommitteeTranscriptUsed",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "member",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "resultHash",
        "type": "bytes32"
      }
    ],
    "name": "Accepted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "epoch",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      }
    ],
    "name": "Activated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "dealer",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "member",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "uint8",
        "name": "level",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      }
    ],
    "name": "Answered",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "address",
        "name": "authority",
        "type": "address"
      }
    ],
    "name": "AuthorityUpdated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "enum CeremonyState",
        "name": "state",
        "type": "uint8"
      }
    ],
    "name": "CeremonyEnded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "epoch",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "generation",
        "type": "bool"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "previous",
        "type": "uint32"
      }
    ],
    "name": "CeremonyOpened",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "dealer",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "member",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "uint8",
        "name": "level",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "bytes",
        "name": "key",
        "type": "bytes"
      }
    ],
    "name": "Complained",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "culprit",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "member",
        "type": "bytes16"
      }
    ],
    "name": "ExclusionVoted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "dealer",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "packageHash",
        "type": "bytes32"
      }
    ],
    "name": "PackageCommitted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "dealer",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bytes32[]",
        "name": "commitment",
        "type": "bytes32[]"
      },
      {
        "indexed": false,
        "internalType": "bytes",
        "name": "proof",
        "type": "bytes"
      }
    ],
    "name": "PackageRevealed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "indexed": true,
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "silent",
        "type": "bool"
      }
    ],
    "name": "Struck",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "groupKey",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32[]",
        "name": "verifyingShares",
        "type": "bytes32[]"
      },
      {
        "internalType": "bytes32",
        "name": "transcriptHash",
        "type": "bytes32"
      }
    ],
    "name": "accept",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "activeEpoch",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "internalType": "OperatorId",
        "name": "member",
        "type": "bytes16"
      },
      {
        "internalType": "bytes",
        "name": "data",
        "type": "bytes"
      }
    ],
    "name": "answer",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "authority",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "beginAgain",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "ceremonyOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint32",
            "name": "epoch",
            "type": "uint32"
          },
          {
            "internalType": "uint16",
            "name": "k",
            "type": "uint16"
          },
          {
            "internalType": "bool",
            "name": "generation",
            "type": "bool"
          },
          {
            "internalType": "bool",
            "name": "byMember",
            "type": "bool"
          },
          {
            "internalType": "enum CeremonyState",
            "name": "state",
            "type": "uint8"
          },
          {
            "internalType": "uint32",
            "name": "window",
            "type": "uint32"
          },
          {
            "internalType": "uint40",
            "name": "startedAt",
            "type": "uint40"
          },
          {
            "internalType": "uint64",
            "name": "startBlock",
            "type": "uint64"
          },
          {
            "internalType": "OperatorId[]",
            "name": "dealers",
            "type": "bytes16[]"
          },
          {
            "internalType": "OperatorId[]",
            "name": "members",
            "type": "bytes16[]"
          }
        ],
        "internalType": "struct Ceremony",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "packageHash",
        "type": "bytes32"
      }
    ],
    "name": "commit",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "internalType": "OperatorId",
        "name": "dealer",
        "type": "bytes16"
      },
      {
        "internalType": "bytes",
        "name": "key",
        "type": "bytes"
      }
    ],
    "name": "complain",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "complaintsOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "OperatorId",
            "name": "dealer",
            "type": "bytes16"
          },
          {
            "internalType": "OperatorId",
            "name": "member",
            "type": "bytes16"
          },
          {
            "internalType": "uint8",
            "name": "level",
            "type": "uint8"
          }
        ],
        "internalType": "struct Complaint[]",
        "name": "complaints",
        "type": "tuple[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "epoch",
        "type": "uint32"
      }
    ],
    "name": "epochOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint16",
            "name": "k",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "confirmations",
            "type": "uint16"
          },
          {
            "internalType": "bool",
            "name": "active",
            "type": "bool"
          },
          {
            "internalType": "bytes32",
            "name": "groupKey",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "transcriptHash",
            "type": "bytes32"
          },
          {
            "internalType": "OperatorId[]",
            "name": "members",
            "type": "bytes16[]"
          },
          {
            "internalType": "bytes32[]",
            "name": "verifyingShares",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Epoch",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "internalType": "OperatorId",
        "name": "culprit",
        "type": "bytes16"
      }
    ],
    "name": "exclude",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "hasServed",
    "outputs": [
      {
        "internalType": "bool",
        "name": "yes",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "isConsumingScheduledOp",
    "outputs": [
      {
        "internalType": "bytes4",
        "name": "",
        "type": "bytes4"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId",
        "name": "operator",
        "type": "bytes16"
      }
    ],
    "name": "isMember",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "latestCeremony",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bool",
        "name": "generation",
        "type": "bool"
      },
      {
        "internalType": "uint16",
        "name": "k",
        "type": "uint16"
      },
      {
        "internalType": "OperatorId[]",
        "name": "dealers",
        "type": "bytes16[]"
      },
      {
        "internalType": "OperatorId[]",
        "name": "members",
        "type": "bytes16[]"
      },
      {
        "internalType": "uint32",
        "name": "window",
        "type": "uint32"
      }
    ],
    "name": "openCeremony",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "OperatorId[]",
        "name": "dealers",
        "type": "bytes16[]"
      }
    ],
    "name": "openRefresh",
    "outputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "progressOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "bytes32[]",
            "name": "packages",
            "type": "bytes32[]"
          },
          {
            "internalType": "bool[]",
            "name": "revealed",
            "type": "bool[]"
          },
          {
            "internalType": "bytes32[]",
            "name": "accepted",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Progress",
        "name": "progress",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      },
      {
        "internalType": "bytes32[]",
        "name": "commitment",
        "type": "bytes32[]"
      },
      {
        "internalType": "bytes",
        "name": "proof",
        "type": "bytes"
      }
    ],
    "name": "reveal",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "newAuthority",
        "type": "address"
      }
    ],
    "name": "setAuthority",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint32",
        "name": "ceremony",
        "type": "uint32"
      }
    ],
    "name": "silentIn",
    "outputs": [
      {
        "internalType": "OperatorId[]",
        "name": "dealers",
        "type": "bytes16[]"
      },
      {
        "internalType": "OperatorId[]",
        "name": "members",
        "type": "bytes16[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const patientRegistryAbi = [
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "network",
        "type": "bytes32"
      },
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "GuardiansBadCircle",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      }
    ],
    "name": "GuardiansBadDeadline",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "guardian",
        "type": "address"
      }
    ],
    "name": "GuardiansBadSignature",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "GuardiansGuarded",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "GuardiansNobody",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "GuardiansNone",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "guardian",
        "type": "address"
      },
      {
        "internalType": "uint8",
        "name": "place",
        "type": "uint8"
      }
    ],
    "name": "GuardiansNotInCircle",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "GuardiansNothingWaits",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "circle",
        "type": "bytes32"
      }
    ],
    "name": "GuardiansOtherCircle",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "guardian",
        "type": "address"
      }
    ],
    "name": "GuardiansOutOfOrder",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "readyAt",
        "type": "uint40"
      }
    ],
    "name": "GuardiansRecoveryWaits",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "readyAt",
        "type": "uint40"
      }
    ],
    "name": "GuardiansTooEarly",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "given",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "needed",
        "type": "uint256"
      }
    ],
    "name": "GuardiansTooFew",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidShortString",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "PatientAlreadyRegistered",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      }
    ],
    "name": "PatientBadSignature",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PatientEmptyField",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "OrganizationId",
        "name": "provider",
        "type": "bytes16"
      }
    ],
    "name": "PatientNotAtProvider",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "PatientNotController",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "PatientUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "str",
        "type": "string"
      }
    ],
    "name": "StringTooLong",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "from",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "to",
        "type": "address"
      }
    ],
    "name": "ControllerRotated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [],
    "name": "EIP712DomainChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "circle",
        "type": "bytes32"
      }
    ],
    "name": "GuardiansInForce",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "circle",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint8",
        "name": "needed",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "bytes32[]",
        "name": "places",
        "type": "bytes32[]"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "readyAt",
        "type": "uint40"
      }
    ],
    "name": "GuardiansNamed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "enum PendingKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "round",
        "type": "uint48"
      },
      {
        "indexed": false,
        "internalType": "bool",
        "name": "byGuardians",
        "type": "bool"
      }
    ],
    "name": "PendingCancelled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "provider",
        "type": "bytes16"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "controller",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "selfKeyHash",
        "type": "bytes32"
      }
    ],
    "name": "Registered",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "from",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "to",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "enum PendingKind",
        "name": "kind",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "uint40",
        "name": "readyAt",
        "type": "uint40"
      },
      {
        "indexed": false,
        "internalType": "uint48",
        "name": "round",
        "type": "uint48"
      }
    ],
    "name": "RotationProposed",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "cancel",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      },
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "needed",
            "type": "uint8"
          },
          {
            "internalType": "bytes32[]",
            "name": "places",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Circle",
        "name": "circle",
        "type": "tuple"
      },
      {
        "components": [
          {
            "internalType": "address",
            "name": "guardian",
            "type": "address"
          },
          {
            "internalType": "uint8",
            "name": "place",
            "type": "uint8"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct Approval[]",
        "name": "approvals",
        "type": "tuple[]"
      }
    ],
    "name": "cancelByGuardians",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "circleOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "controllerOf",
    "outputs": [
      {
        "internalType": "address",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "eip712Domain",
    "outputs": [
      {
        "internalType": "bytes1",
        "name": "fields",
        "type": "bytes1"
      },
      {
        "internalType": "string",
        "name": "name",
        "type": "string"
      },
      {
        "internalType": "string",
        "name": "version",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "verifyingContract",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      },
      {
        "internalType": "uint256[]",
        "name": "extensions",
        "type": "uint256[]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "execute",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "needed",
            "type": "uint8"
          },
          {
            "internalType": "bytes32[]",
            "name": "places",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Circle",
        "name": "circle",
        "type": "tuple"
      }
    ],
    "name": "nameGuardians",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "networkId",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "pendingOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "enum PendingKind",
            "name": "kind",
            "type": "uint8"
          },
          {
            "internalType": "address",
            "name": "to",
            "type": "address"
          },
          {
            "internalType": "uint40",
            "name": "readyAt",
            "type": "uint40"
          },
          {
            "internalType": "uint48",
            "name": "round",
            "type": "uint48"
          },
          {
            "internalType": "bytes32",
            "name": "circle",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Pending",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "to",
        "type": "address"
      }
    ],
    "name": "proposeHandover",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "to",
        "type": "address"
      },
      {
        "internalType": "uint40",
        "name": "deadline",
        "type": "uint40"
      },
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "needed",
            "type": "uint8"
          },
          {
            "internalType": "bytes32[]",
            "name": "places",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct Circle",
        "name": "circle",
        "type": "tuple"
      },
      {
        "components": [
          {
            "internalType": "address",
            "name": "guardian",
            "type": "address"
          },
          {
            "internalType": "uint8",
            "name": "place",
            "type": "uint8"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "bytes",
            "name": "signature",
            "type": "bytes"
          }
        ],
        "internalType": "struct Approval[]",
        "name": "approvals",
        "type": "tuple[]"
      }
    ],
    "name": "proposeRecovery",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "providerOf",
    "outputs": [
      {
        "internalType": "OrganizationId",
        "name": "",
        "type": "bytes16"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "rho",
        "type": "bytes32"
      }
    ],
    "name": "pseudonymOf",
    "outputs": [
      {
        "internalType": "Pseudonym",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      },
      {
        "internalType": "bytes32",
        "name": "rho",
        "type": "bytes32"
      },
      {
        "internalType": "OrganizationId",
        "name": "provider",
        "type": "bytes16"
      },
      {
        "internalType": "bytes32",
        "name": "selfKeyHash",
        "type": "bytes32"
      },
      {
        "internalType": "bytes",
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "register",
    "outputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "controller",
        "type": "address"
      }
    ],
    "name": "rotateController",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "selfKeyHashOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const

export const recordRegistryAbi = [
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "network",
        "type": "bytes32"
      },
      {
        "internalType": "contract IActorRegistry",
        "name": "actors",
        "type": "address"
      },
      {
        "internalType": "contract IPatientRegistry",
        "name": "patients",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "RecordAlreadyAnchored",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint16",
        "name": "n",
        "type": "uint16"
      },
      {
        "internalType": "uint16",
        "name": "t",
        "type": "uint16"
      },
      {
        "internalType": "uint16",
        "name": "r",
        "type": "uint16"
      }
    ],
    "name": "RecordBadPolicy",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint8",
        "name": "category",
        "type": "uint8"
      }
    ],
    "name": "RecordCategoryOutOfRange",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "RecordEmptyHash",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "RecordIsErased",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "given",
        "type": "uint32"
      },
      {
        "internalType": "uint32",
        "name": "current",
        "type": "uint32"
      }
    ],
    "name": "RecordNotCurrentVersion",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "RecordNotDepositor",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "RecordNotEraser",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "given",
        "type": "uint32"
      },
      {
        "internalType": "uint32",
        "name": "expected",
        "type": "uint32"
      }
    ],
    "name": "RecordNotNextVersion",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      }
    ],
    "name": "RecordUnknown",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "OrganizationId",
        "name": "author",
        "type": "bytes16"
      },
      {
        "indexed": false,
        "internalType": "uint32",
        "name": "version",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "uint8",
        "name": "category",
        "type": "uint8"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "manifestHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "placementHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "ptCommit",
        "type": "bytes32"
      }
    ],
    "name": "Anchored",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      }
    ],
    "name": "Erased",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "version",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "placementHash",
        "type": "bytes32"
      }
    ],
    "name": "Relocated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "RecordId",
        "name": "recordId",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "internalType": "uint32",
        "name": "version",
        "type": "uint32"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "keyHeaderHash",
        "type": "bytes32"
      }
    ],
    "name": "Rewrapped",
    "type": "event"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "manifestHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "placementHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "ptCommit",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "category",
            "type": "uint8"
          },
          {
            "internalType": "uint16",
            "name": "n",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "t",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "r",
            "type": "uint16"
          }
        ],
        "internalType": "struct Anchor",
        "name": "deposit",
        "type": "tuple"
      }
    ],
    "name": "anchor",
    "outputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "erase",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "version",
        "type": "uint32"
      }
    ],
    "name": "manifestHashOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "networkId",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "pseudonymOf",
    "outputs": [
      {
        "internalType": "Pseudonym",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "salt",
        "type": "bytes32"
      }
    ],
    "name": "recordIdOf",
    "outputs": [
      {
        "internalType": "RecordId",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "recordOf",
    "outputs": [
      {
        "components": [
          {
            "internalType": "Pseudonym",
            "name": "pseudonym",
            "type": "bytes32"
          },
          {
            "internalType": "OrganizationId",
            "name": "author",
            "type": "bytes16"
          },
          {
            "internalType": "uint8",
            "name": "category",
            "type": "uint8"
          },
          {
            "internalType": "uint16",
            "name": "n",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "t",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "r",
            "type": "uint16"
          },
          {
            "internalType": "uint32",
            "name": "version",
            "type": "uint32"
          },
          {
            "internalType": "bool",
            "name": "erased",
            "type": "bool"
          },
          {
            "internalType": "bytes32",
            "name": "manifestHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "placementHash",
            "type": "bytes32"
          }
        ],
        "internalType": "struct Record",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "version",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "placementHash",
        "type": "bytes32"
      }
    ],
    "name": "relocate",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      },
      {
        "internalType": "uint32",
        "name": "version",
        "type": "uint32"
      },
      {
        "internalType": "bytes32",
        "name": "keyHeaderHash",
        "type": "bytes32"
      }
    ],
    "name": "rewrap",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      }
    ],
    "name": "scopeOf",
    "outputs": [
      {
        "internalType": "Pseudonym",
        "name": "pseudonym",
        "type": "bytes32"
      },
      {
        "internalType": "uint8",
        "name": "category",
        "type": "uint8"
      },
      {
        "internalType": "bool",
        "name": "erased",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "RecordId",
        "name": "id",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint32",
            "name": "version",
            "type": "uint32"
          },
          {
            "internalType": "bytes32",
            "name": "manifestHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "placementHash",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "ptCommit",
            "type": "bytes32"
          },
          {
            "internalType": "uint16",
            "name": "n",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "t",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "r",
            "type": "uint16"
          }
        ],
        "internalType": "struct Version",
        "name": "next",
        "type": "tuple"
      }
    ],
    "name": "supersede",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const
