import type { ConsensusMessage, Sequence } from "@aethel/models";
import { authenticate } from "../authenticate.ts";
import { contextAt } from "../inbox/verification.ts";
import type { Occurrence } from "../input.ts";
import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import { signerFor, signersOf } from "../own-key.ts";
import type { Clock, SigningLog, Transport } from "../ports.ts";
import type { SigningEntry } from "../record.ts";
import { type State, statingIndex } from "../state.ts";
import { type Statement, sequenceOf, signStatement } from "../statement.ts";
import { createSigningRecords, type LogFailure } from "./signing-records.ts";

/** Milliseconds after which a failed write to the signing log is tried again. */
const RETRY_MS = 1_000;

/**
 * Part of the driver that signs. It sends nothing before the entries on which it depends are
 * durable.
 */
export interface Signing {
  /**
   * Loads the entries of the signing log.
   *
   * @throws PbftError `SIGNING_RECORD`, or whatever the log throws.
   */
  load(): Promise<readonly SigningEntry[]>;
  persist(entries: readonly SigningEntry[]): Promise<void>;
  forget(entries: readonly SigningEntry[]): Promise<void>;
  /** Signs and sends a statement. While the signing log fails, keeps the statement for later. */
  say(statement: Statement): void;
  /**
   * Tries to rewrite the signing log. If that works, signs and sends the kept statements that are
   * still of use.
   */
  retry(): Promise<void>;
  /** Failure because of which this replica cannot sign. Undefined if there is none. */
  failure(): LogFailure | undefined;
  stop(): void;
}

/** Parts of the driver that signing uses. */
interface SigningOptions {
  readonly log: SigningLog;
  readonly clock: Clock;
  readonly options: Pick<ReplicaOptions, "genesis" | "id" | "verify" | "signer" | "signers">;
  readonly state: () => State | undefined;
  readonly transport: Pick<Transport, "broadcast">;
  /**
   * Takes a message of this replica. It is handled like all other messages, including the check of
   * its signature.
   */
  readonly receive: (message: ConsensusMessage) => void;
  readonly input: (occurrence: Occurrence) => void;
  readonly emit: (event: ReplicaEvent) => void;
  /** Called when the driver should call `retry`. */
  readonly onRetry: () => void;
}

/**
 * Creates the signing part over a log that may fail. While the log fails, this replica signs
 * nothing, reports that, and tries to rewrite the log until that works. Calls must not overlap.
 */
export function createSigning(options: SigningOptions): Signing {
  const { log, clock, input, emit, state: stateNow } = options;
  const sequenceNow = (): Sequence | undefined => stateNow()?.sequence;
  const records = createSigningRecords(log);
  let failure: LogFailure | undefined;
  let withheld: readonly Statement[] = [];
  let cancelRetry = (): void => {};

  const suspend = (next: LogFailure | undefined): void => {
    if (next === undefined) return;
    const isNew = failure === undefined;
    failure = next;
    cancelRetry = clock.schedule(RETRY_MS, options.onRetry);
    if (!isNew) return;
    emit({ type: "signing-suspended", ...next });
    input({ type: "signing", possible: false });
  };
  return {
    load: () => records.load(),
    async persist(entries) {
      suspend(await records.persist(entries));
    },
    async forget(entries) {
      suspend(await records.forget(entries));
    },
    say(statement) {
      if (failure === undefined) return signAndSend(statement, options);
      const current = sequenceNow();
      // What was held back of a sequence that is over says nothing to anybody any more.
      withheld = [...withheld.filter((held) => sequenceOf(held) === current), statement];
    },
    async retry() {
      if (failure === undefined) return;
      const next = await records.repair();
      if (next !== undefined) return suspend(next);
      failure = undefined;
      const statements = withheld;
      withheld = [];
      emit({ type: "signing-resumed" });
      for (const statement of statements) {
        if (sequenceOf(statement) === sequenceNow()) signAndSend(statement, options);
      }
      input({ type: "signing", possible: true });
    },
    failure: () => failure,
    stop: () => cancelRetry(),
  };
}

/** Signs and sends a statement, unless the state no longer allows it. */
function signAndSend(
  statement: Statement,
  { options, state: stateNow, transport, emit, receive }: SigningOptions,
): void {
  const { genesis, id } = options;
  const state = stateNow();
  const set = state?.head.validators;
  // Of several keys the one that the current set names.
  const signer = set && signerFor(signersOf(options), id, set);
  // What was held back meanwhile may not be said any more.
  if (state === undefined || statingIndex(state) === undefined || signer === undefined) return;
  const message = signStatement({ statement, genesis, signer });
  const context = contextAt(state, sequenceOf(message), options);
  const reason = authenticate(message, context);
  if (reason !== undefined) {
    // A signer that does not sign what it is asked to: nobody would take this, so nobody gets it.
    emit({ type: "discarded", input: message.type, reason, from: id });
    return;
  }
  transport.broadcast(message);
  if (message.type === "pre-prepare" || message.type === "new-view") {
    const { sequence, view, digest } = message.proposal;
    emit({ type: "proposed", sequence, view, digest });
  }
  receive(message);
}
