import type { Genesis } from "@aethel/models";
import type { PeerTransport } from "@aethel/p2p";
import type { Replica } from "@aethel/pbft";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Layout } from "../files/layout.ts";
import type { KeyRing } from "../keys/key-ring.ts";

/** Options of a node. The caller MUST hold the lock of the data directory. */
export interface NodeOptions {
  readonly layout: Layout;
  readonly config: Config;
  readonly genesis: Genesis;
  readonly version: string;
  /**
   * Consensus keys. The one that the validator set of a sequence contains votes on that sequence.
   */
  readonly keyRing: KeyRing;
  /** Seed of the network key. */
  readonly networkKey: Uint8Array;
  readonly allowNewSigningState: boolean;
  readonly log: Logger;
  /** Aborts the start of the node, and all judging. */
  readonly signal: AbortSignal;
}

/** Node that is running. */
export interface RunningNode extends AsyncDisposable {
  /** Address of the HTTP API. */
  readonly url: string;
  /** Multiaddresses on which the node listens for peers. */
  readonly addresses: readonly string[];
  /** Resolves with the reason when consensus has stopped. Stays pending while it runs. */
  readonly failed: Promise<unknown>;
}

/** Transport and replica of a node; each is undefined until it has started. */
export interface Network {
  transport?: PeerTransport;
  replica?: Replica;
}
