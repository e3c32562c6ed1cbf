import type { Sequence } from "@aethel/models";
import type { Effect } from "../effect.ts";
import { isTransient } from "../errors.ts";
import type { Occurrence } from "../input.ts";
import type { FallibleCall } from "../interface/replica-event.ts";
import type { StorageTrouble } from "../interface/replica-status.ts";
import type { Application, ApplicationVerdict, Clock, ProposeRequest } from "../ports.ts";
import { pause } from "./pause.ts";

/** Milliseconds after which a block that a disk did not take is given to the application again. */
const RETRY_MS = 1_000;

/** Calls of the application, one at a time. Their answers become inputs. */
export interface ApplicationCalls {
  propose(effect: Extract<Effect, { type: "propose" }>, proposer: ProposeRequest["proposer"]): void;
  verify(effect: Extract<Effect, { type: "verify" }>): void;
  commit(effect: Extract<Effect, { type: "commit" }>): void;
  /** Whether the application has something to propose; false if it throws. */
  hasWork(): boolean;
  /** Reason for which a final block is not applied yet; undefined if there is none. */
  failure(): StorageTrouble | undefined;
  /** Aborts the running call, and resolves when it has ended. */
  stop(): Promise<void>;
}

interface Call {
  readonly kind: "propose" | "verify" | "commit";
  readonly run: () => Promise<void>;
}

/**
 * Creates calls that never overlap. A newer call of a kind aborts the older one, or replaces it if
 * it has not begun. So at most one of each kind waits, however slow the application is. A commit
 * aborts both other kinds. A proposal aborts validation that has no watchdog, which is taken up
 * again.
 */
export function createApplicationCalls(options: {
  readonly application: Application;
  readonly clock: Clock;
  readonly answer: (occurrence: Occurrence) => void;
  /**
   * Called when a call other than `commit` fails. It counts as nothing to propose, an abstention or
   * no work.
   */
  readonly onFailure: (call: FallibleCall, error: unknown) => void;
  /**
   * Called once for each block that could not be stored. The commit is tried again until it works.
   */
  readonly onCommitFailure: (sequence: Sequence, error: unknown) => void;
}): ApplicationCalls {
  const { application, clock, answer, onFailure, onCommitFailure } = options;
  let waiting: readonly Call[] = [];
  let running: Promise<void> | undefined;
  let stopped = false;
  let proposing = new AbortController();
  let verifying = new AbortController();
  let patience: "watchdog" | "none" = "watchdog";
  let failure: StorageTrouble | undefined;
  const stopping = new AbortController();

  const runAll = async (): Promise<void> => {
    for (let call = waiting[0]; call !== undefined && !stopped; call = waiting[0]) {
      waiting = waiting.slice(1);
      await call.run();
    }
    running = undefined;
  };
  const enqueue = (kind: Call["kind"], run: Call["run"]): void => {
    // The engine waits for the answer to the newest call of a kind only.
    waiting = [...waiting.filter((call) => call.kind !== kind), { kind, run }];
    // Not at once: the engine's other effects come first, and an application may call back.
    running ??= Promise.resolve().then(runAll);
  };
  const hasWork = (): boolean => {
    try {
      return application.hasWork();
    } catch (error) {
      onFailure("hasWork", error);
      return false;
    }
  };

  return {
    hasWork,
    failure: () => failure,
    propose(effect, proposer) {
      proposing.abort();
      if (patience === "none") verifying.abort();
      proposing = new AbortController();
      const { signal } = proposing;
      const { sequence, view, timestamp, parentCertificate, evidence, leadership, reason } = effect;
      enqueue("propose", async () => {
        let block: Awaited<ReturnType<Application["propose"]>>;
        try {
          const given = { timestamp, parentCertificate, evidence, leadership, reason };
          const request = { sequence, proposer, ...given, signal };
          if (!signal.aborted) block = await application.propose(request);
        } catch (error) {
          if (!signal.aborted) onFailure("propose", error);
        }
        answer({ type: "proposed", sequence, view, block });
      });
    },
    verify(effect) {
      verifying.abort();
      verifying = new AbortController();
      patience = effect.patience;
      const { signal } = verifying;
      const { block, digest } = effect;
      enqueue("verify", async () => {
        let verdict: ApplicationVerdict = { type: "abstained", reason: "interrupted" };
        try {
          const request = { block, digest, patience: effect.patience, signal };
          if (!signal.aborted) verdict = await application.verify(request);
        } catch (error) {
          if (!signal.aborted) onFailure("verify", error);
          verdict = { type: "abstained", reason: describe(error) };
        }
        answer({ type: "verdict", digest, verdict });
      });
    },
    commit(effect) {
      const { sequence } = effect.finalized.certificate;
      proposing.abort();
      verifying.abort();
      enqueue("commit", async () => {
        while (!stopped) {
          let head: Awaited<ReturnType<Application["commit"]>>;
          try {
            head = await application.commit(effect.finalized, effect.leadership);
          } catch (error) {
            // A disk, or a verdict that is missing, says nothing about a block: only execution contradicts one.
            if (!isTransient(error)) {
              return answer({ type: "contradicted", reason: describe(error) });
            }
            if (failure === undefined) onCommitFailure(sequence, error);
            failure = { call: "commit", error };
            await pause(clock, RETRY_MS, stopping.signal);
            continue;
          }
          failure = undefined;
          return answer({ type: "committed", head, hasWork: hasWork() });
        }
      });
    },
    async stop() {
      stopped = true;
      waiting = [];
      stopping.abort();
      proposing.abort();
      verifying.abort();
      await running;
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
