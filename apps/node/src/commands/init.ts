import { existsSync } from "node:fs";
import { equalBytes, type Genesis, hashGenesis, toAccountId, toHex } from "@aethel/models";
import { type Config, readConfig } from "../config/config.ts";
import { readGenesis } from "../config/genesis-file.ts";
import { newGenesis, tokens } from "../config/new-chain.ts";
import { createDataDirectory } from "../data-directory.ts";
import { failure } from "../failure/failure.ts";
import { type Layout, layoutOf } from "../files/layout.ts";
import { type NodeKeys, provideNodeKeys } from "../keys/node-keys.ts";
import { formatDuration } from "../terminal/format.ts";
import { note, print } from "../terminal/output.ts";

interface InitOptions {
  readonly dataDir: string;
  readonly genesis?: string;
  /** Genesis hash that the chain must have. If undefined, it is not checked. */
  readonly chainId?: string;
  readonly name: string;
  readonly stake: number;
  readonly observer?: boolean;
  readonly peer?: readonly string[];
  readonly passwordFile?: string;
}

/**
 * Runs `aethel init`: makes the keys, genesis and configuration of a node. Keeps those that exist.
 */
export async function initialize(options: InitOptions): Promise<void> {
  const layout = layoutOf(options.dataDir);
  if (existsSync(layout.marker)) {
    const next = "start it with `aethel start --data-dir`, or name an empty directory";
    throw failure("DATA_DIR_NOT_EMPTY", `${layout.directory} is a data directory already`, next);
  }
  if (options.genesis === undefined && options.observer === true && !existsSync(layout.genesis)) {
    const next = "give the chain's --genesis FILE, or leave --observer out";
    throw failure("USAGE", "an observer needs a chain to follow", next);
  }
  // Before anything is written: a wrong file leaves nothing behind.
  const given = await givenGenesis(layout, options.genesis);
  if (given !== undefined) checkChainId(given, options.chainId);
  const role = await keptRole(layout, options);
  const keys = await provideNodeKeys(layout, { passwordFile: options.passwordFile });
  try {
    const genesis = given ?? newChain(options, keys);
    const isValidator = role === "validator";
    await createDataDirectory({
      directory: layout.directory,
      genesis,
      config: { role, p2p: { peers: [...(options.peer ?? [])] } },
    });
    print(`Chain      ${toHex(hashGenesis(genesis))}`);
    print(`Account    ${toHex(keys.account)}`);
    print(`Consensus  ${toHex(keys.consensus)}`);
    print(`Directory  ${layout.directory}`);
    if (isValidator) sayWhatIsSpecial(genesis, keys);
    const flag = isValidator && keys.mayHaveSigned ? " --allow-new-signing-state" : "";
    print(`Next: aethel start --data-dir ${options.dataDir}${flag}`);
  } catch (error) {
    await keys.undo();
    throw error;
  }
}

/**
 * Reads the genesis in the directory, or else the one that `--genesis` names. Undefined if there is
 * neither. If both exist, they must be the same chain, and the one in the directory stays.
 */
async function givenGenesis(
  layout: Layout,
  file: string | undefined,
): Promise<Genesis | undefined> {
  const given = file === undefined ? undefined : await readGenesis(file);
  if (!existsSync(layout.genesis)) return given;
  const kept = await readGenesis(layout.genesis);
  const [own, other] = [hashGenesis(kept), given === undefined ? undefined : hashGenesis(given)];
  if (other !== undefined && !equalBytes(own, other)) {
    throw failure(
      "GENESIS",
      `${layout.genesis} is of the chain ${toHex(own)}, and --genesis of ${toHex(other)}`,
      "nothing was changed; move the wrong one away",
    );
  }
  note(`${layout.genesis} exists and is kept.`);
  return kept;
}

/** Returns the role in an existing configuration, or else the role that the flags give. */
async function keptRole(layout: Layout, options: InitOptions): Promise<Config["role"]> {
  const { observer, peer } = options;
  const asked = observer === true ? "observer" : "validator";
  if (!existsSync(layout.config)) return asked;
  const { role, p2p } = await readConfig(layout.config);
  const isOther = observer === true && role !== asked;
  if (isOther || (peer !== undefined && peer.join() !== p2p.peers.join())) {
    throw failure(
      "DATA_DIR_NOT_EMPTY",
      `${layout.config} exists, and ${isOther ? "--observer" : "--peer"} differs from it`,
      "nothing was changed; edit that file, move it away, or leave the flag out",
    );
  }
  note(`${layout.config} exists and is kept.`);
  return role;
}

/**
 * Compares the hash of the genesis with `--chain-id`, so that a genesis of another chain is not
 * used by mistake.
 */
function checkChainId(genesis: Genesis, chainId: string | undefined): void {
  const actual = toHex(hashGenesis(genesis));
  if (chainId === undefined || chainId.replace(/^0x/, "").toLowerCase() === actual) return;
  throw failure(
    "GENESIS",
    `the genesis has the hash ${actual}, and --chain-id is ${chainId}`,
    "compare `aethel genesis hash` with the other operators, and take their file",
  );
}

/**
 * Prints why the validator will not vote immediately: its keys are not in the genesis, it must
 * listen first, or the chain has not begun.
 */
function sayWhatIsSpecial({ validators, timestamp }: Genesis, keys: NodeKeys): void {
  const own = validators.find(({ key }) => equalBytes(key, keys.consensus));
  if (own === undefined) {
    const who = `the consensus key ${toHex(keys.consensus)} is not among the ${validators.length}`;
    const how = "the account stakes, and then `aethel rotate-key` gives the stake this key";
    note(`${who} founding validators: the node follows the chain. To vote, ${how}.`);
  } else if (!equalBytes(own.id, keys.account)) {
    note(
      `the genesis has this consensus key under the account ${toHex(own.id)}, not the one here.`,
    );
  }
  if (own !== undefined && keys.mayHaveSigned) {
    note(
      "the consensus key existed without its signing log, so it may have signed: the first " +
        "start needs --allow-new-signing-state, and the node then listens before it votes.",
    );
  }
  const early = timestamp - Date.now();
  if (early > 0) note(`the chain begins in ${formatDuration(early)}, by this machine's clock.`);
}

/** Builds the genesis of a chain with one validator, whose balance equals its stake. */
function newChain(options: InitOptions, keys: NodeKeys): Genesis {
  const id = toAccountId(keys.account);
  return newGenesis({
    name: options.name,
    pace: "network",
    timestampMs: Date.now(),
    validators: [{ id, key: keys.consensus, stake: tokens(options.stake) }],
    accounts: [{ id, balance: tokens(options.stake) }],
  });
}
