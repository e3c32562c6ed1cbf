import type { Digest } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import type { Observation } from "../checkers/checker.ts";
import { type DiskFault, diskError } from "../virtual-disk/virtual-disk.ts";
import type { VirtualProcess } from "../virtual-time/process.ts";

/**
 * Wraps an application for the checkers. Validation takes virtual time. The wrapper tells the
 * checkers which blocks the application accepts and applies. A call that is made after the node's
 * process has ended never returns.
 */
export function observeApplication(options: {
  readonly application: Application;
  /** Whether every lookup of an item fails, as if the mempool were empty. */
  readonly isPoolless: boolean;
  readonly process: VirtualProcess;
  readonly node: number;
  /** Returns the milliseconds that the validation of a block takes. */
  readonly judgingMs: (digest: Digest) => number;
  readonly tell: (observation: Observation) => void;
  /** Draws whether the write of a block to disk fails, and how. Undefined: it works. */
  readonly drawFault: () => DiskFault | undefined;
}): Application {
  const { application, process, node, judgingMs, tell, drawFault } = options;
  return {
    head: () => application.head(),
    hasWork: () => application.hasWork(),
    item: (hash) => (options.isPoolless ? undefined : application.item?.(hash)),
    finalized: (sequence) => application.finalized(sequence),
    header: (sequence) => application.header(sequence),
    propose: (request) =>
      whileAlive(process, async () => {
        const block = await application.propose(request);
        if (block !== undefined) tell({ type: "verified", node, block });
        return block;
      }),
    verify: (request) =>
      whileAlive(process, async () => {
        await new Promise<void>((resolve) => {
          process.after(judgingMs(request.digest), resolve);
        });
        const verdict = await application.verify(request);
        if (verdict.type === "accepted") tell({ type: "verified", node, block: request.block });
        return verdict;
      }),
    findClaim: (request) => whileAlive(process, async () => application.findClaim?.(request)),
    commit: (finalized, leadership) =>
      whileAlive(process, async () => {
        const fault = drawFault();
        if (fault !== undefined) throw diskError(fault);
        const head = await application.commit(finalized, leadership);
        tell({ type: "applied", node, finalized, head });
        return head;
      }),
  };
}

/**
 * Starts a call, or returns a promise that never settles if the process has crashed. Crashes happen
 * only between two events, so a call that has started is not interrupted.
 */
function whileAlive<T>(process: VirtualProcess, call: () => Promise<T>): Promise<T> {
  if (process.state === "crashed") return new Promise<T>(() => undefined);
  return call();
}
