import type { Ledger } from "@aethel/ledger";
import type { Block, Genesis, Item } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import type { TestKey } from "../fixtures/test-chain.ts";
import type { KeyChange } from "./key-changes.ts";

/**
 * Kind of false claim that a Byzantine leader puts into a block. `verdict`: that refuted intents
 * are proved and certified. `trust`: that theorems are certified although only the solver confirmed
 * them. Such theorems would mint.
 */
export type LieAbout = "verdict" | "trust";

/**
 * Application of one incarnation of a node, that is, from one start of the node to its next crash.
 */
export interface OpenApplication {
  readonly application: Application;
  /**
   * Submits an item. `later`: the application cannot take it now, and gossip brings it again.
   * `refused`: it will never take it, or has it already.
   */
  readonly submit: (item: Item) => "accepted" | "refused" | "later";
  /**
   * Ledger behind the application, for checkers and tests. Undefined if the application is no
   * ledger.
   */
  readonly ledger?: Ledger;
  /**
   * Returns the block with a false claim of this kind in it. All roots and sums are computed with
   * the claim, so nothing else in the block is wrong. Undefined if the block contains nothing to
   * make such a claim about.
   */
  readonly lie?: (block: Block, about: LieAbout) => Promise<Block | undefined>;
}

/** Durable storage of one node. Calling it opens the application on what is stored. */
export interface OpenStorage {
  (): Promise<OpenApplication>;
  /**
   * Removes the last blocks from the storage (all, if there are fewer), as a restore from an old
   * copy does. Undefined: this storage has no such operation.
   */
  readonly rollBack?: (blocks: number) => void;
}

/** Parts of an application that all nodes of one chain share. */
export interface ChainApplication {
  /**
   * Creates a node's durable storage, empty at first. Each start of the node calls the result,
   * which opens the application on the storage.
   */
  readonly createNode: () => OpenStorage;
  /**
   * Makes an item that the application can use. `nonce` is the number of items that its author has
   * made before.
   */
  readonly work: (options: {
    readonly author: TestKey;
    readonly nonce: number;
    /**
     * Whether the author's first item withdraws half of its stake. Only for the application
     * `ledger`. Default: no.
     */
    readonly isEscaping?: boolean;
  }) => Item;
}

/** Kind of application that a network can replicate. */
export interface ApplicationKind {
  readonly name: string;
  /** Source texts of intents that must be in the genesis. */
  readonly intents: readonly string[];
  /** Prepares the parts that all nodes of a chain share. `world` says how validator sets change. */
  readonly create: (genesis: Genesis, world?: ChangingSets) => Promise<ChainApplication>;
}

/** Changes of the validator set during a run. Only for the application `counter`. */
export interface ChangingSets {
  /**
   * Powers of the validators in the epochs after the first, in turn, in units of the minimum stake.
   */
  readonly rotation: readonly (readonly number[])[];
  /** Validators that change their key. */
  readonly keyChanges?: readonly KeyChange[];
  /** Number of blocks in an epoch. Default 8. */
  readonly epochBlocks?: number | undefined;
}
