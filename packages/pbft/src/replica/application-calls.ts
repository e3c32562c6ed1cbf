import type { Effect } from "../effect.ts";
import type { Occurrence } from "../input.ts";
import type { Application, ApplicationVerdict, ProposeRequest } from "../ports.ts";

/** The application's side of the driver: one call at a time, answers as inputs. */
export interface ApplicationCalls {
  propose(effect: Extract<Effect, { type: "propose" }>, proposer: ProposeRequest["proposer"]): void;
  verify(effect: Extract<Effect, { type: "verify" }>): void;
  commit(effect: Extract<Effect, { type: "commit" }>): void;
  /** Aborts what runs and resolves when the application has let go. */
  stop(): Promise<void>;
}

/**
 * Serializes calls: they never overlap. A newer call of a kind aborts the older one, a commit
 * aborts both, and a proposal interrupts judging that has no watchdog, which is taken up again.
 */
export function createApplicationCalls(options: {
  readonly application: Application;
  readonly answer: (occurrence: Occurrence) => void;
  /** An application's `propose` or `verify` threw: it counts as nothing to propose, or abstention. */
  readonly onFailure: (call: "propose" | "verify", error: unknown) => void;
}): ApplicationCalls {
  const { application, answer, onFailure } = options;
  let tail: Promise<void> = Promise.resolve();
  let proposing = new AbortController();
  let verifying = new AbortController();
  let patience: "watchdog" | "none" = "watchdog";
  const enqueue = (call: () => Promise<void>): void => {
    tail = tail.then(call);
  };
  return {
    propose(effect, proposer) {
      proposing.abort();
      if (patience === "none") verifying.abort();
      const controller = new AbortController();
      proposing = controller;
      const { sequence, view, timestamp, parentCertificate, evidence, reason } = effect;
      const { signal } = controller;
      enqueue(async () => {
        let block: Awaited<ReturnType<Application["propose"]>>;
        try {
          const request = { sequence, timestamp, proposer, parentCertificate, evidence, reason };
          if (!signal.aborted) block = await application.propose({ ...request, signal });
        } catch (error) {
          if (!signal.aborted) onFailure("propose", error);
        }
        answer({ type: "proposed", sequence, view, block });
      });
    },
    verify(effect) {
      verifying.abort();
      const controller = new AbortController();
      verifying = controller;
      patience = effect.patience;
      const { signal } = controller;
      const { block, digest } = effect;
      enqueue(async () => {
        let verdict: ApplicationVerdict = { type: "abstained", reason: "interrupted" };
        try {
          if (!signal.aborted) {
            verdict = await application.verify({
              block,
              digest,
              patience: effect.patience,
              signal,
            });
          }
        } catch (error) {
          if (!signal.aborted) onFailure("verify", error);
          verdict = { type: "abstained", reason: describe(error) };
        }
        answer({ type: "verdict", digest, verdict });
      });
    },
    commit(effect) {
      proposing.abort();
      verifying.abort();
      enqueue(async () => {
        try {
          const head = await application.commit(effect.finalized);
          answer({ type: "committed", head, hasWork: application.hasWork() });
        } catch (error) {
          answer({ type: "contradicted", reason: describe(error) });
        }
      });
    },
    async stop() {
      proposing.abort();
      verifying.abort();
      await tail;
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
