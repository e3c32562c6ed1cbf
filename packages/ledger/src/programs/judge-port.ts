import type { Difficulty, Resource, Verdict } from "@aethel/models";

/** Question to the Judge: the source or the script that it must judge. */
export type JudgePayload =
  | { readonly type: "theorem"; readonly script: Uint8Array }
  | {
      readonly type: "publish";
      readonly source: Uint8Array;
      /** Whether the source is on the genesis list and may write stake. */
      readonly privileged?: boolean;
    };

/**
 * Answer of the Judge. `judged`: a verdict. `rejected`: the text is not a legal source or script.
 * `abstained`: no answer, which says nothing about the claim. Answers of the first two types are
 * the same on every machine, including the bytes of certificates, except for `milliseconds` and
 * `counterexample`. Those two are for people and never hashed.
 */
export type Judgement =
  | {
      readonly type: "judged";
      readonly verdict: Verdict;
      /** Basis of the verdict `valid`. Undefined counts as `solver`. */
      readonly trust?: "certified" | "solver" | undefined;
      /**
       * `uncertified` if the solver found the claim valid within the resource limit and no
       * certificate was found. Else undefined.
       */
      readonly code?: "uncertified" | undefined;
      /**
       * Certificate that the kernel accepted: of the theorem, or of all intents of the source.
       * Present if `trust` is `certified`.
       */
      readonly certificate?: Uint8Array | undefined;
      readonly difficulty: Difficulty;
      readonly resource: Resource;
      readonly milliseconds: number;
      readonly reason?: string | undefined;
      readonly counterexample?: unknown;
      /** Encoded run that refutes a contract. Undefined for other payloads and verdicts. */
      readonly refutation?: Uint8Array | undefined;
    }
  | {
      readonly type: "rejected";
      readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
      readonly milliseconds: number;
    }
  | { readonly type: "abstained"; readonly reason: string };

/** Judgement with a verdict, which executing a proof requires. */
export type Judged = Extract<Judgement, { readonly type: "judged" }>;

/**
 * Judge, as `createJudge` of `@aethel/verifier` creates it. It caches judgements, so a repeated
 * question takes only a lookup.
 */
export interface JudgePort {
  /**
   * Judges a payload. Resolves to an abstention if `signal` is aborted. No payload makes the
   * promise reject.
   */
  check(
    payload: JudgePayload,
    options: {
      readonly resourceLimit: Resource;
      readonly signal?: AbortSignal;
      /**
       * `watchdog`: the Judge abstains if judging takes too long. `none`: it waits for a verdict,
       * however long that takes. Default: `watchdog`.
       */
      readonly patience?: "watchdog" | "none";
    },
  ): Promise<Judgement>;
}
