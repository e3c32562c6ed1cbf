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
  /** Digest of the genesis, as the operators have compared it. */
  readonly chainId?: string;
  readonly name: string;
  readonly stake: number;
  readonly observer?: boolean;
  readonly peer?: readonly string[];
  readonly passwordFile?: string;
}

/** `aethel init`: keys, genesis and configuration of one node. What is there already is kept. */
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
  // Read before anything is written: a wrong file leaves nothing behind.
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

/** The genesis of `--genesis`, or the directory's own, which nothing replaces. */
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
      "move the one that is wrong away; nothing was changed",
    );
  }
  note(`${layout.genesis} is there and is kept.`);
  return kept;
}

/** Role of the node: as its configuration says, when there is one, which nothing replaces. */
async function keptRole(layout: Layout, options: InitOptions): Promise<Config["role"]> {
  const { observer, peer } = options;
  const asked = observer === true ? "observer" : "validator";
  if (!existsSync(layout.config)) return asked;
  const { role, p2p } = await readConfig(layout.config);
  const isOther = observer === true && role !== asked;
  if (isOther || (peer !== undefined && peer.join() !== p2p.peers.join())) {
    throw failure(
      "DATA_DIR_NOT_EMPTY",
      `${layout.config} is there, and ${isOther ? "--observer" : "--peer"} says something else`,
      "edit that file, or move it away, or leave the flag out; nothing was changed",
    );
  }
  note(`${layout.config} is there and is kept.`);
  return role;
}

/** All founders compare one number: a file that differs in one value is another chain. */
function checkChainId(genesis: Genesis, chainId: string | undefined): void {
  const actual = toHex(hashGenesis(genesis));
  if (chainId === undefined || chainId.replace(/^0x/, "").toLowerCase() === actual) return;
  throw failure(
    "GENESIS",
    `the file says the chain ${actual}, and --chain-id ${chainId}`,
    "compare `aethel genesis hash` with the other operators and take the file that they have",
  );
}

/** Notes on a validator that will not vote at once, and why. */
function sayWhatIsSpecial({ validators, timestamp }: Genesis, keys: NodeKeys): void {
  const own = validators.find(({ key }) => equalBytes(key, keys.consensus));
  if (own === undefined) {
    const who = `the consensus key ${toHex(keys.consensus)} is not among the ${validators.length}`;
    const how = "its account stakes and `aethel rotate-key` gives the stake this key";
    note(`${who} founding validators: the node follows, and votes after ${how}.`);
  } else if (!equalBytes(own.id, keys.account)) {
    note(
      `the genesis has this consensus key under the account ${toHex(own.id)}, not the one here.`,
    );
  }
  if (own !== undefined && keys.mayHaveSigned) {
    note(
      "the consensus key was there without its signing log, so it may have signed: the first " +
        "start needs --allow-new-signing-state, and the node then listens before it votes.",
    );
  }
  const early = timestamp - Date.now();
  if (early > 0) note(`the chain begins in ${formatDuration(early)}, by this machine's clock.`);
}

/** A chain of one validator, whose stake and as much again to spend are all its money. */
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
