import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import {
  fromHex,
  type Genesis,
  hashGenesis,
  toAccountId,
  toHex,
  toPublicKey,
} from "@aethel/models";
import { failure } from "../cli/failure.ts";
import { print } from "../cli/output.ts";
import { readGenesis } from "../config/genesis-file.ts";
import { newGenesis, tokens } from "../config/new-chain.ts";
import { createKeyFile, readKeyFile } from "../keys/key-file.ts";
import { readPassword } from "../keys/password.ts";
import { createDataDirectory } from "../storage/data-directory.ts";
import { type Layout, layoutOf } from "../storage/layout.ts";
import { createSigningState } from "../storage/signing-state.ts";

interface InitOptions {
  readonly dataDir: string;
  readonly genesis?: string;
  readonly name: string;
  readonly stake: number;
  readonly observer?: boolean;
  readonly peer?: readonly string[];
  readonly passwordFile?: string;
}

interface PublicKeys {
  readonly consensus: Uint8Array;
  readonly account: Uint8Array;
}

/** `aethel init`: keys, genesis and configuration of one node. */
export async function initialize(options: InitOptions): Promise<void> {
  const layout = layoutOf(options.dataDir);
  if (existsSync(layout.marker)) {
    const next = "start it with `aethel start --data-dir`, or name an empty directory";
    throw failure("DATA_DIR_NOT_EMPTY", `${layout.directory} is a data directory already`, next);
  }
  if (options.genesis === undefined && options.observer === true) {
    const next = "give the chain's --genesis FILE, or leave --observer out";
    throw failure("USAGE", "an observer needs a chain to follow", next);
  }
  // Read before anything is written: a wrong file leaves nothing behind.
  const given = options.genesis === undefined ? undefined : await readGenesis(options.genesis);
  const made: string[] = [];
  try {
    const keys = await provideKeys(layout, options.passwordFile, made);
    const genesis = given ?? newChain(options, keys);
    await createDataDirectory({
      directory: layout.directory,
      genesis,
      config: {
        role: options.observer === true ? "observer" : "validator",
        p2p: { peers: [...(options.peer ?? [])] },
      },
    });
    print(`Chain      ${toHex(hashGenesis(genesis))}`);
    print(`Account    ${toHex(keys.account)}`);
    print(`Consensus  ${toHex(keys.consensus)}`);
    print(`Directory  ${layout.directory}`);
    print(`Next: aethel start --data-dir ${options.dataDir}`);
  } catch (error) {
    for (const file of made) await rm(file, { force: true });
    throw error;
  }
}

/**
 * Keys that are there are used; what is missing is made and noted in `made`. Only a key made here
 * gets a signing state: another may have voted already, and `start` asks.
 */
async function provideKeys(
  layout: Layout,
  passwordFile: string | undefined,
  made: string[],
): Promise<PublicKeys> {
  const places = [
    { file: layout.consensusKey, purpose: "consensus" },
    { file: layout.networkKey, purpose: "network" },
    { file: layout.accountKey, purpose: "account" },
  ] as const;
  const missing = places.filter(({ file }) => !existsSync(file));
  if (missing.length > 0) {
    const password = await readPassword({ file: passwordFile, confirm: "twice" });
    for (const { file, purpose } of missing) {
      await createKeyFile({ file, purpose, password });
      made.push(file);
      if (purpose !== "consensus") continue;
      await createSigningState(layout);
      made.push(layout.signingLog);
    }
  }
  const consensus = await readKeyFile(layout.consensusKey, "consensus");
  const account = await readKeyFile(layout.accountKey, "account");
  return { consensus: fromHex(consensus.publicKey), account: fromHex(account.publicKey) };
}

/** A chain of one validator, whose stake and as much again to spend are all its money. */
function newChain(options: InitOptions, keys: PublicKeys): Genesis {
  const id = toAccountId(keys.account);
  return newGenesis({
    name: options.name,
    pace: "network",
    timestampMs: Date.now(),
    validators: [{ id, key: toPublicKey(keys.consensus), stake: tokens(options.stake) }],
    accounts: [{ id, balance: tokens(options.stake) }],
  });
}
