import { toHex } from "../bytes.ts";
import {
  accountId,
  amount,
  boundedBytes,
  type Codec,
  type Infer,
  list,
  optional,
  publicKey,
  struct,
  timestamp,
} from "../codec/index.ts";
import { ModelsError } from "../errors.ts";
import { type AccountId, AMOUNT_MAX, type Digest, type Timestamp } from "../ids.ts";
import { isAcceptableKey } from "../keys/ed25519.ts";
import { GENESIS_TIME_MAX, SEATS_MAX, SOURCE_BYTES_MAX, VALIDATORS_MAX } from "../limits.ts";
import { type Problem, problemText } from "../problem.ts";
import { duplicateProblems } from "./duplicates.ts";
import {
  assetProblems,
  type Founders,
  type GenesisAsset,
  genesisAssets,
} from "./genesis-assets.ts";
import { ChainParameters, parameterProblems } from "./parameters.ts";

/** Founding validator: its account, its consensus key, and its stake in micro-tokens. */
export const GenesisValidator = struct("GenesisValidator", {
  id: accountId,
  key: publicKey,
  stake: amount,
});
export type GenesisValidator = Infer<typeof GenesisValidator>;

/** Founding account with its balance in micro-tokens. */
export const GenesisAccount = struct("GenesisAccount", { id: accountId, balance: amount });
export type GenesisAccount = Infer<typeof GenesisAccount>;

/** Source text whose intents the genesis block publishes. They are proved like any others. */
export const GenesisIntents = struct("GenesisIntents", { source: boundedBytes(SOURCE_BYTES_MAX) });
export type GenesisIntents = Infer<typeof GenesisIntents>;

/**
 * Initial state and parameters of a chain. Its digest identifies the chain and is part of
 * everything that is signed.
 */
export const Genesis: Codec<{
  /** Display name, at most 64 bytes of UTF-8. */
  readonly name: Uint8Array;
  readonly timestamp: Timestamp;
  readonly parameters: ChainParameters;
  readonly validators: readonly GenesisValidator[];
  readonly accounts: readonly GenesisAccount[];
  readonly assets: readonly GenesisAsset[];
  readonly intents: readonly GenesisIntents[];
  readonly faucet: AccountId | undefined;
}> = struct("Genesis", {
  name: boundedBytes(64),
  timestamp,
  parameters: ChainParameters,
  validators: list(GenesisValidator, VALIDATORS_MAX),
  accounts: list(GenesisAccount, 65_536),
  assets: genesisAssets,
  intents: list(GenesisIntents, 64),
  /** Account whose secret key is public, for local networks only. Undefined if there is none. */
  faucet: optional(accountId),
});
export type Genesis = Infer<typeof Genesis>;

/** Returns the hash that identifies the chain: the digest of the canonical genesis. */
export function hashGenesis(genesis: Genesis): Digest {
  return Genesis.digest(genesis);
}

/** Lists the problems of a genesis, one sentence each; empty if it is sound. */
export function findGenesisProblems(genesis: Genesis): readonly string[] {
  return genesisProblems(genesis).map(problemText);
}

/** Lists the problems of a genesis, with the paths of the values. */
export function genesisProblems(genesis: Genesis): readonly Problem[] {
  const { parameters, validators, accounts } = genesis;
  return [
    ...parameterProblems(parameters).map((problem) => ({
      ...problem,
      path: `parameters.${problem.path}`,
      involves: problem.involves.map((name) => `parameters.${name}`),
    })),
    ...validators.flatMap((validator, at) => [
      ...stakeProblems(validator, at, parameters),
      ...keyProblems(validator, at),
    ]),
    ...timeProblems(genesis),
    ...seatProblems(genesis),
    ...duplicateProblems(
      validators.map(({ id }, at) => ({ path: `validators[${at}].id`, value: toHex(id) })),
    ),
    ...duplicateProblems(
      validators.map(({ key }, at) => ({ path: `validators[${at}].key`, value: toHex(key) })),
    ),
    ...duplicateProblems(
      accounts.map(({ id }, at) => ({ path: `accounts[${at}].id`, value: toHex(id) })),
    ),
    ...assetProblems(genesis.assets, foundersOf(genesis)),
    ...supplyProblems(genesis),
  ];
}

/**
 * Returns a genesis that is sound.
 * @throws ModelsError `GENESIS` with all problems.
 */
export function checkGenesis(genesis: Genesis): Genesis {
  const problems = findGenesisProblems(genesis);
  if (problems.length === 0) return genesis;
  throw new ModelsError({ code: "GENESIS", problems });
}

function foundersOf({ accounts, validators }: Genesis): Founders {
  return {
    ids: new Set([...accounts, ...validators].map(({ id }) => toHex(id))),
    paths: [
      "accounts",
      ...accounts.map((_, at) => `accounts[${at}].id`),
      "validators",
      ...validators.map((_, at) => `validators[${at}].id`),
    ],
  };
}

/** Checks the timestamp, which a file calls `time`. */
function timeProblems({ timestamp }: Genesis): Problem[] {
  if (timestamp <= GENESIS_TIME_MAX) return [];
  const repair = `give at most ${GENESIS_TIME_MAX} ms: dates after it must be safe integers`;
  return [{ path: "time", what: `is ${timestamp} ms`, repair, involves: [] }];
}

function seatProblems({ validators }: Genesis): Problem[] {
  const path = "validators";
  if (validators.length === 0) {
    const repair = "name at least one, with id, key and stake";
    return [{ path, what: "is empty", repair, involves: [] }];
  }
  if (validators.length <= SEATS_MAX) return [];
  const what = `has ${validators.length} members`;
  return [{ path, what, repair: `name at most ${SEATS_MAX}`, involves: [] }];
}

function stakeProblems({ stake }: GenesisValidator, at: number, p: ChainParameters): Problem[] {
  if (stake >= p.minimumStake) return [];
  return [
    {
      path: `validators[${at}].stake`,
      what: `is ${stake} micro-tokens`,
      repair: `give at least minimumStake, ${p.minimumStake}`,
      involves: ["parameters.minimumStake"],
    },
  ];
}

function keyProblems({ key }: GenesisValidator, at: number): Problem[] {
  if (isAcceptableKey(key)) return [];
  return [
    {
      path: `validators[${at}].key`,
      what: `${toHex(key)} is not a usable Ed25519 key`,
      repair: "copy the validator's consensus key again",
      involves: [],
    },
  ];
}

/**
 * Checks the total supply. The problem names `emissionTotal`, because that is the value that can be
 * chosen freely.
 */
function supplyProblems({ parameters, validators, accounts }: Genesis): Problem[] {
  const total = [
    parameters.emissionTotal,
    ...validators.map(({ stake }) => stake),
    ...accounts.map(({ balance }) => balance),
  ].reduce<bigint>((sum, value) => sum + value, 0n);
  if (total <= AMOUNT_MAX) return [];
  return [
    {
      path: "parameters.emissionTotal",
      what: `and all stakes and balances are ${total} micro-tokens together`,
      repair: `keep the sum at or below 2^64-1, ${AMOUNT_MAX}`,
      involves: [
        ...validators.map((_, at) => `validators[${at}].stake`),
        ...accounts.map((_, at) => `accounts[${at}].balance`),
      ],
    },
  ];
}
