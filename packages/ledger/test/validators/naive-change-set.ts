/**
 * The rules of epoch boundaries and of unbonding over lists in memory: an oracle for the queues in
 * the tree.
 */

/** Lanes of those that wait for an epoch boundary. */
export const LANES = ["falling", "rising", "seats", "keys"] as const;
export type Waiting = (typeof LANES)[number];

/** One account; people are named by their position. */
export interface Naive {
  stake: bigint;
  status: "active" | "leaving" | "jailed" | "ejected";
  key: string;
  nextKey: string | undefined;
  entries: readonly { readonly amount: bigint; readonly freeAt: number }[];
  credited: bigint;
}

/** All that the queues decide about. */
export interface NaiveState {
  readonly people: readonly Naive[];
  /** Power and key of each member, by position. */
  set: ReadonlyMap<number, { readonly power: bigint; readonly key: string }>;
  readonly lanes: Readonly<Record<Waiting, number[]>>;
  readonly releases: { readonly who: number; readonly due: number }[];
  turn: number;
}

export interface NaiveRules {
  readonly minimumStake: bigint;
  /** Time from the loss of power until stake is free. */
  readonly lockedMs: number;
  readonly movesMax: number;
  readonly membersMax: number;
}

const ORDERS: readonly (readonly Waiting[])[] = [
  ["keys", "falling", "rising", "seats"],
  ["falling", "rising", "seats", "keys"],
  ["keys", "falling", "seats", "rising"],
  ["falling", "seats", "rising", "keys"],
];

const powerOf = (state: NaiveState, who: number): bigint => state.set.get(who)?.power ?? 0n;

function oneOf({ people }: NaiveState, who: number): Naive {
  const one = people[who];
  if (one === undefined) throw new Error(`nobody is ${who}`);
  return one;
}

function wanted(state: NaiveState, who: number, { minimumStake }: NaiveRules): bigint {
  const { stake, status } = oneOf(state, who);
  return status === "jailed" || status === "ejected" || stake < minimumStake ? 0n : stake;
}

/** Lane of a change of power. */
export function laneFor(from: bigint, to: bigint): Waiting | undefined {
  if (to === from) return undefined;
  return to < from ? "falling" : from > 0n ? "rising" : "seats";
}

function wait(state: NaiveState, lane: Waiting, who: number): void {
  if (!state.lanes[lane].includes(who)) state.lanes[lane].push(who);
}

/** Lets somebody wait whose power is not what it should be. */
export function waitForPower(state: NaiveState, who: number, rules: NaiveRules): void {
  const lane = laneFor(powerOf(state, who), wanted(state, who, rules));
  if (lane !== undefined) wait(state, lane, who);
}

/** Stake becomes this; what is withdrawn unbonds, with a date as soon as no power stands for it. */
export function bond(
  state: NaiveState,
  { who, stake, now }: { readonly who: number; readonly stake: bigint; readonly now: number },
  rules: NaiveRules,
): void {
  const one = oneOf(state, who);
  const amount = one.stake - stake;
  one.stake = stake;
  const isOut = one.status === "jailed" || one.status === "ejected";
  if (!isOut) one.status = stake < rules.minimumStake ? "leaving" : "active";
  waitForPower(state, who, rules);
  if (amount <= 0n) return;
  const undated = one.entries.find(({ freeAt }) => freeAt === 0)?.amount ?? 0n;
  const dated = one.entries.filter(({ freeAt }) => freeAt > 0);
  one.entries = [...dated, { amount: undated + amount, freeAt: 0 }];
  if (powerOf(state, who) <= wanted(state, who, rules)) date(state, { who, now }, rules);
}

function date(
  state: NaiveState,
  { who, now }: { readonly who: number; readonly now: number },
  { lockedMs }: NaiveRules,
): void {
  const one = oneOf(state, who);
  const freeAt = now + lockedMs;
  const undated = one.entries.find((entry) => entry.freeAt === 0);
  if (undated === undefined) return;
  const dated = one.entries.filter((entry) => entry !== undated);
  const isKnown = dated.some((entry) => entry.freeAt === freeAt);
  one.entries = isKnown
    ? dated.map((entry) =>
        entry.freeAt === freeAt ? { freeAt, amount: entry.amount + undated.amount } : entry,
      )
    : [...dated, { ...undated, freeAt }];
  if (!isKnown) state.releases.push({ who, due: freeAt });
}

