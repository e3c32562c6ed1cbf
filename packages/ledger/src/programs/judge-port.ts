import type { Difficulty, Resource, Verdict } from "@aethel/models";

/** What the Judge is asked about. */
export type JudgePayload =
  | { readonly type: "theorem"; readonly script: Uint8Array }
  | {
      readonly type: "publish";
      readonly source: Uint8Array;
      /** On the genesis list, and so allowed to write stake. */
      readonly privileged?: boolean;
    };

/**
 * Answer of the Judge. `judged` and `rejected` are the same on every machine, certificates to the
 * byte; `milliseconds` and `counterexample` are for people and never hashed. An abstention says
 * nothing about the claim.
 */
export type Judgement =
  | {
      readonly type: "judged";
      readonly verdict: Verdict;
      /** Basis of a `valid`. Absent: the solver's word alone. */
      readonly trust?: "certified" | "solver" | undefined;
      /** Present when the solver proved it, within `resource`, and nothing certified it. */
      readonly code?: "uncertified" | undefined;
      /** Accepted by the kernel; of a source, for each of its intents. Present when certified. */
      readonly certificate?: Uint8Array | undefined;
      readonly difficulty: Difficulty;
      readonly resource: Resource;
      readonly milliseconds: number;
      readonly reason?: string | undefined;
      readonly counterexample?: unknown;
    }
  | {
      readonly type: "rejected";
      readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
      readonly milliseconds: number;
    }
  | { readonly type: "abstained"; readonly reason: string };

/** A judgement that something can be executed with. */
export type Judged = Extract<Judgement, { readonly type: "judged" }>;

/**
 * The Judge, as `@aethel/verifier` makes it with `createJudge`. Judgements are cached by it, so to
 * ask twice costs a lookup.
 */
export interface JudgePort {
  /** Never rejects for what the payload holds. Aborting `signal` gives an abstention. */
  check(
    payload: JudgePayload,
    options: {
      readonly resourceLimit: Resource;
      readonly signal?: AbortSignal;
      /** `none`: a verdict that must be had, however long it takes. Default: `watchdog`. */
      readonly patience?: "watchdog" | "none";
    },
  ): Promise<Judgement>;
}
