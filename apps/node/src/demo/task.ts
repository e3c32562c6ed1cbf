import type { ProofBody } from "@aethel/models";
import type { PersonName } from "../localnet/people.ts";

/** Fields that every proof has. They are filled in when the task is submitted. */
export type Envelope = Pick<
  ProofBody,
  "author" | "nonce" | "resourceLimit" | "feeLimit" | "expiry"
>;

/** Proof that the demonstration submits. */
export interface Task {
  /** Title on the screen: the name of a file, or `transfer alice -> bob`. */
  readonly title: string;
  readonly author: PersonName;
  /** Kind of the proof. A `call` is not judged, since the Judge has judged its intent before. */
  readonly kind: "proof" | "call";
  /** Builds the body of the proof, which the author signs. */
  readonly body: (envelope: Envelope) => ProofBody;
  readonly resourceLimit: number;
  /** Expected result. `turned-away`: no mempool accepts the proof. */
  readonly expectation: "applied" | "refused" | "turned-away";
  /**
   * Title of a task that must be final before this one. For example, an intent must be published
   * before it is called. Undefined: it depends on no other task.
   */
  readonly after?: string;
}
