import { toHex } from "./bytes.ts";
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
} from "./codec/index.ts";
import { isAcceptableKey } from "./ed25519.ts";
import { ModelsError } from "./errors.ts";
import { type AccountId, AMOUNT_MAX, type Digest, type Timestamp } from "./ids.ts";
import { SOURCE_BYTES_MAX, VALIDATORS_MAX } from "./limits.ts";
import { ChainParameters, findParameterProblems } from "./parameters.ts";

/** A founding validator: the account that owns it, its consensus key, its stake in micro-tokens. */
export const GenesisValidator = struct("GenesisValidator", {
  id: accountId,
  key: publicKey,
  stake: amount,
});
export type GenesisValidator = Infer<typeof GenesisValidator>;

/** A founding account with its balance in micro-tokens. */
export const GenesisAccount = struct("GenesisAccount", { id: accountId, balance: amount });
export type GenesisAccount = Infer<typeof GenesisAccount>;

/** Source text of intents that are published, proved, in the genesis block. */
export const GenesisIntents = struct("GenesisIntents", { source: boundedBytes(SOURCE_BYTES_MAX) });
export type GenesisIntents = Infer<typeof GenesisIntents>;

/** Where a chain begins. Its digest names the chain and is part of everything that is signed. */
export const Genesis: Codec<{
  /** For people, at most 64 bytes of UTF-8. */
  readonly name: Uint8Array;
  readonly timestamp: Timestamp;
  readonly parameters: ChainParameters;
  readonly validators: readonly GenesisValidator[];
  readonly accounts: readonly GenesisAccount[];
  readonly intents: readonly GenesisIntents[];
  readonly faucet: AccountId | undefined;
}> = struct("Genesis", {
  name: boundedBytes(64),
  timestamp,
  parameters: ChainParameters,
  validators: list(GenesisValidator, VALIDATORS_MAX),
  accounts: list(GenesisAccount, 65_536),
  intents: list(GenesisIntents, 64),
  /** Local networks only: an account whose key everyone knows. */
  faucet: optional(accountId),
});
export type Genesis = Infer<typeof Genesis>;

/** The chain's name: digest of the canonical genesis. */
export function hashGenesis(genesis: Genesis): Digest {
  return Genesis.digest(genesis);
}

/** Everything that is wrong with a genesis, in words that say what to mend; empty when it is sound. */
export function findGenesisProblems(genesis: Genesis): readonly string[] {
  const problems = [...findParameterProblems(genesis.parameters)];
  const { validators, accounts, parameters } = genesis;
  if (validators.length === 0) problems.push("validators: at least one is needed");
  validators.forEach((validator, at) => {
    if (validator.stake < parameters.minimumStake) {
      problems.push(
        `validators[${at}].stake: ${validator.stake} is below minimumStake ${parameters.minimumStake}`,
      );
    }
    if (!isAcceptableKey(validator.key)) {
      problems.push(`validators[${at}].key: ${toHex(validator.key)} is not a usable Ed25519 key`);
    }
  });
  problems.push(
    ...duplicates(
      "validators",
      "id",
      validators.map((validator) => toHex(validator.id)),
    ),
    ...duplicates(
      "validators",
      "key",
      validators.map((validator) => toHex(validator.key)),
    ),
    ...duplicates(
      "accounts",
      "id",
      accounts.map((account) => toHex(account.id)),
    ),
  );
  const held = [...accounts.map((a) => a.balance), ...validators.map((v) => v.stake)];
  const supply = held.reduce<bigint>((sum, value) => sum + value, 0n);
  if (supply + parameters.emissionTotal > AMOUNT_MAX) {
    problems.push("balances, stakes and emissionTotal together exceed 2^64-1 micro-tokens");
  }
  return problems;
}

/** @throws ModelsError `GENESIS` with every problem at once. */
export function checkGenesis(genesis: Genesis): Genesis {
  const problems = findGenesisProblems(genesis);
  if (problems.length === 0) return genesis;
  throw new ModelsError({ code: "GENESIS", problems });
}

function duplicates(where: string, field: string, values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.flatMap((value, at) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [`${where}[${at}].${field}: ${value} is there twice`];
  });
}
