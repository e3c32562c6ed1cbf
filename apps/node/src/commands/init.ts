import { existsSync } from "node:fs";
import { equalBytes, type Genesis, hashGenesis, toAccountId, toHex } from "@aethel/models";
import { failure } from "../cli/failure.ts";
import { formatDuration } from "../cli/format.ts";
import { note, print } from "../cli/output.ts";
import { readGenesis } from "../config/genesis-file.ts";
import { newGenesis, tokens } from "../config/new-chain.ts";
import { type NodeKeys, provideNodeKeys } from "../keys/node-keys.ts";
import { createDataDirectory } from "../storage/data-directory.ts";
import { layoutOf } from "../storage/layout.ts";

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
  if (given !== undefined) checkChainId(given, options.chainId);
  const keys = await provideNodeKeys(layout, { passwordFile: options.passwordFile });
  try {
    const genesis = given ?? newChain(options, keys);
    const isObserver = options.observer === true;
    await createDataDirectory({
      directory: layout.directory,
      genesis,
      config: {
        role: isObserver ? "observer" : "validator",
        p2p: { peers: [...(options.peer ?? [])] },
      },
    });
    print(`Chain      ${toHex(hashGenesis(genesis))}`);
    print(`Account    ${toHex(keys.account)}`);
    print(`Consensus  ${toHex(keys.consensus)}`);
    print(`Directory  ${layout.directory}`);
    if (!isObserver) sayWhatIsSpecial(genesis, keys);
    print(`Next: aethel start --data-dir ${options.dataDir}`);
  } catch (error) {
    await keys.undo();
    throw error;
  }
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
    note(`${who} founding validators: the node follows, and votes once the key has stake.`);
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
