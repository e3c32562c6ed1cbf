import { AsyncLocalStorage } from "node:async_hooks";
import type { JudgePort } from "@aethel/ledger";
import { blockDigest } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import { createJudge, type Judge } from "@aethel/verifier";

/** A Judge that gives up on what takes too long, unless the caller must know. */
export interface NodeJudge extends JudgePort, AsyncDisposable {
  /**
   * What `action` asks is judged for as long as it takes: where the watchdog has ended one judging,
   * another begins without any.
   */
  patiently<T>(action: () => Promise<T>): Promise<T>;
}

/** Makes a `Judge` that abstains after so many milliseconds of judging. */
export type OpenJudge = (options: {
  readonly workers: number;
  readonly watchdogMilliseconds: number;
}) => Promise<Judge>;

/** The longest that a timer can be set for, 24 days: a watchdog that never barks. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * The watchdog is the chain's judging bound. The time-outs of views are derived from that bound, so
 * whoever takes longer for one proof has lost the view in any case, and a hanging proof of the
 * mempool costs a worker no more than that. A block that others have certified is
 * another matter: it is judged without a watchdog, or a slow machine would follow the
 * chain no further; as is the genesis, without which there is no node.
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
  // Of its own, so that the mempool's proofs are judged meanwhile; and only where it is needed.
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
 * The ledger as the replica asks it: with patience for what a quorum has judged already. A final
 * block is executed by `verify` and not within `commit`, since that goes on to the mempool, whose
 * proofs must not profit.
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
      // What it answers, `commit` finds out again: an application need not remember it.
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
