import type { Ledger } from "@aethel/ledger";
import type { Genesis, Proof, ProofBlock } from "@aethel/models";
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
   * Hands in a proof. `later`: not now; gossip brings it again. `refused`: never, or it is there
   * already.
   */
  readonly submit: (proof: Proof) => "accepted" | "refused" | "later";
  /** The application itself where it is a ledger, for checkers and tests. */
  readonly ledger?: Ledger;
  /**
   * A block of its own for a Byzantine leader: what it lies about is claimed, all else follows from
   * that. Undefined when the block holds nothing to lie about.
   */
  readonly lie?: (block: ProofBlock, about: LieAbout) => Promise<ProofBlock | undefined>;
}

/** Opens what is stored. */
export interface OpenStorage {
  (): Promise<OpenApplication>;
  /**
   * Takes the last blocks out of the storage, all of them if there are fewer: as it is after a
   * restore from a copy, or when the database was deleted. Undefined: it cannot be done here.
   */
  readonly rollBack?: (blocks: number) => void;
}

/** The same application on every node of one chain. */
export interface ChainApplication {
  /** A node's durable storage, still empty; what it returns opens it, after each start anew. */
  readonly createNode: () => OpenStorage;
  /** A proof that the application can use, by the author, who signed `nonce` proofs before. */
  readonly work: (options: {
    readonly author: TestKey;
    readonly nonce: number;
    /** Of a validator's proofs the first withdraws half of its stake. For the ledger alone. */
    readonly isEscaping?: boolean;
  }) => Proof;
}

/** What a network can replicate. */
export interface ApplicationKind {
  readonly name: string;
  /** Source texts of intents that must be in the genesis. */
  readonly intents: readonly string[];
  /** Prepares what all nodes of the chain share. */
  readonly create: (genesis: Genesis, world?: ChangingSets) => Promise<ChainApplication>;
}

/** How the sets of a world change; for the counter alone. */
export interface ChangingSets {
  /** Powers in units of the minimum stake in later epochs, in turn. */
  readonly rotation: readonly (readonly number[])[];
  /** Validators that change their key. */
  readonly keyChanges?: readonly KeyChange[];
  /** Blocks of an epoch. Default 8. */
  readonly epochBlocks?: number | undefined;
}
