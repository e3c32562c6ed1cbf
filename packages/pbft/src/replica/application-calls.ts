import type { Effect } from "../effect.ts";
import { isTransient } from "../errors.ts";
import type { StorageTrouble } from "../interface/replica-status.ts";
import { pause } from "../peers/pause.ts";
import type { Application, ApplicationVerdict, ProposeRequest } from "../ports.ts";
import type { CallOptions } from "./call-options.ts";
import { type ClaimSearches, createClaimSearches } from "./claim-searches.ts";

/**
 * Milliseconds after which a block is passed to the application again, if a disk did not accept it.
 */
const RETRY_MS = 1_000;

/** Calls of the application, one at a time. Their results become inputs. */
export interface ApplicationCalls {
  propose(effect: Extract<Effect, { type: "propose" }>, proposer: ProposeRequest["proposer"]): void;
  verify(effect: Extract<Effect, { type: "verify" }>): void;
  /**
   * Starts a search for a false header. The engine starts one at a time. A search runs beside
   * proposals only: it is aborted while a validation or a commit waits or runs, and repeated after.
   */
  findClaim(effect: Extract<Effect, { type: "find-claim" }>): void;
  commit(effect: Extract<Effect, { type: "commit" }>): void;
  /** Whether the application has something to propose. False if it throws. */
  hasWork(): boolean;
  /** Failure because of which a final block is not applied yet. Undefined if there is none. */
  failure(): StorageTrouble | undefined;
  /** Aborts the running call. Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Creates calls that never overlap, except for searches. A newer call of a kind aborts the older
 * one, or replaces it if it has not begun. So at most one of each kind waits, however slow the
 * application is. A commit aborts both other kinds. A proposal aborts a validation without a
 * watchdog, which is then started again.
 */
export function createApplicationCalls(options: CallOptions): ApplicationCalls {
  const { onCommitFailure } = options;
  const searches = createClaimSearches(options);
  const line = createCallLine(searches);
  const stopping = new AbortController();
  let proposing = new AbortController();
  let verifying = new AbortController();
  let patience: "watchdog" | "none" = "watchdog";
  let failure: StorageTrouble | undefined;

  return {
    hasWork: () => hasWork(options),
    failure: () => failure,
    propose(effect, proposer) {
      proposing.abort();
      if (patience === "none") verifying.abort();
      proposing = new AbortController();
      const { signal } = proposing;
      line.enqueue("propose", () => propose(effect, proposer, { ...options, signal }));
    },
    verify(effect) {
      verifying.abort();
      verifying = new AbortController();
      patience = effect.patience;
      const { signal } = verifying;
      line.enqueue("verify", () => verify(effect, { ...options, signal }));
    },
    findClaim: (effect) => searches.start(effect),
    commit(effect) {
      const { sequence } = effect.finalized.certificate;
      proposing.abort();
      verifying.abort();
      const note = (trouble: StorageTrouble | undefined): void => {
        if (trouble !== undefined && failure === undefined) {
          onCommitFailure(sequence, trouble.error);
        }
        failure = trouble;
      };
      line.enqueue("commit", () => commit(effect, note, { ...options, signal: stopping.signal }));
    },
    async stop() {
      line.close();
      stopping.abort();
      proposing.abort();
      verifying.abort();
      await Promise.all([line.ended(), searches.stop()]);
    },
  };
}

/** Queue of calls, of which one runs. At most one call of each kind waits. */
interface CallLine {
  /** Adds a call at the end. It replaces a waiting call of its kind. */
  enqueue(kind: Call["kind"], run: Call["run"]): void;
  /** Drops the waiting calls, and starts no further one. */
  close(): void;
  /** Resolves when no call runs. */
  ended(): Promise<void>;
}

interface Call {
  readonly kind: "propose" | "verify" | "commit";
  readonly run: () => Promise<void>;
}

/** Creates an empty queue. Searches pause while it has a call that may ask the Judge. */
function createCallLine(searches: Pick<ClaimSearches, "hold" | "release">): CallLine {
  let waiting: readonly Call[] = [];
  let running: Promise<void> | undefined;
  let isClosed = false;
  const runAll = async (): Promise<void> => {
    for (let call = waiting[0]; call !== undefined && !isClosed; call = waiting[0]) {
      waiting = waiting.slice(1);
      if (call.kind !== "propose") searches.hold();
      await call.run();
      if (waiting.every(({ kind }) => kind === "propose")) searches.release();
    }
    running = undefined;
  };
  return {
    enqueue(kind, run) {
      // The engine waits for the answer to the newest call of a kind only.
      waiting = [...waiting.filter((call) => call.kind !== kind), { kind, run }];
      if (kind !== "propose") searches.hold();
      // Not at once: the engine's other effects come first, and an application may call back.
      running ??= Promise.resolve().then(runAll);
    },
    close() {
      isClosed = true;
      waiting = [];
    },
    ended: async () => running,
  };
}

interface Interruptible extends CallOptions {
  readonly signal: AbortSignal;
}

function hasWork({ application, onFailure }: CallOptions): boolean {
  try {
    return application.hasWork();
  } catch (error) {
    onFailure("hasWork", error);
    return false;
  }
}

/** Requests a block from the application. A failure counts as nothing to propose. */
async function propose(
  effect: Extract<Effect, { type: "propose" }>,
  proposer: ProposeRequest["proposer"],
  { application, answer, onFailure, signal }: Interruptible,
): Promise<void> {
  const { sequence, view, timestamp, parentCertificate, evidence, leadership, reason } = effect;
  let block: Awaited<ReturnType<Application["propose"]>>;
  try {
    const given = { timestamp, parentCertificate, evidence, leadership, reason };
    const request = { sequence, proposer, ...given, signal };
    if (!signal.aborted) block = await application.propose(request);
  } catch (error) {
    if (!signal.aborted) onFailure("propose", error);
  }
  answer({ type: "proposed", sequence, view, block });
}

/** Has a block validated. A failure counts as an abstention. */
async function verify(
  { block, digest, patience }: Extract<Effect, { type: "verify" }>,
  { application, answer, onFailure, signal }: Interruptible,
): Promise<void> {
  let verdict: ApplicationVerdict = { type: "abstained", reason: "interrupted" };
  try {
    const request = { block, digest, patience, signal };
    if (!signal.aborted) verdict = await application.verify(request);
  } catch (error) {
    if (!signal.aborted) onFailure("verify", error);
    verdict = { type: "abstained", reason: describe(error) };
  }
  answer({ type: "verdict", digest, verdict });
}

/**
 * Passes a final block to the application until it is stored or contradicted. `note` is called with
 * each failure of the storage, and with undefined when there is none any more.
 */
async function commit(
  { finalized, leadership }: Extract<Effect, { type: "commit" }>,
  note: (trouble: StorageTrouble | undefined) => void,
  options: Interruptible,
): Promise<void> {
  const { application, clock, answer, signal } = options;
  while (!signal.aborted) {
    let head: Awaited<ReturnType<Application["commit"]>>;
    try {
      head = await application.commit(finalized, leadership);
    } catch (error) {
      // A disk, or a verdict that is missing, says nothing about a block: only execution contradicts one.
      if (!isTransient(error)) {
        return answer({ type: "contradicted", reason: describe(error) });
      }
      note({ call: "commit", error });
      await pause(clock, RETRY_MS, signal);
      continue;
    }
    note(undefined);
    return answer({ type: "committed", head, hasWork: hasWork(options) });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
