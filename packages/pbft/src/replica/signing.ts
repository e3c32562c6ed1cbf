import type { AccountId, Digest, Sequence, Signer } from "@aethel/models";
import type { Occurrence } from "../input.ts";
import type { Clock, SigningLog, Transport } from "../ports.ts";
import type { SigningEntry } from "../record.ts";
import { type Statement, sequenceOf, signStatement } from "../statement.ts";
import type { ReplicaEvent } from "./replica-event.ts";
import { createSigningRecords, type LogFailure } from "./signing-records.ts";

/** A log that failed is tried again after this time. */
const RETRY_MS = 1_000;

/** The signing side of the driver: nothing is said before what it rests on is durable. */
export interface Signing {
  /** @throws PbftError `SIGNING_RECORD`, or whatever the log throws. */
  load(): Promise<readonly SigningEntry[]>;
  persist(entries: readonly SigningEntry[]): Promise<void>;
  forget(entries: readonly SigningEntry[]): Promise<void>;
  /** Signs and sends; while the log fails, holds the statement back instead. */
  say(statement: Statement): void;
  /** Tries to write the log anew; if that works, what was held back and still matters is said. */
  retry(): Promise<void>;
  /** The failure that keeps this replica from signing. */
  failure(): LogFailure | undefined;
  stop(): void;
}

/**
 * Signing over a log that may fail. Then this replica signs nothing, says so, and tries to write the
 * log anew until that works. Calls must not overlap.
 */
export function createSigning(options: {
  readonly log: SigningLog;
  readonly clock: Clock;
  readonly genesis: Digest;
  readonly signer: Signer;
  readonly id: AccountId;
  readonly transport: Pick<Transport, "broadcast">;
  readonly input: (occurrence: Occurrence) => void;
  readonly emit: (event: ReplicaEvent) => void;
  /** Sequence in hand. */
  readonly sequence: () => Sequence | undefined;
  /** It is time for `retry`. */
  readonly onRetry: () => void;
}): Signing {
  const { log, clock, genesis, signer, id, transport, input, emit } = options;
  const records = createSigningRecords(log);
  let failure: LogFailure | undefined;
  let withheld: readonly Statement[] = [];
  let cancelRetry = (): void => {};

  const say = (statement: Statement): void => {
    const message = signStatement({ statement, genesis, signer });
    transport.broadcast(message);
    if (message.type === "pre-prepare" || message.type === "new-view") {
      const { sequence, view, digest } = message.proposal;
      emit({ type: "proposed", sequence, view, digest });
    }
    input({ type: "message", message, from: id });
  };
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
      if (failure === undefined) return say(statement);
      const sequence = options.sequence();
      // What was held back of a sequence that is over says nothing to anybody any more.
      withheld = [...withheld.filter((held) => sequenceOf(held) === sequence), statement];
    },
    async retry() {
      if (failure === undefined) return;
      const next = await records.mend();
      if (next !== undefined) return suspend(next);
      failure = undefined;
      const statements = withheld;
      withheld = [];
      emit({ type: "signing-resumed" });
      for (const statement of statements) {
        if (sequenceOf(statement) === options.sequence()) say(statement);
      }
      input({ type: "signing", possible: true });
    },
    failure: () => failure,
    stop: () => cancelRetry(),
  };
}
