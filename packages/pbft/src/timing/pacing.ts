import { estimate } from "../books/measures.ts";
import { patch, report, type StepContext } from "../step-context.ts";

/**
 * Divisor of the minimum block interval. Network delays up to the quotient never make an honest
 * leader late.
 */
export const NEAR = 6;

/**
 * Longest delay of a timer in milliseconds. For a later time, the timer fires early and is started
 * again.
 */
export const TIMER_MAX_MS = 600_000;

/**
 * Longest delay in milliseconds before this replica reads its clock again while a timestamp is too
 * early. So a clock that jumps and comes back costs no more than this, however far it jumped (B34).
 */
const CLOCK_LOOK_MS = 1_000;

type Times = Pick<StepContext, "config" | "state" | "now" | "elapsed">;

/**
 * Begins to measure time from a new head. `arrivedAt`: elapsed time at which the head's proposal
 * arrived. Undefined if this replica did not see it arrive, because it had just started or because
 * the block was fetched.
 *
 * The minimum block interval counts from the head's timestamp, which is converted to elapsed time
 * once, here. So blocks come as often as they may, and later changes of a clock have no effect. If
 * the timestamp is ahead of this replica's clock, the interval counts from when the proposal was
 * sent, about one delay before it arrived: a leader cannot delay the next block by such a
 * timestamp. If it is behind, the interval counts from at most `maxDriftMs` before the arrival:
 * otherwise a clock that jumped ahead would make everything due.
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

/**
 * Returns the measured delay between voters, in milliseconds, but at most the minimum interval
 * divided by `NEAR`.
 */
function delayMs({ config, state }: StepContext): number {
  const { ms } = estimate(state.measures.leaders, state.head.validators, "round");
  return Math.min(ms, Math.floor(config.minBlockIntervalMs / NEAR));
}

/**
 * Returns the milliseconds by which the head is dated ahead of this replica's clock, beyond the
 * precision. 0 if it is not.
 */
export function headAheadMs({ config, state, now }: Omit<Times, "elapsed">): number {
  return Math.max(0, state.head.header.timestamp - config.clockPrecisionMs - now);
}

/**
 * Reports a head that is dated so far ahead of this replica's clock that it cannot propose the next
 * block. Either the clock of the head's proposer was wrong, or this one is.
 */
export function reportHeadAhead(context: StepContext): void {
  const aheadMs = headAheadMs(context);
  if (aheadMs > 0)
    report(context, { type: "head-ahead", sequence: context.state.sequence, aheadMs });
}

/** Returns the elapsed time from which the minimum interval and the heartbeat count. */
export function pacedFrom({ state, now, elapsed }: Omit<Times, "config">): number {
  const { pacedFrom: from } = state.measures;
  return Math.min(elapsed, from ?? elapsed - Math.max(0, now - state.head.header.timestamp));
}

/** Returns the milliseconds that are left of the minimum block interval. 0 if it is over. */
export function intervalWaitMs(times: Times): number {
  const left = pacedFrom(times) + times.config.minBlockIntervalMs - times.elapsed;
  return Math.min(TIMER_MAX_MS, Math.max(0, left));
}

/**
 * Returns the milliseconds until this replica may propose. The minimum block interval must be over,
 * and voters must accept the timestamp that the block must have.
 */
export function proposalWaitMs(times: Times): number {
  const { config, state, now } = times;
  const earliest = state.head.header.timestamp + config.minBlockIntervalMs;
  const untilLegal = Math.max(0, earliest - config.clockPrecisionMs - now);
  return Math.max(intervalWaitMs(times), Math.min(CLOCK_LOOK_MS, untilLegal));
}

/**
 * Returns the milliseconds until a leader could propose that got the head at the same time as this
 * replica. It does not depend on clocks, so a voter with a wrong clock expects nothing too early.
 */
export function expectedWaitMs(times: Times): number {
  const { config, state, elapsed } = times;
  const { headSince } = state.measures;
  if (headSince === undefined) return intervalWaitMs(times);
  const left = Math.min(elapsed, headSince) + config.minBlockIntervalMs - elapsed;
  return Math.min(TIMER_MAX_MS, Math.max(0, left));
}
