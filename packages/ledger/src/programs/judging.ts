import type { Proof, ProofBody } from "@aethel/models";
import type { Judgement, JudgePayload, JudgePort } from "./judge-port.ts";

/** Proofs of one block that are with the Judge at a time; its own queue is bounded too. */
const AT_A_TIME = 64;

/** How to judge a block's proofs. */
export interface JudgingOptions {
  readonly judge: JudgePort;
  readonly signal: AbortSignal;
  /** As the Judge has it: `none` for a block that has a certificate. */
  readonly patience: "watchdog" | "none";
}

/** What the Judge says of each proof (undefined for invokes), or that there is no saying now. */
export type BlockJudgement =
  | { readonly type: "judged"; readonly judgements: readonly (Judgement | undefined)[] }
  | { readonly type: "abstained"; readonly reason: string };

/** Judges all proofs of a block; those that are known cost a lookup. */
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

/** What of a proof the Judge has to see; undefined for an invoke. */
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
