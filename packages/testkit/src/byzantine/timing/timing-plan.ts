/**
 * Timing of a Byzantine node, as plain JSON: a search can change it, the options of a world can
 * contain it, and a replay can print it. In all else the node follows the protocol.
 */
export interface TimingPlan {
  /**
   * Rules for messages. The first rule that fits message and receiver applies; without one the
   * message is sent.
   */
  readonly sends?: readonly SendRule[];
  /** Rules for requests. The first rule that fits applies; without one the replica answers. */
  readonly answers?: readonly AnswerRule[];
  /**
   * Milliseconds by which the node's own blocks are dated ahead of its clock; negative: behind it.
   * Undefined: the replica dates them as usual.
   */
  readonly dateMs?: number;
  /**
   * Greatest number of honest nodes whose votes the node leaves out of the parent certificate in
   * its own blocks. Default 0.
   */
  readonly omits?: number;
  /**
   * Messages that are sent to each honest node in addition, about four times per virtual second.
   */
  readonly flood?: Flood;
}

/** Rule for some messages to honest nodes. `lateMs` is a delay in milliseconds. */
export interface SendRule {
  readonly what: "proposal" | "new-view" | "prepare" | "commit" | "view-change" | "any";
  /**
   * Turns of leaders in which the rule applies: those that the node itself leads, those of other
   * leaders, or those of the rival (see `rivalOf`). Default: all.
   */
  readonly turns?: "own" | "others" | "rival";
  /**
   * Restricts the rule to some of the turns that the node itself leads: those whose number is `nth`
   * modulo `every`. Default: all of these turns.
   */
  readonly every?: number;
  readonly nth?: number;
  readonly to?: Recipients;
  readonly order?: "fixed" | "turning";
  /**
   * Treatment of the message. `bare`: a proposal goes out without its block's outline. Default
   * `send`.
   */
  readonly how?: "send" | "bare" | "drop";
  readonly lateMs?: number;
}

/**
 * Selection of honest nodes: all, or the first ones in an order that is fixed or shifts by one node
 * with each sequence.
 *
 * - `enough`: as many as make a quorum together with the Byzantine nodes.
 * - `short`: one fewer than `enough`.
 */
export type Recipients = "all" | "one" | "short" | "enough" | "half";

/**
 * Rule for some requests. `hang`: no answer ever. `one`: of several blocks only the first. `lateMs`
 * is a delay in milliseconds.
 */
export interface AnswerRule {
  readonly what: "block" | "blocks" | "head" | "any";
  readonly how: "answer" | "absent" | "one" | "hang";
  readonly lateMs?: number;
}

/**
 * Messages that are sent in addition to those of the protocol.
 *
 * - `ahead`: unsigned votes for a sequence far ahead, so that the sender seems to be ahead.
 * - `votes`: signed votes for blocks that do not exist, at the current sequence.
 * - `requests`: ViewChange messages for view 1 without a reason.
 */
export interface Flood {
  readonly what: "ahead" | "votes" | "requests";
  readonly count: number;
}

/** Returns all problems of a plan, one sentence each; none if it is sound. */
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
