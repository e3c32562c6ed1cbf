/**
 * Timing of a Byzantine node as plain JSON, which a search can change, a world can name and a
 * replay can print. In all else the node follows the protocol.
 */
export interface TimingPlan {
  /**
   * Rules for messages: the first that fits message and receiver applies; without one it is sent.
   */
  readonly sends?: readonly SendRule[];
  /** Rules for requests: the first that fits applies; without one it is answered. */
  readonly answers?: readonly AnswerRule[];
  /** Milliseconds by which own blocks are dated ahead of the own clock; negative: behind it. */
  readonly dateMs?: number;
  /** Most votes of honest nodes that own blocks leave out of the certificate of their parent. */
  readonly omits?: number;
  /** Messages sent besides, about four times a virtual second, to each honest node. */
  readonly flood?: Flood;
}

/** Treatment of some messages. */
export interface SendRule {
  readonly what: "proposal" | "new-view" | "prepare" | "commit" | "view-change" | "any";
  /**
   * Turns in which the rule applies: the node's own, those of others, or those of the rival.
   * Default: all.
   */
  readonly turns?: "own" | "others" | "rival";
  /** Interval of own turns in which the rule applies, counted from `nth`. */
  readonly every?: number;
  readonly nth?: number;
  readonly to?: Recipients;
  readonly order?: "fixed" | "turning";
  /** `bare`: without its block. Default `send`. */
  readonly how?: "send" | "bare" | "drop";
  readonly lateMs?: number;
}

/**
 * Selection of honest nodes, in an order that is fixed or turns with each sequence.
 *
 * - `enough`: as many as are a quorum together with the Byzantine nodes.
 * - `short`: one fewer.
 */
export type Recipients = "all" | "one" | "short" | "enough" | "half";

/** Treatment of some requests. `one`: the first of several blocks only. */
export interface AnswerRule {
  readonly what: "block" | "blocks" | "head" | "any";
  readonly how: "answer" | "absent" | "one" | "hang";
  readonly lateMs?: number;
}

/**
 * Messages that are sent besides the protocol's.
 *
 * - `ahead`: unsigned votes of a far sequence, so that the sender seems to be ahead.
 * - `votes`: signed votes for blocks that do not exist, in the current sequence.
 * - `requests`: requests for views without a reason.
 */
export interface Flood {
  readonly what: "ahead" | "votes" | "requests";
  readonly count: number;
}

/** Returns all problems of a plan, in words. */
export function findPlanProblems(plan: TimingPlan): readonly string[] {
  const { sends = [], answers = [], dateMs = 0, omits = 0, flood } = plan;
  const isSpan = (value: number | undefined): boolean =>
    value === undefined || (Number.isSafeInteger(value) && value >= 0);
  const spans = [...sends, ...answers].map(({ lateMs }) => lateMs);
  const counts = sends.flatMap(({ every, nth }) => [every, nth]);
  return [
    ...([...spans, ...counts, omits, flood?.count].every(isSpan)
      ? []
      : ["timing: a time or count is not a whole number from 0"]),
    ...(sends.some(({ every }) => every === 0) ? ["timing: every is 0; it is at least 1"] : []),
    ...(Number.isSafeInteger(dateMs) ? [] : [`timing: dateMs ${dateMs} is not a whole number`]),
  ];
}
