import { type PublicKey, toAmount, toHex, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, STATE_BOUNDS, type StateBounds, stateKey } from "../../src/index.ts";
import { QueueEntry } from "../../src/state/queue-records.ts";
import { Account } from "../../src/state/records.ts";
import { createStateOverlay, type StateOverlay } from "../../src/state/state-overlay.ts";
import { ValidatorRecord } from "../../src/state/validator-records.ts";
import { canMove, changeSet } from "../../src/validators/change-set.ts";
import { enqueuePower, hasRoom } from "../../src/validators/power-lanes.ts";
import { enqueue, readQueues } from "../../src/validators/queue.ts";
import { askForKey, rotateKey } from "../../src/validators/rotation.ts";
import { readValidator, registerValidator } from "../../src/validators/stake.ts";
import { setStake } from "../../src/validators/stake-writes.ts";
import {
  hasDueRelease,
  hasUnbondingRoom,
  lockWithdrawn,
  readUnbonding,
  releaseDue,
} from "../../src/validators/unbonding.ts";
import { createWorld, person } from "../fixtures/world.ts";
import {
  bond,
  boundary,
  LANES,
  leastPowerBy,
  type NaiveRules,
  type NaiveState,
  release,
  waitForPower,
} from "./naive-change-set.ts";

const world = createWorld({ parameters: { unbondingMs: 5, clockPrecisionMs: 2, maxDriftMs: 2 } });
const { minimumStake } = world.genesis.parameters;
const OUTSIDERS = Array.from({ length: 4 }, (_, at) => person(`outsider ${at}`));
const PEOPLE = [...world.validators, ...OUTSIDERS];
const KEYS = Array.from({ length: 40 }, (_, at) => person(`key ${at}`).signer.publicKey);

type Act =
  | { readonly type: "bond"; readonly who: number; readonly millions: number }
  | { readonly type: "status"; readonly who: number; readonly status: "jailed" | "ejected" }
  | { readonly type: "back" | "key" | "nudge"; readonly who: number }
  | { readonly type: "time"; readonly ms: number }
  | { readonly type: "epoch boundary" | "release" };

const who = fc.nat({ max: PEOPLE.length - 1 });
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant("bond" as const),
        who,
        millions: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 60 })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant("status" as const),
        who,
        status: fc.constantFrom("jailed" as const, "ejected" as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constantFrom("back" as const, "key" as const, "nudge" as const),
        who,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant("time" as const),
        ms: fc.integer({ min: 1, max: 8 }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constantFrom(
          "epoch boundary" as const,
          "epoch boundary" as const,
          "release" as const,
        ),
      }),
    },
  ),
  { minLength: 10, maxLength: 60 },
);
const limits = fc.record({
  movesMax: fc.integer({ min: 1, max: 6 }),
  membersMax: fc.integer({ min: 4, max: 8 }),
  releasesMax: fc.integer({ min: 1, max: 3 }),
  unbondingEntriesMax: fc.integer({ min: 1, max: 3 }),
  waitingMax: fc.integer({ min: 1, max: 4 }),
});

/** The genesis of the world as lists, with records for all who may come. */
function begin(): { readonly overlay: StateOverlay; readonly naive: NaiveState } {
  const overlay = createStateOverlay(world.state.tree);
  for (const { id, signer } of OUTSIDERS) registerValidator(overlay, { id, key: signer.publicKey });
  const people = PEOPLE.map(({ id }) => {
    const { stake, status, key } = readValidator(overlay, id);
    return { stake, status, key: toHex(key), nextKey: undefined, entries: [], credited: 0n };
  });
  const set = new Map(
    people.flatMap(({ stake, key }, at) => (stake > 0n ? [[at, { power: stake, key }]] : [])),
  );
  const lanes = { falling: [], rising: [], seats: [], keys: [] };
  return { overlay, naive: { people, set, lanes, releases: [], turn: 0 } };
}

