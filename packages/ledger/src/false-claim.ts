import {
  equalBytes,
  type InvalidVerification,
  Proof,
  type ProofBlock,
  proveListItem,
  VerificationResult,
  verificationRoot,
} from "@aethel/models";
import { compileSource } from "@aethel/verifier";
import { encodeCertificate } from "@aethel/verifier/certificate";
import { encodeCounterexample } from "./counterexample.ts";
import { beginBlock, type ExecutionTools } from "./execution.ts";
import type { Judged, Judgement } from "./ports.ts";
import type { LedgerState } from "./state.ts";

/** A result in a block that is `valid` for a claim that a concrete run refutes. */
export type FalseClaim = Pick<
  InvalidVerification,
  "proof" | "proofPath" | "result" | "resultPath" | "counterexample"
>;

type Judgements = readonly (Judgement | undefined)[];

/**
 * What convicts everybody who votes for a block in which an intent that the Judge refutes passes for
 * proved. The header has only the root of the results, so the lie is found by telling it: the block
 * is executed with `valid` in the place of `refuted`, and the root must come out. A lie about the
 * difficulty as well is therefore refused like any other wrong block, and accuses nobody.
 */
export function findFalseClaim(
  state: LedgerState,
  block: ProofBlock,
  judgements: Judgements,
  tools: ExecutionTools,
): FalseClaim | undefined {
  const refuted = judgements.flatMap((judgement, at) => {
    const proof = block.proofs[at];
    if (judgement?.type !== "judged" || judgement.verdict !== "refuted") return [];
    if (proof?.body.type !== "publish") return [];
    const counterexample = encodeCounterexample(proof.body.source, judgement.counterexample);
    return counterexample === undefined ? [] : [{ at, proof, counterexample }];
  });
  // All of them together, or only one of them: nobody lies about some in secret.
  const guesses = [new Set(refuted.map(({ at }) => at)), ...refuted.map(({ at }) => new Set([at]))];
  for (const lies of guesses.slice(0, GUESSES_MAX)) {
    const results = resultsWith(state, block, { judgements, lies, tools });
    if (results === undefined) continue;
    if (!equalBytes(verificationRoot(results), block.header.verificationRoot)) continue;
    const lie = refuted.find(({ at }) => lies.has(at));
    const result = lie === undefined ? undefined : results[lie.at];
    if (lie === undefined || result?.verdict !== "valid") continue;
    const { at, proof, counterexample } = lie;
    const proofPath = proveListItem(
      block.proofs.map((one) => Proof.encode(one)),
      at,
    );
    const resultPath = proveListItem(
      results.map((one) => VerificationResult.encode(one)),
      at,
    );
    return { proof, proofPath, result, resultPath, counterexample };
  }
  return undefined;
}

/** Each guess executes the block once. */
const GUESSES_MAX = 4;

function resultsWith(
  state: LedgerState,
  block: ProofBlock,
  how: {
    readonly judgements: Judgements;
    readonly lies: ReadonlySet<number>;
    readonly tools: ExecutionTools;
  },
): readonly VerificationResult[] | undefined {
  const { judgements, lies, tools } = how;
  if (lies.size === 0) return undefined;
  const { proposer, timestamp: now } = block.header;
  const opening = { ...block, proposer, now };
  const begun = beginBlock(state, opening, tools);
  if (begun.type === "defect") return undefined;
  for (const [at, proof] of block.proofs.entries()) {
    const said = judgements[at];
    const { body } = proof;
    const isLie = lies.has(at) && said?.type === "judged" && body.type === "publish";
    const judgement = isLie ? calledCertified(said, body.source) : said;
    if (begun.run.add(proof, judgement) !== undefined) return undefined;
  }
  return begun.run.finish().results;
}

/**
 * Judgement that a liar needs: an intent only enters as certified. The liar's certificate need not be
 * known, since no result depends on its bytes; this one is empty for each intent.
 */
function calledCertified(refuted: Judged, source: Uint8Array): Judged {
  const compiled = compileSource(source);
  const certificate = encodeCertificate(compiled.ok ? compiled.intents.map(() => []) : []);
  return { ...refuted, verdict: "valid", trust: "certified", certificate };
}
