import { RESULT_CODES } from "@aethel/ledger";
import {
  type Outcome,
  type ProofBody,
  type Trust,
  toDifficulty,
  toResource,
  type Verdict,
  type VerificationResult,
} from "@aethel/models";
import fc from "fast-check";
import { digests } from "./scalars.ts";

const OUTCOMES: Readonly<Record<Verdict, readonly Outcome[]>> = {
  valid: ["applied", "recorded", "guard-false", "forbidden"],
  refuted: ["refuted"],
  unknown: ["unknown"],
};

/**
 * Results whose verdict, trust, outcome and error code fit together. The proof hash is random. Only
 * results of theorems have trust `solver`.
 */
export function verificationResults(
  options: { readonly verdict?: Verdict; readonly kind?: ProofBody["type"] } = {},
): fc.Arbitrary<VerificationResult> {
  const { verdict, kind = "theorem" } = options;
  const trusts: readonly Trust[] = kind === "theorem" ? ["certified", "solver"] : ["certified"];
  const verdicts: readonly Verdict[] =
    verdict === undefined ? ["valid", "refuted", "unknown"] : [verdict];
  return fc.constantFrom(...verdicts).chain((of) =>
    fc
      .record({
        proofHash: digests,
        verdict: fc.constant(of),
        trust: fc.constantFrom(...(of === "valid" ? trusts : ["none" as const])),
        outcome: fc.constantFrom(...OUTCOMES[of]),
        resource: fc.nat({ max: 10_000_000 }).map(toResource),
        size: fc.nat({ max: 100_000 }),
        code: fc.integer({ min: 1, max: 0xffff }),
      })
      .map(({ size, code, ...result }) => ({
        ...result,
        difficulty: toDifficulty(result.resource + size),
        errorCode: codeOf(result.outcome, code),
      })),
  );
}

/** Returns the error code of an outcome. An outcome with several codes gets `other`. */
function codeOf(outcome: Outcome, other: number): number {
  if (outcome === "applied") return RESULT_CODES.none;
  return outcome === "recorded" ? RESULT_CODES.recorded : other;
}
