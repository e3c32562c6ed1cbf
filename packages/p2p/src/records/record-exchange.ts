import { equalBytes } from "@aethel/models";
import { accountId, boundedBytes, type Infer, list, natural, struct } from "@aethel/models/codec";
import type { Connection, Stream } from "@libp2p/interface";
import type { DropReason } from "../events.ts";
import { exchangeFrames } from "../framing/exchange-frames.ts";
import { encodeFrame } from "../framing/frames.ts";
import { readFrame } from "../framing/read-frame.ts";
import type { PeerLimits } from "../limits.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import { createTokenBucket, type TokenBucket } from "../peers/token-bucket.ts";
import type { RecordStore } from "./record-store.ts";
import { ValidatorRecord } from "./validator-record.ts";

/** Most records in an answer. A peer that lacks more asks again. */
const RECORDS_MAX = 64;
/** Most records that a question names as known. */
const KNOWN_MAX = 1_024;
/** Questions of one peer in a second that are answered, and at once. */
const QUESTIONS = { ratePerSecond: 2, burst: 8 };
/** Peers that are asked in each round. */
const ASKED_MAX = 4;

/** Question for the records that the asker lacks. */
export const RecordsQuestion = struct("RecordsQuestion", {
  known: list(struct("KnownRecord", { validator: accountId, sequence: natural(8) }), KNOWN_MAX),
});
export type RecordsQuestion = Infer<typeof RecordsQuestion>;

/** Records that the asker lacks. */
export const RecordsAnswer = struct("RecordsAnswer", {
  records: list(boundedBytes(ValidatorRecord.maxBytes), RECORDS_MAX),
});

/** Exchange of validators' records with peers. */
export interface RecordExchange {
  /** Answers a question of a peer. */
  readonly accept: (stream: Stream, connection: Connection) => Promise<void>;
  /** Asks a peer for the records that this node lacks. Resolves when it has answered or failed. */
  ask(session: Session): Promise<void>;
  /** Asks some peers each `recordsIntervalMs`, until `stop`. */
  start(): void;
  stop(): void;
}

/** Parts of the transport that the exchange uses. */
export interface RecordExchangeOptions {
  readonly protocol: string;
  readonly limits: Pick<PeerLimits, "requestTimeoutMs" | "recordsIntervalMs">;
  readonly sessions: Sessions;
  readonly store: RecordStore;
  readonly now: () => number;
  /** Called when a record is new. */
  readonly onNew: () => void;
  /** Called before each round. */
  readonly onRound: () => void;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
}

/** Creates the exchange. */
export function createRecordExchange(options: RecordExchangeOptions): RecordExchange {
  const { protocol, limits, sessions, store } = options;
  const rates = new WeakMap<object, TokenBucket>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let turn = 0;

  function take({ connection }: Session): boolean {
    const rate = rates.get(connection) ?? createTokenBucket({ ...QUESTIONS, now: options.now });
    rates.set(connection, rate);
    return rate.take(1);
  }

  async function ask(session: Session): Promise<void> {
    const signal = AbortSignal.timeout(limits.requestTimeoutMs);
    try {
      const known = store.all().slice(0, KNOWN_MAX);
      const bytes = await exchangeFrames(session.connection, {
        protocol,
        frame: RecordsQuestion.encode({ known }),
        bytesMax: RecordsAnswer.maxBytes,
        signal,
        runOnLimitedConnection: true,
      });
      const { records } = RecordsAnswer.decode(bytes);
      const decoded = records.map((bytes) => ValidatorRecord.decode(bytes));
      if (learn(options, decoded, session)) options.onNew();
    } catch {
      // The peer may have no records, or no such protocol: it is asked again in a later round.
    }
  }

  return {
    ask,
    async accept(stream, connection) {
      const session = await sessions.settled(connection);
      if (session === undefined || !take(session)) {
        if (session !== undefined) options.drop(session, "too-fast");
        return stream.abort(new Error("no records now"));
      }
      const signal = AbortSignal.timeout(limits.requestTimeoutMs);
      try {
        const bytesMax = RecordsQuestion.maxBytes;
        const question = RecordsQuestion.decode(await readFrame(stream, { bytesMax, signal }));
        const records = lacking(store.all(), question).map((each) => ValidatorRecord.encode(each));
        stream.send(encodeFrame(RecordsAnswer.encode({ records })));
        await stream.close({ signal });
      } catch (error) {
        stream.abort(error instanceof Error ? error : new Error(String(error)));
      }
    },
    start() {
      timer = setInterval(() => {
        options.onRound();
        const all = sessions.all();
        for (let count = 0; count < Math.min(ASKED_MAX, all.length); count += 1) {
          const session = all[turn % all.length];
          turn += 1;
          if (session !== undefined) void ask(session);
        }
      }, limits.recordsIntervalMs);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Takes the records of a peer. Returns whether one of them was new. */
function learn(
  { store, fault }: Pick<RecordExchangeOptions, "store" | "fault">,
  records: readonly ValidatorRecord[],
  session: Session,
): boolean {
  let isNews = false;
  for (const record of records) {
    const verdict = store.offer(record);
    isNews ||= verdict === "new";
    if (verdict !== "forged") continue;
    // What follows a forgery is not worth its check.
    fault(session, "forged");
    return isNews;
  }
  return isNews;
}

/** Returns the records that are newer than those that a question names. */
function lacking(
  records: readonly ValidatorRecord[],
  { known }: RecordsQuestion,
): readonly ValidatorRecord[] {
  return records
    .filter(({ validator, sequence }) => {
      const theirs = known.find((each) => equalBytes(each.validator, validator));
      return theirs === undefined || theirs.sequence < sequence;
    })
    .slice(0, RECORDS_MAX);
}
