import path from "node:path";

/** Paths of all files of a node, in one directory. */
export interface Layout {
  readonly directory: string;
  /** File that marks a data directory, with its format. */
  readonly marker: string;
  readonly config: string;
  readonly genesis: string;
  readonly consensusKey: string;
  readonly networkKey: string;
  /** Key file of the operator's account; a running node never reads it. */
  readonly accountKey: string;
  /**
   * File with the validator's card: public keys with a proof of possession, for the founders of a
   * chain.
   */
  readonly card: string;
  /** Signing state. It MUST NOT be copied, restored or rolled back. */
  readonly signingLog: string;
  /** LMDB environment: blocks, receipts, state. */
  readonly database: string;
  /** LMDB environment: addresses of peers. Deleting it loses nothing that is not found again. */
  readonly addressBook: string;
  readonly log: string;
  /** Lock file that a process holds while it uses the directory. */
  readonly lock: string;
  /** File with the bans of peers. */
  readonly bans: string;
  /** File with the token of the operator, for the running node's API. */
  readonly operatorToken: string;
  /** File with the address of the API. It exists while a node runs. */
  readonly ready: string;
}

/** Returns the absolute paths in `directory`. */
export function layoutOf(directory: string): Layout {
  const at = (...parts: readonly string[]): string => path.resolve(directory, ...parts);
  return {
    directory: at(),
    marker: at("aethel.json"),
    config: at("config.json"),
    genesis: at("genesis.yaml"),
    consensusKey: at("keys", "consensus.json"),
    networkKey: at("keys", "network.json"),
    accountKey: at("keys", "account.json"),
    card: at("card.json"),
    signingLog: at("signing.log"),
    database: at("database"),
    addressBook: at("peers"),
    log: at("node.log"),
    lock: at("lock"),
    bans: at("bans.json"),
    operatorToken: at("operator.token"),
    ready: at("ready.json"),
  };
}
