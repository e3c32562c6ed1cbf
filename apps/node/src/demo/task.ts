import type { ProofBody } from "@aethel/models";
import type { PersonName } from "../localnet/people.ts";

/** Envelope of every proof, filled in when it is this task's turn. */
export type Envelope = Pick<
  ProofBody,
  "author" | "nonce" | "resourceLimit" | "feeLimit" | "expiry"
>;

/** One proof that the demonstration submits. */
export interface Task {
  /** Name on the screen: a file's name, or `transfer alice -> bob`. */
  readonly title: string;
  readonly author: PersonName;
  /** A `call` is not judged: its intent was. */
  readonly kind: "proof" | "call";
  /** Body of its proof; the author signs, then the cosigners; a thief may sign alone. */
  readonly body: (envelope: Envelope) => ProofBody;
  readonly resourceLimit: number;
  /** Expected fate; `turned-away`: no mempool takes it. */
  readonly expectation: "applied" | "refused" | "turned-away";
  /** Submitted only when that task's proof is final: an intent must be there to be called. */
  readonly after?: string;
}
