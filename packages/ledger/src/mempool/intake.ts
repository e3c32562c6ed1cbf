import { assert } from "@aethel/models";
import type { PendingProof } from "../pending/pending.ts";
import { trustOf } from "../programs/certificates.ts";
import type { Judgement, JudgePort } from "../programs/judge-port.ts";
import { payloadOf } from "../programs/judging.ts";
import type { Mempool } from "./mempool.ts";
import type { MempoolEvent } from "./mempool-event.ts";

/** Process that has the proofs of a mempool judged, a few at a time. */
export interface Intake {
  /**
   * Passes proofs to the Judge until it works on as many as allowed. MUST be called after every
   * change of the mempool.
   */
  judgeMore(): void;
}

const JUDGING_MAX = 4;

/** Options of an intake. */
export interface IntakeOptions {
  readonly judge: JudgePort;
  readonly mempool: Mempool;
  /** Most proofs that the Judge works on at the same time. Default: 4. */
  readonly judgingMax?: number;
  readonly signal?: AbortSignal;
  readonly tell: (event: MempoolEvent) => void;
}

/**
 * Creates an intake. It has proofs judged as soon as they arrive. A block of known proofs then
 * needs only lookups of their judgements.
 */
export function createIntake(options: IntakeOptions): Intake {
  const { mempool, judgingMax = JUDGING_MAX, signal } = options;
  let judging = 0;
  const judgeMore = (): void => {
    while (judging < judgingMax && signal?.aborted !== true) {
      const pending = mempool.takeToJudge();
      if (pending === undefined) return;
      judging += 1;
      void judgePending(pending, options).finally(() => {
        judging -= 1;
        judgeMore();
      });
    }
  };
  return { judgeMore };
}

async function judgePending(pending: PendingProof, options: IntakeOptions): Promise<void> {
  const { mempool, tell } = options;
  const judgement = await ask(pending, options);
  const dropped = mempool.settle(pending, judgement);
  const { body } = pending.proof;
  if (judgement.type === "judged") {
    tell({
      type: "judged",
      proofHash: pending.hash,
      author: body.author,
      kind: body.type,
      verdict: judgement.verdict,
      trust: trustOf(judgement),
      code: judgement.code,
      difficulty: judgement.difficulty,
      resource: judgement.resource,
      milliseconds: judgement.milliseconds,
      reason: judgement.reason,
      counterexample: judgement.counterexample,
    });
  }
  for (const { hash, refusal } of dropped) tell({ type: "dropped", proofHash: hash, refusal });
  tell({ type: "mempool", count: mempool.count, bytes: mempool.bytes });
}

async function ask(pending: PendingProof, { judge, signal }: IntakeOptions): Promise<Judgement> {
  const { body } = pending.proof;
  const payload = payloadOf(body);
  assert(payload !== undefined, "only what needs judging is judged");
  const { resourceLimit } = body;
  try {
    const how = signal === undefined ? { resourceLimit } : { resourceLimit, signal };
    return await judge.check(payload, how);
  } catch (error) {
    // The Judge was closed under way, or is broken: this node has nothing to say.
    return { type: "abstained", reason: error instanceof Error ? error.message : String(error) };
  }
}