/** Both sides of the comparison, and the time. */
interface Both {
  readonly overlay: StateOverlay;
  readonly naive: NaiveState;
  readonly bounds: StateBounds;
  readonly rules: NaiveRules;
  state: LedgerState;
  now: number;
  keys: number;
}

function setStatus(both: Both, at: number, status: ValidatorRecord["status"]): void {
  const { overlay, naive, rules, state } = both;
  const [{ id }, one] = [PEOPLE[at] ?? world.alice, naive.people[at]];
  if (one === undefined) return;
  one.status = status;
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...readValidator(overlay, id), status });
  enqueuePower(overlay, id, state);
  waitForPower(naive, at, rules);
}

function play(both: Both, act: Act): void {
  const { overlay, naive, rules, bounds, state } = both;
  const now = toTimestamp(both.now);
  switch (act.type) {
    case "nudge":
    case "bond": {
      const [{ id }, before] = [PEOPLE[act.who] ?? world.alice, naive.people[act.who]?.stake ?? 0n];
      const asked = act.type === "bond" ? BigInt(act.millions) * minimumStake : before + 1n;
      const stake = toAmount(asked);
      setStake(overlay, id, stake, state);
      if (stake < before) {
        lockWithdrawn(overlay, { id, amount: toAmount(before - stake) }, { now, state });
      }
      bond(naive, { who: act.who, stake, now }, rules);
      return;
    }
    case "status":
      setStatus(both, act.who, act.status);
      return;
    case "back":
      if (naive.people[act.who]?.status === "jailed") setStatus(both, act.who, "active");
      return;
    case "key": {
      const { id } = PEOPLE[act.who] ?? world.alice;
      const key: PublicKey | undefined = KEYS[both.keys++];
      const one = naive.people[act.who];
      if (key === undefined || one === undefined) return;
      askForKey(overlay, id, key);
      enqueue(overlay, "keys", id);
      one.nextKey = toHex(key);
      if (!naive.lanes.keys.includes(act.who)) naive.lanes.keys.push(act.who);
      return;
    }
    case "time":
      both.now += act.ms;
      return;
    case "epoch boundary": {
      const sequence = state.header.sequence;
      const where = { now, overlay, state, bounds, sequence };
      const next = changeSet({ ...where, rotateKey: (id) => rotateKey(where as never, id) });
      both.state = { ...state, votingSet: next };
      boundary(naive, now, rules);
      return;
    }
    default:
      releaseDue(overlay, now, bounds);
      release(naive, now, bounds.releasesMax);
  }
}

const nameOf = (id: Uint8Array): number => PEOPLE.findIndex((one) => toHex(one.id) === toHex(id));

/** Reads the tree in the oracle's words. */
function told({ overlay, state }: Both): unknown {
  const queues = readQueues(overlay);
  const listOf = (lane: (typeof LANES)[number] | "releases"): QueueEntry[] => {
    const { head, tail } = queues[lane];
    return Array.from({ length: tail - head }, (_, at) => {
      const entry = overlay.read(stateKey.queueEntry(lane, head + at), QueueEntry);
      if (entry === undefined) throw new Error(`${lane} has a hole`);
      return entry;
    });
  };
  const people = PEOPLE.map(({ id }) => {
    const { stake, status, key, nextKey } = readValidator(overlay, id);
    const { entries } = readUnbonding(overlay, id);
    const credited = overlay.read(stateKey.account(id), Account)?.balance ?? 0n;
    const keys = { key: toHex(key), nextKey: nextKey === undefined ? undefined : toHex(nextKey) };
    return { stake, status, ...keys, entries, credited };
  });
  const { validators } = state.votingSet;
  return {
    people,
    set: new Map(validators.map(({ id, power, key }) => [nameOf(id), { power, key: toHex(key) }])),
    lanes: Object.fromEntries(
      LANES.map((lane) => [lane, listOf(lane).map(({ account }) => nameOf(account))]),
    ),
    releases: listOf("releases").map(({ account, due }) => ({ who: nameOf(account), due })),
    turn: queues.turn,
  };
}

const wait = (count: number): readonly Act[] =>
  Array.from({ length: count }, () => ({ type: "epoch boundary" }));
