import path from "node:path";

/** Paths of all files of one node, under one directory. */
export interface Layout {
  readonly directory: string;
  /** Says that this is a data directory of ours, and in which format. */
  readonly marker: string;
  readonly config: string;
  readonly genesis: string;
  readonly consensusKey: string;
  readonly networkKey: string;
  /** Key file of the operator's account; the node never reads it. */
  readonly accountKey: string;
  /** Public keys with their proof of possession, for those who found a chain together. */
  readonly card: string;
  /** Signing state: never copied, restored or rolled back. */
  readonly signingLog: string;
  /** The LMDB environment: blocks, receipts, state. */
  readonly database: string;
  readonly log: string;
  /** Exists while a process uses the directory. */
  readonly lock: string;
  /** Exists while a node runs: where its API listens. */
  readonly ready: string;
}

/** The paths in `directory`, absolute. */
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
    log: at("node.log"),
    lock: at("lock"),
    ready: at("ready.json"),
  };
}
