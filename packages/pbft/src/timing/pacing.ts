import { estimate } from "../books/measures.ts";
import { patch, report, type StepContext } from "../step-context.ts";

/** Delays up to this part of the minimum interval never make an honest leader late. */
export const NEAR = 6;

/** Longest that a timer is set for at once; what is due later is looked at again then. */
export const TIMER_MAX_MS = 600_000;

/**
 * Longest wait for the time of day at once. A clock that jumps and comes back costs no more than
 * this, however far it jumped (B34).
 */
const CLOCK_LOOK_MS = 1_000;

type Times = Pick<StepContext, "config" | "state" | "now" | "elapsed">;

/**
 * Begins to count from a new head. `arrivedAt`: when its proposal had come; undefined if that was
 * not seen, as after a start or with a block that was fetched.
 *
 * The minimum interval counts from the head's timestamp, put into elapsed time once, here: so that
 * blocks come as often as they may, and nothing that a clock does later matters. A timestamp ahead
 * of the own clock buys no delay: then it counts from when the proposal was sent, which is about
 * one delay before it came. One that is behind counts no further back than a legal one can be, or a
 * clock that jumped ahead would make everything due.
 */
export function takeHead(context: StepContext, arrivedAt: number | undefined): void {
  const { config, state, now, elapsed } = context;
  const { timestamp } = state.head.header;
  const dated = elapsed - (now - timestamp);
  const headSince = arrivedAt ?? Math.min(elapsed, dated);
  const least = arrivedAt === undefined ? dated : headSince - config.maxDriftMs;
  const sent = headSince - (arrivedAt === undefined ? 0 : delayMs(context));
  const from = dated > headSince ? sent : Math.max(dated, least);
  patch(context, { measures: { ...state.measures, headSince, pacedFrom: from } });
  reportHeadAhead(context);
}

/** One delay between voters, as far as deadlines allow for it. */
function delayMs({ config, state }: StepContext): number {
  const { ms } = estimate(state.measures.leaders, state.head.validators, "round");
  return Math.min(ms, Math.floor(config.minBlockIntervalMs / NEAR));
}

/**
 * Returns by how much the head is dated ahead of the own clock beyond what clocks may differ, or 0.
 */
export function headAheadMs({ config, state, now }: Omit<Times, "elapsed">): number {
  return Math.max(0, state.head.header.timestamp - config.clockPrecisionMs - now);
}

/**
 * Says that by the own clock nothing can be proposed: the head's clock was wrong, or this one is.
 */
export function reportHeadAhead(context: StepContext): void {
  const aheadMs = headAheadMs(context);
  if (aheadMs > 0)
    report(context, { type: "head-ahead", sequence: context.state.sequence, aheadMs });
}

/** Elapsed time from which the minimum interval and the heartbeat count. */
export function pacedFrom({ state, now, elapsed }: Omit<Times, "config">): number {
  const { pacedFrom: from } = state.measures;
  return Math.min(elapsed, from ?? elapsed - Math.max(0, now - state.head.header.timestamp));
}

/** Milliseconds of the minimum interval that are left; 0 when it is over. */
export function intervalWaitMs(times: Times): number {
  const left = pacedFrom(times) + times.config.minBlockIntervalMs - times.elapsed;
  return Math.min(TIMER_MAX_MS, Math.max(0, left));
}

/**
 * Milliseconds until this replica may propose: the interval is over, and the timestamp that the
 * block must have is one that voters accept.
 */
export function proposalWaitMs(times: Times): number {
  const { config, state, now } = times;
  const earliest = state.head.header.timestamp + config.minBlockIntervalMs;
  const untilLegal = Math.max(0, earliest - config.clockPrecisionMs - now);
  return Math.max(intervalWaitMs(times), Math.min(CLOCK_LOOK_MS, untilLegal));
}

/**
 * Milliseconds until a leader that has the head as late as this replica could propose. Clocks do
 * not enter: a voter whose clock differs expects nothing sooner.
 */
export function expectedWaitMs(times: Times): number {
  const { config, state, elapsed } = times;
  const { headSince } = state.measures;
  if (headSince === undefined) return intervalWaitMs(times);
  const left = Math.min(elapsed, headSince) + config.minBlockIntervalMs - elapsed;
  return Math.min(TIMER_MAX_MS, Math.max(0, left));
}
