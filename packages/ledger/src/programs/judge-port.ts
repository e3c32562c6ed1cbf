import type { Difficulty, Resource, Verdict } from "@aethel/models";

/** Question to the Judge. */
export type JudgePayload =
  | { readonly type: "theorem"; readonly script: Uint8Array }
  | {
      readonly type: "publish";
      readonly source: Uint8Array;
      /** Whether the source is on the genesis list and may write stake. */
      readonly privileged?: boolean;
    };

/**
 * Answer of the Judge. `judged` and `rejected` are the same on every machine, including the bytes
 * of certificates. `milliseconds` and `counterexample` are for people and never hashed. An
 * abstention says nothing about the claim.
 */
export type Judgement =
  | {
      readonly type: "judged";
      readonly verdict: Verdict;
      /** Basis of a `valid`. Absent: the solver alone. */
      readonly trust?: "certified" | "solver" | undefined;
      /** Present when the solver proved it within `resource` and no certificate was found. */
      readonly code?: "uncertified" | undefined;
      /**
       * Certificate that the kernel accepted, for each intent of a source. Present when certified.
       */
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

/** Judgement with which a proof can be executed. */
export type Judged = Extract<Judgement, { readonly type: "judged" }>;

/**
 * Judge, as `createJudge` of `@aethel/verifier` creates it. It caches judgements, so that a
 * repeated question costs a lookup.
 */
export interface JudgePort {
  /**
   * Judges a payload. It never rejects because of the payload. Aborting `signal` gives an
   * abstention.
   */
  check(
    payload: JudgePayload,
    options: {
      readonly resourceLimit: Resource;
      readonly signal?: AbortSignal;
      /**
       * Patience of the Judge: `none` waits for a verdict, however long it takes. Default:
       * `watchdog`.
       */
      readonly patience?: "watchdog" | "none";
    },
  ): Promise<Judgement>;
}
