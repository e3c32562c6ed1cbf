import type { ConsensusMessage } from "@aethel/models";
import type { Config, Effect, Occurrence, State, Statement } from "../src/index.ts";
import type { Counter } from "./counter.ts";
import type { Membership } from "./keys.ts";

/** Node of a cluster. */
export interface ClusterNode {
  readonly config: Config;
  app: Counter;
  log: Uint8Array[];
  state: State | undefined;
  /** Grows with each start and crash: what was scheduled before is void. */
  life: number;
  timers: Map<string, number>;
  performed: number;
  /** The kinds of the effects performed, over all lives. */
  readonly kinds: Effect["type"][];
}

/** Parts of a cluster that the answers of its peers and the strategies of Byzantine nodes use. */
export interface ClusterView {
  readonly membership: Membership;
  readonly nodes: readonly ClusterNode[];
  readonly random: () => number;
  readonly now: number;
  /** Number of messages that were sent. */
  readonly messages: number;
  /** Whether messages from one node reach another now. */
  readonly connected: (from: number, to: number) => boolean;
  node(index: number): ClusterNode;
  state(index: number): State;
  height(index: number): number;
  leader(sequence: number, view: number): number;
  sign(index: number, statement: Statement): ConsensusMessage;
  input(index: number, occurrence: Occurrence): void;
  /** Delivers a message as if it came from the network. */
  receive(index: number, message: ConsensusMessage, from: number): void;
  send(from: number, to: number, message: ConsensusMessage): void;
  /** Runs after a while of virtual time, unless the node crashes meanwhile. */
  later(index: number, delayMs: number, run: () => void): void;
  /** Runs after a while of virtual time, whoever crashes meanwhile. */
  delay(delayMs: number, run: () => void): void;
}
