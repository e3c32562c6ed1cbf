import {
  beginBlock,
  createPrograms,
  type ExecutionTools,
  type Judgement,
  type JudgePort,
  type LedgerState,
  sealHeader,
} from "@aethel/ledger";
import type { Proof, ProofBlock, VerifySigned } from "@aethel/models";

/**
 * The block that a leader builds whose Judge calls refuted intents proved: executed with that, so
 * that every root and sum is right but for the verdicts. Undefined when there is none to lie about.
 */
export async function createLie(
  block: ProofBlock,
  how: {
    readonly state: LedgerState;
    readonly judge: JudgePort;
    readonly verifySigned: VerifySigned;
  },
): Promise<ProofBlock | undefined> {
  const { state, judge, verifySigned } = how;
  const { proofs, evidence, parentCertificate, header } = block;
  const said = await Promise.all(proofs.map((proof) => ask(judge, proof)));
  const judgements = said.map((judgement, at) => calledProved(judgement, proofs[at]));
  if (judgements.every((judgement, at) => judgement === said[at])) return undefined;
  const tools: ExecutionTools = {
    programs: createPrograms(),
    // The leader's own ledger chose them.
    checkProof: () => undefined,
    verifySigned,
  };
  const opening = { proposer: header.proposer, evidence, parentCertificate };
  const begun = beginBlock(state, opening, tools);
  if (begun.type === "defect") return undefined;
  for (const [at, proof] of proofs.entries()) {
    if (begun.run.add(proof, judgements[at]) !== undefined) return undefined;
  }
  const body = { ...opening, proofs, timestamp: header.timestamp };
  return { ...block, header: sealHeader(state, body, begun.run.finish()) };
}

async function ask(judge: JudgePort, { body }: Proof): Promise<Judgement | undefined> {
  const { resourceLimit } = body;
  switch (body.type) {
    case "publish":
      return judge.check({ type: "publish", source: body.source }, { resourceLimit });
    case "theorem":
      return judge.check({ type: "theorem", script: body.script }, { resourceLimit });
    case "invoke":
      return undefined;
  }
}

/** Only of a publish: false theorems convict nobody, since nobody checks them without a solver. */
function calledProved(
  judgement: Judgement | undefined,
  proof: Proof | undefined,
): Judgement | undefined {
  const isFalse = judgement?.type === "judged" && judgement.verdict === "refuted";
  return isFalse && proof?.body.type === "publish" ? { ...judgement, verdict: "valid" } : judgement;
}