/** All of a full set leave, with the least stake each; others wait for their seats, later. */
const fullSet = (staying: readonly number[]): readonly Act[] => [
  ...[0, 1, 2, 3].map((who): Act => {
    return { type: "bond", who, millions: staying.includes(who) ? 1 : 0 };
  }),
  ...wait(40),
  ...staying.map((who): Act => ({ type: "status", who, status: "jailed" })),
  ...wait(30),
  ...[4, 5].map((who): Act => ({ type: "bond", who, millions: 3 })),
  ...wait(60),
  ...staying.map((who): Act => ({ type: "back", who })),
  ...wait(12),
];
const seats = (membersMax: number): Pick<StateBounds, keyof typeof ROOMY> => {
  return { ...ROOMY, membersMax };
};
const ROOMY = {
  movesMax: 6,
  membersMax: 8,
  releasesMax: 3,
  unbondingEntriesMax: 3,
  waitingMax: 4,
};
const FULL_SETS = [
  [fullSet([0, 1]), seats(2)],
  [fullSet([0]), seats(1)],
] as const;

/**
 * Plays acts on both sides of a comparison within some limits, and asks for its word after each.
 */
function compare(
  all: readonly Act[],
  some: typeof limits extends fc.Arbitrary<infer T> ? T : never,
  check: (both: Both) => void,
): void {
  const both: Both = {
    ...begin(),
    bounds: { ...STATE_BOUNDS, ...some },
    rules: { ...some, minimumStake, lockedMs: 7 },
    state: world.state,
    now: 1_000_000,
    keys: 0,
  };
  for (const act of all) {
    play(both, act);
    check(both);
  }
}

/** Whether an epoch boundary could do something, by the lists. */
function canMoveByLists({ lanes, set }: NaiveState, { membersMax }: StateBounds): boolean {
  const total = [...set.values()].reduce((sum, { power }) => sum + power, 0n);
  const least = leastPowerBy({ set, lanes }, { minimumStake, membersMax });
  const leaves = lanes.falling.length > 0 && total > least;
  const isSeated = lanes.seats.length > 0 && set.size < membersMax;
  return leaves || isSeated || [...lanes.rising, ...lanes.keys].length > 0;
}

describe("epoch boundaries and unbonding", () => {
  test("do to power, keys, lanes and withdrawn stake what plain lists do, whatever is asked", () => {
    fc.assert(
      fc.property(acts, limits, (all, some) => {
        compare(all, some, (both) => expect(told(both)).toEqual(both.naive));
      }),
      { numRuns: 300, examples: FULL_SETS.map(([all, some]) => [all, some]) },
    );
  });

  test("there is room, and something to do, exactly as the lists and the bounds say", () => {
    fc.assert(
      fc.property(acts, limits, fc.nat({ max: 2 }), (all, some, asking) => {
        compare(all, some, ({ overlay, naive, state, now, bounds }) => {
          expect(canMove(overlay, state, bounds)).toBe(canMoveByLists(naive, bounds));
          const isDue = (naive.releases[0]?.due ?? Infinity) <= now;
          expect(hasDueRelease(overlay, toTimestamp(now))).toBe(isDue);
          PEOPLE.forEach(({ id }, at) => {
            const entries = naive.people[at]?.entries ?? [];
            const isOpen = entries.some(({ freeAt }) => freeAt === 0);
            const mayWithdraw = isOpen || entries.length < bounds.unbondingEntriesMax;
            expect(hasUnbondingRoom(overlay, id, bounds)).toBe(mayWithdraw);
            for (const lane of LANES) {
              const fits = naive.lanes[lane].length + asking < bounds.waitingMax;
              const isThere = naive.lanes[lane].includes(at);
              expect(hasRoom(overlay, { lane, id, asking }, bounds)).toBe(fits || isThere);
            }
          });
        });
      }),
      { numRuns: 60, examples: FULL_SETS.map(([all, some]) => [all, some, 1]) },
    );
  });
});
