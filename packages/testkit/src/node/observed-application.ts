import type { Digest } from "@aethel/models";
import type { Application } from "@aethel/pbft";
import type { Observation } from "../checkers/checker.ts";
import { type DiskFault, diskError } from "../virtual-disk/virtual-disk.ts";
import type { VirtualProcess } from "../virtual-time/process.ts";

/**
 * An application as the checkers watch it: it takes virtual time to verify, it tells what it
 * accepted and applied, and with its process gone it never answers again.
 */
export function observeApplication(options: {
  readonly application: Application;
  readonly process: VirtualProcess;
  readonly node: number;
  /** How long the verification of the block with this digest takes. */
  readonly judgingMs: (digest: Digest) => number;
  readonly tell: (observation: Observation) => void;
  /** How the disk fails that the block would be written to. */
  readonly drawFault: () => DiskFault | undefined;
}): Application {
  const { application, process, node, judgingMs, tell, drawFault } = options;
  return {
    head: () => application.head(),
    hasWork: () => application.hasWork(),
    finalized: (sequence) => application.finalized(sequence),
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

/** A crash can only come between two events, so nothing is interrupted half-way: it never starts. */
function whileAlive<T>(process: VirtualProcess, call: () => Promise<T>): Promise<T> {
  if (process.state === "crashed") return new Promise<T>(() => undefined);
  return call();
}
