import type { Genesis, Proof } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import type { TestKey } from "../test-chain.ts";

/** An application in one incarnation of a node. */
export interface OpenApplication {
  readonly application: Application;
  /** Hands in a proof. False: not now; gossip brings it again later. */
  readonly submit: (proof: Proof) => boolean;
}

/** The same application on every node of one chain. */
export interface ChainApplication {
  /** A node's durable storage, still empty; what it returns opens it, after each start anew. */
  readonly createNode: () => () => Promise<OpenApplication>;
  /** A proof that the application can use, by the author, who signed `nonce` proofs before. */
  readonly work: (options: { readonly author: TestKey; readonly nonce: number }) => Proof;
}

/** What a network can replicate. */
export interface ApplicationKind {
  readonly name: string;
  /** Source texts of intents that must be in the genesis. */
  readonly intents: readonly string[];
  /** Prepares what all nodes of the chain share. */
  readonly create: (
    genesis: Genesis,
    world?: {
      /** Powers in units of the minimum stake in later epochs, in turn; for the counter alone. */
      readonly rotation: readonly (readonly number[])[];
    },
  ) => Promise<ChainApplication>;
}