/** Gives back stake that is free by an epoch boundary, for so many entries of the queue. */
export function release(state: NaiveState, boundary: number, releasesMax: number): void {
  const free = state.releases.findIndex(({ due }) => due > boundary);
  const ready = free < 0 ? state.releases.length : free;
  for (const { who, due } of state.releases.splice(0, Math.min(ready, releasesMax))) {
    const one = oneOf(state, who);
    for (const { amount, freeAt } of one.entries) {
      if (freeAt > 0 && freeAt <= due) one.credited += amount;
    }
    one.entries = one.entries.filter(({ freeAt }) => freeAt === 0 || freeAt > due);
  }
}

/**
 * Power that a set keeps, so that what falls waits there for others: the least stake of a
 * validator. Four units, where several have all the seats and others wait for one.
 */
export function leastPowerBy(
  { set, lanes }: Pick<NaiveState, "set" | "lanes">,
  { minimumStake, membersMax }: Pick<NaiveRules, "minimumStake" | "membersMax">,
): bigint {
  if (lanes.seats.length > 0 && set.size >= membersMax && set.size > 1) return 4n;
  return minimumStake > 4n ? minimumStake : 4n;
}

/** An epoch boundary: less than a third of the power changes, or one large key alone. */
export function boundary(state: NaiveState, now: number, rules: NaiveRules): void {
  if (LANES.every((lane) => state.lanes[lane].length === 0)) return;
  const order = ORDERS[state.turn] ?? [];
  state.turn = (state.turn + 1) % 4;
  const before = state.set;
  const total = [...before.values()].reduce((sum, { power }) => sum + power, 0n);
  const members = new Map(before);
  let changed = 0n;
  let isAlone = false;

  const turnKey = (who: number): boolean => {
    const one = oneOf(state, who);
    if (one.nextKey === undefined) return true;
    const power = before.get(who)?.power ?? 0n;
    const isLarge = 3n * (changed + power) >= total;
    if (isLarge && changed > 0n) return false;
    isAlone = isLarge;
    changed += power;
    one.key = one.nextKey;
    one.nextKey = undefined;
    if (one.status === "ejected") {
      one.status = one.stake < rules.minimumStake ? "leaving" : "active";
      waitForPower(state, who, rules);
    }
    const member = members.get(who);
    if (member !== undefined) members.set(who, { ...member, key: one.key });
    return true;
  };

  /** Answers the lane to wait in next, or `none`; undefined: nobody behind can move either. */
  const turnPower = (lane: Waiting, who: number): Waiting | "none" | undefined => {
    const from = members.get(who)?.power ?? 0n;
    const to = wanted(state, who, rules);
    const right = laneFor(from, to);
    const isFull = from === 0n && members.size >= rules.membersMax;
    const sum = [...members.values()].reduce((all, { power }) => all + power, 0n);
    const limit = (total - 1n) / 3n - changed;
    const spare = sum - leastPowerBy({ ...state, set: members }, rules);
    const room = to < from && spare < limit ? spare : limit;
    if (right === lane && (isFull || room <= 0n)) return undefined;
    if (right !== lane) {
      if (right !== "falling") date(state, { who, now }, rules);
      return right ?? "none";
    }
    const distance = to > from ? to - from : from - to;
    const step = distance < room ? distance : room;
    const power = to > from ? from + step : from - step;
    changed += step;
    members.delete(who);
    if (power > 0n) members.set(who, { power, key: oneOf(state, who).key });
    if (power !== to) return lane === "seats" ? "rising" : lane;
    date(state, { who, now }, rules);
    return "none";
  };

  for (const lane of order) {
    for (let looked = 0; looked < rules.movesMax && !isAlone; looked += 1) {
      const [who] = state.lanes[lane];
      if (who === undefined) break;
      const next = lane === "keys" ? turnKey(who) && "none" : turnPower(lane, who);
      if (next === undefined || next === false) break;
      // To wait in the same lane is to go to its end; in another one, if not there already.
      if (next !== "none" && next !== lane) wait(state, next, who);
      state.lanes[lane].shift();
      if (next === lane) state.lanes[lane].push(who);
    }
  }
  state.set = members;
}
