import type { Proof, ProofBody } from "@aethel/models";
import type { Judgement, JudgePayload, JudgePort } from "./judge-port.ts";

/**
 * Most proofs of one block on which the Judge works at the same time. It is bounded because the
 * Judge's own queue is.
 */
const AT_A_TIME = 64;

/** Options for judging the proofs of a block. */
export interface JudgingOptions {
  readonly judge: JudgePort;
  readonly signal: AbortSignal;
  /** Passed to `JudgePort.check`. Use `none` for a block that has a certificate. */
  readonly patience: "watchdog" | "none";
}

/**
 * Judgements of the proofs of a block (undefined for invokes), or an abstention if the Judge
 * abstained for one of them.
 */
export type BlockJudgement =
  | { readonly type: "judged"; readonly judgements: readonly (Judgement | undefined)[] }
  | { readonly type: "abstained"; readonly reason: string };

/** Has all proofs of a block judged. A proof that was judged before takes only a lookup. */
export async function judgeProofs(
  proofs: readonly Proof[],
  options: JudgingOptions,
): Promise<BlockJudgement> {
  const judgements: (Judgement | undefined)[] = [];
  for (let from = 0; from < proofs.length; from += AT_A_TIME) {
    const some = proofs.slice(from, from + AT_A_TIME);
    const said = await Promise.all(some.map(({ body }) => judgeOne(body, options)));
    const abstained = said.find((judgement) => judgement?.type === "abstained");
    if (abstained?.type === "abstained") return { type: "abstained", reason: abstained.reason };
    judgements.push(...said);
  }
  return { type: "judged", judgements };
}

async function judgeOne(
  body: ProofBody,
  { judge, signal, patience }: JudgingOptions,
): Promise<Judgement | undefined> {
  const payload = payloadOf(body);
  if (payload === undefined) return undefined;
  return judge.check(payload, { resourceLimit: body.resourceLimit, signal, patience });
}

/** Returns the source or script of a proof that the Judge judges; undefined for an invoke. */
export function payloadOf(body: ProofBody): JudgePayload | undefined {
  switch (body.type) {
    case "publish":
      return { type: "publish", source: body.source };
    case "theorem":
      return { type: "theorem", script: body.script };
    case "invoke":
      return undefined;
  }
}
