import type { Ledger } from "@aethel/ledger";
import type { Block, Genesis, Item } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import type { TestKey } from "../fixtures/test-chain.ts";
import type { KeyChange } from "./key-changes.ts";

/**
 * Subject of a lie. `verdict`: refuted intents are claimed to be proved and certified. `trust`:
 * theorems that only the solver confirmed are claimed to be certified, and so would mint.
 */
export type LieAbout = "verdict" | "trust";

/** An application in one incarnation of a node. */
export interface OpenApplication {
  readonly application: Application;
  /**
   * Submits an item. `later`: not now; gossip brings it again. `refused`: never, or it is known
   * already.
   */
  readonly submit: (item: Item) => "accepted" | "refused" | "later";
  /** The application as a ledger, where it is one; for checkers and tests. */
  readonly ledger?: Ledger;
  /**
   * Builds a Byzantine leader's block: what it lies about is claimed, and all else follows from
   * that. Undefined when the block holds nothing to lie about.
   */
  readonly lie?: (block: Block, about: LieAbout) => Promise<Block | undefined>;
}

/** Storage of one node: calling it opens what is stored. */
export interface OpenStorage {
  (): Promise<OpenApplication>;
  /**
   * Removes the last blocks from the storage, or all if there are fewer, as after a restore from a
   * copy. Undefined: this storage cannot.
   */
  readonly rollBack?: (blocks: number) => void;
}

/** Applications of all nodes of one chain. */
export interface ChainApplication {
  /** Creates a node's durable storage, empty at first; each start opens it anew. */
  readonly createNode: () => OpenStorage;
  /** Makes an item that the application can use, by an author who made `nonce` items before. */
  readonly work: (options: {
    readonly author: TestKey;
    readonly nonce: number;
    /** Whether the first item withdraws half of the author's stake. Ledger only. */
    readonly isEscaping?: boolean;
  }) => Item;
}

/** Kind of application that a network can replicate. */
export interface ApplicationKind {
  readonly name: string;
  /** Source texts of intents that must be in the genesis. */
  readonly intents: readonly string[];
  /** Prepares the parts that all nodes of a chain share. */
  readonly create: (genesis: Genesis, world?: ChangingSets) => Promise<ChainApplication>;
}

/** Changes of the validator set in a world. Counter only. */
export interface ChangingSets {
  /** Powers in later epochs, in turn, in units of the minimum stake. */
  readonly rotation: readonly (readonly number[])[];
  /** Validators that change their key. */
  readonly keyChanges?: readonly KeyChange[];
  /** Blocks of an epoch. Default 8. */
  readonly epochBlocks?: number | undefined;
}
