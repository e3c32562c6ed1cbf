import { AsyncLocalStorage } from "node:async_hooks";
import type { JudgePort } from "@aethel/ledger";
import { blockDigest } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import { createJudge, type Judge } from "@aethel/verifier";

/** A Judge with a watchdog that some calls can do without. */
export interface NodeJudge extends JudgePort, AsyncDisposable {
  /**
   * Runs `action` without a time limit on judging: where the watchdog has ended a judging, it is judged
   * again without one.
   */
  patiently<T>(action: () => Promise<T>): Promise<T>;
}

/** Opens a `Judge` that abstains after `watchdogMilliseconds` of judging. */
export type OpenJudge = (options: {
  readonly workers: number;
  readonly watchdogMilliseconds: number;
}) => Promise<Judge>;

/** Longest time that a timer can be set for, 24 days: in effect no watchdog. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * Creates the Judge of a node. Its watchdog is the chain's judging bound. Timeouts of views follow from
 * that bound, so a proof that takes longer loses the view in any case, and a hanging proof of the mempool
 * occupies a worker no longer. The genesis and blocks that a quorum has certified are judged without a
 * watchdog: otherwise a slow machine could not follow the chain.
 */
export async function createNodeJudge(options: {
  readonly workers: number;
  readonly judgingBoundMs: number;
  readonly open?: OpenJudge;
}): Promise<NodeJudge> {
  const { workers, judgingBoundMs, open = openJudge } = options;
  const judge = await open({ workers, watchdogMilliseconds: judgingBoundMs });
  const patience = new AsyncLocalStorage<"none">();
  let patient: Promise<Judge> | undefined;
  // A separate one, opened when it is needed: the first judges the mempool's proofs meanwhile.
  const patientJudge = (): Promise<Judge> =>
    (patient ??= open({ workers: 1, watchdogMilliseconds: NEVER_MS }));
  return {
    async check(payload, how) {
      const judgement = await judge.check(payload, how);
      const isTooSlow = judgement.type === "abstained" && judgement.reason === "watchdog";
      if (!isTooSlow || patience.getStore() === undefined) return judgement;
      return await (await patientJudge()).check(payload, how);
    },
    patiently: (action) => patience.run("none", action),
    async [Symbol.asyncDispose]() {
      const opened = patient;
      patient = undefined;
      await judge.close();
      await (await opened)?.close();
    },
  };
}

/**
 * The ledger as the replica uses it: what a quorum has accepted is judged without a time limit. A final
 * block is executed by `verify` before `commit`, since `commit` also judges proofs of the mempool, which
 * keep their limit.
 */
export function withPatience(application: Application, judge: NodeJudge): Application {
  const verify: Application["verify"] = (request) =>
    request.patience === "none"
      ? judge.patiently(() => application.verify(request))
      : application.verify(request);
  return {
    head: () => application.head(),
    hasWork: () => application.hasWork(),
    propose: (request) => application.propose(request),
    verify,
    async commit(final, leadership) {
      const digest = blockDigest(final.block.header);
      const { signal } = new AbortController();
      // The answer is dropped: `commit` finds it out again.
      await verify({ block: final.block, digest, patience: "none", signal });
      return await application.commit(final, leadership);
    },
    item: (hash) => application.item?.(hash),
    finalized: (sequence) => application.finalized(sequence),
  };
}

function openJudge({ workers, watchdogMilliseconds }: Parameters<OpenJudge>[0]): Promise<Judge> {
  return createJudge({ workers, limits: { watchdogMilliseconds } });
}
