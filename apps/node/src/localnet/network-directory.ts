import { existsSync } from "node:fs";
import path from "node:path";
import {
  type Amount,
  createSigner,
  type Genesis,
  type GenesisValidator,
  sha256,
  toAccountId,
  toPublicKey,
} from "@aethel/models";
import { readGenesis, withSettings } from "../config/genesis-file.ts";
import { newGenesis, tokens } from "../config/new-chain.ts";
import { createDataDirectory } from "../data-directory.ts";
import { failure } from "../failure/failure.ts";
import { makeDirectory } from "../files/atomic-file.ts";
import { layoutOf } from "../files/layout.ts";
import { createSigningState } from "../files/signing-state.ts";
import { createKeyFile } from "../keys/key-file.ts";
import { LOCALNET_COST } from "../keys/sealed-key.ts";
import { people, person } from "./people.ts";

/** Password of all keys of local networks. It is public, since these keys protect nothing. */
export const LOCALNET_PASSWORD = "localnet";

const STAKE = 100_000;
const PERSON_BALANCE = 10_000;
const FAUCET_BALANCE = 1_000_000;

/**
 * Provides the data directories of all validators under one directory, and returns their paths.
 * Existing ones are reused.
 */
export async function prepareNetwork(options: {
  readonly directory: string;
  /** Stake of each validator; see `equalStakes`. */
  readonly stakes: readonly Amount[];
  readonly nowMs: number;
  /** Parameters of a new chain, each as `name=value`. Default: none. */
  readonly settings?: readonly string[];
}): Promise<readonly string[]> {
  const { directory, stakes, nowMs, settings = [] } = options;
  const folders = stakes.map((_, at) => path.join(directory, `validator-${at}`));
  if (existsSync(layoutOf(folders[0] ?? directory).genesis)) {
    await checkCount(directory, folders);
    if (settings.length > 0) throw isFounded(directory);
    await writeAccounts(directory);
    return folders;
  }
  // A wrong setting is refused before any key is made.
  withSettings(genesisOf(stakes.map(standIn), nowMs), settings);
  makeDirectory(directory);
  await writeAccounts(directory);
  const validators = await Promise.all(
    stakes.map((stake, at) => createKeys(folders[at] ?? directory, stake)),
  );
  const genesis = withSettings(genesisOf(validators, nowMs), settings);
  // The first folder comes last: its genesis says that the network is complete.
  for (const folder of folders.toReversed()) {
    await createDataDirectory({
      directory: folder,
      genesis,
      config: {
        role: "validator",
        // All solvers share the cores of this machine.
        judge: { workers: 1 },
        log: { level: "info", to: "file" },
      },
    });
  }
  return folders;
}

function genesisOf(validators: readonly GenesisValidator[], nowMs: number): Genesis {
  return newGenesis({
    name: "localnet",
    pace: "local",
    timestampMs: nowMs,
    validators,
    accounts: [
      ...people().map(({ id }) => ({ id, balance: tokens(PERSON_BALANCE) })),
      { id: person("faucet").id, balance: tokens(FAUCET_BALANCE) },
    ],
    faucet: person("faucet").id,
  });
}

/** Returns a placeholder for a validator with this stake whose key was not made yet. */
function standIn(stake: Amount, at: number): GenesisValidator {
  const key = createSigner(sha256(new TextEncoder().encode(`stand-in ${at}`))).publicKey;
  return { id: toAccountId(key), key, stake };
}

/**
 * Folder of the key files of the well-known accounts, such as `alice`, in a network's directory.
 */
export const ACCOUNTS = "accounts";

/** Writes the key files of the well-known accounts, for commands that sign. */
async function writeAccounts(directory: string): Promise<void> {
  const folder = path.join(directory, ACCOUNTS);
  makeDirectory(folder);
  for (const { name, secret } of [...people(), person("faucet")]) {
    const file = path.join(folder, `${name}.json`);
    if (existsSync(file)) continue;
    const shared = { password: LOCALNET_PASSWORD, log2N: LOCALNET_COST };
    await createKeyFile({ file, purpose: "account", secret, ...shared });
  }
}

function isFounded(directory: string): Error {
  const what = `${directory} holds a network already, and its parameters cannot change`;
  return failure("USAGE", what, "leave --set out, or give another --data-dir");
}

/** Returns equal stakes for `count` validators, in micro-tokens. */
export function equalStakes(count: number): readonly Amount[] {
  return Array.from({ length: count }, () => tokens(STAKE));
}

async function createKeys(folder: string, stake: Amount): Promise<GenesisValidator> {
  const layout = layoutOf(folder);
  const shared = { password: LOCALNET_PASSWORD, log2N: LOCALNET_COST };
  const key = await createKeyFile({ file: layout.consensusKey, purpose: "consensus", ...shared });
  await createKeyFile({ file: layout.networkKey, purpose: "network", ...shared });
  await createSigningState(layout);
  return { id: toAccountId(key), key: toPublicKey(key), stake };
}

async function checkCount(directory: string, folders: readonly string[]): Promise<void> {
  const { validators } = await readGenesis(layoutOf(folders[0] ?? directory).genesis);
  if (validators.length === folders.length) return;
  throw failure(
    "CONFIG",
    `${directory} holds a network of ${validators.length} validators, not ${folders.length}`,
    `give --validators ${validators.length}, or another --data-dir`,
  );
}
