/**
 * What a Byzantine node does with time, as plain JSON: a search can change it, a world can name it
 * and a replay can print it. All else the node does by the protocol.
 */
export interface TimingPlan {
  /** Of the rules that fit a message to a receiver the first applies; without one it is sent. */
  readonly sends?: readonly SendRule[];
  /** Of the rules that fit a request the first applies; without one it is answered. */
  readonly answers?: readonly AnswerRule[];
  /** Own blocks are dated so far ahead of the own clock; negative: behind it. */
  readonly dateMs?: number;
  /** Votes of honest nodes that own blocks leave out of the certificate of their parent, if they can. */
  readonly omits?: number;
  /** Sent beside, about four times a virtual second, to each honest node. */
  readonly flood?: Flood;
}

/** What becomes of some messages. */
export interface SendRule {
  readonly what: "proposal" | "new-view" | "prepare" | "commit" | "view-change" | "any";
  /**
   * In whose turns: the node's own, those of others, or those of the honest node that it wants to
   * lose. Default: in all.
   */
  readonly turns?: "own" | "others" | "rival";
  /** Of the own turns only each so many-th, counted from `nth`. */
  readonly every?: number;
  readonly nth?: number;
  readonly to?: Recipients;
  readonly order?: "fixed" | "turning";
  /** `bare`: without its block. Default `send`. */
  readonly how?: "send" | "bare" | "drop";
  readonly lateMs?: number;
}

/**
 * Which of the honest nodes, in an order that stays or turns with each sequence.
 *
 * - `enough`: so many that with the Byzantine nodes they are a quorum.
 * - `short`: one fewer.
 */
export type Recipients = "all" | "one" | "short" | "enough" | "half";

/** What becomes of some requests. `one`: of many blocks the first alone. */
export interface AnswerRule {
  readonly what: "block" | "blocks" | "head" | "any";
  readonly how: "answer" | "absent" | "one" | "hang";
  readonly lateMs?: number;
}

/**
 * - `ahead`: unsigned votes of a far sequence, which make the sender look like one to fetch from.
 * - `votes`: signed votes for blocks that do not exist, in the sequence in hand.
 * - `requests`: requests for views without a reason.
 */
export interface Flood {
  readonly what: "ahead" | "votes" | "requests";
  readonly count: number;
}

/** Everything that makes no plan of it, in words. */
export function findPlanProblems(plan: TimingPlan): readonly string[] {
  const { sends = [], answers = [], dateMs = 0, omits = 0, flood } = plan;
  const isSpan = (value: number | undefined): boolean =>
    value === undefined || (Number.isSafeInteger(value) && value >= 0);
  const spans = [...sends, ...answers].map(({ lateMs }) => lateMs);
  const counts = sends.flatMap(({ every, nth }) => [every, nth]);
  return [
    ...([...spans, ...counts, omits, flood?.count].every(isSpan)
      ? []
      : ["timing: times and counts are whole numbers from 0"]),
    ...(sends.some(({ every }) => every === 0) ? ["timing: every is at least 1"] : []),
    ...(Number.isSafeInteger(dateMs) ? [] : ["timing: dateMs is a whole number"]),
  ];
}
