import { equalBytes, toAmount, toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, STATE_BOUNDS, type StateBounds, stateKey } from "../../src/index.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { ValidatorRecord } from "../../src/state/validator-records.ts";
import { canMove, changeSet } from "../../src/validators/change-set.ts";
import { enqueuePower } from "../../src/validators/power-lanes.ts";
import { lengthOf } from "../../src/validators/queue.ts";
import { readValidator, registerValidator } from "../../src/validators/stake.ts";
import { createWorld, person } from "../fixtures/world.ts";

const STAKE = 40_000_000n;

/** A state, once somebody's record is another and the epoch boundary knows it. */
function changed(
  state: LedgerState,
  who: ReturnType<typeof person>,
  to: Partial<ValidatorRecord>,
): LedgerState {
  const overlay = createStateOverlay(state.tree);
  const { id, signer } = who;
  if (overlay.read(stateKey.validator(id), ValidatorRecord) === undefined) {
    registerValidator(overlay, { id, key: signer.publicKey });
  }
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...readValidator(overlay, id), ...to });
  enqueuePower(overlay, id, state);
  return { ...state, tree: treeAfter(state, overlay) };
}

function treeAfter(
  state: LedgerState,
  overlay: ReturnType<typeof createStateOverlay>,
): LedgerState["tree"] {
  const edits = overlay.changes().map(({ key, after }) => ({ key, value: after }));
  return edits.length === 0 ? state.tree : state.tree.update(edits);
}

function boundaries(
  state: LedgerState,
  count: number,
  bounds: StateBounds = STATE_BOUNDS,
): LedgerState {
  let now = state;
  for (let at = 0; at < count; at++) {
    const overlay = createStateOverlay(now.tree);
    const place = { now: now.header.timestamp, overlay, state: now, bounds };
    const votingSet = changeSet({ ...place, rotateKey: () => undefined });
    now = { ...now, votingSet, tree: treeAfter(now, overlay) };
  }
  return now;
}

/** Near the least stake two stop each other on the way down; a larger one has its seat free before. */
const stakes = fc
  .oneof(
    { weight: 3, arbitrary: fc.bigInt({ min: 1_000_000n, max: 1_500_000n }) },
    { weight: 1, arbitrary: fc.bigInt({ min: 1_000_000n, max: 60_000_000n }) },
  )
  .map(toAmount);
const ascending = (left: bigint, right: bigint): number => Number(left - right);

describe("a set whose members all leave", () => {
  test("keeps the least stake of power, waits for nothing, and newcomers take it over", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom("ejected" as const, "jailed" as const, "leaving" as const),
        fc.constantFrom(1n, 3n, 1_000_000n),
        fc.integer({ min: 1, max: 40 }),
        (count, status, least, times) => {
          const world = createWorld({
            stakes: Array.from({ length: count }, () => STAKE),
            parameters: { minimumStake: toAmount(least) },
          });
          const out = { status, stake: toAmount(status === "leaving" ? 0n : STAKE) };
          let { state } = world;
          for (const who of world.validators) state = changed(state, who, out);
          state = boundaries(state, 60);
          const floor = least > 4n ? least : 4n;
          expect(state.votingSet.totalPower).toBe(floor);
          expect(canMove(createStateOverlay(state.tree), state, STATE_BOUNDS)).toBe(false);

          const newcomer = person("newcomer");
          const stake = toAmount(floor * BigInt(times));
          state = boundaries(changed(state, newcomer, { status: "active", stake }), 70);
          const { validators } = state.votingSet;
          expect(validators.map(({ id }) => toHex(id))).toEqual([toHex(newcomer.id)]);
          expect(validators[0]?.power).toBe(stake);
        },
      ),
      { numRuns: 10 },
    );
  });

  test("gives its seats to those that wait for them, where it has them all", () => {
    fc.assert(
      fc.property(
        fc.array(stakes, { minLength: 2, maxLength: 4 }),
        fc.constantFrom("ejected" as const, "jailed" as const),
        fc.array(stakes, { minLength: 1, maxLength: 2 }),
        (members, status, joining) => {
          const world = createWorld({ stakes: members });
          const bounds = { ...STATE_BOUNDS, membersMax: members.length };
          const newcomers = joining.map((stake, at) => ({ who: person(`newcomer ${at}`), stake }));
          let { state } = world;
          for (const who of world.validators) state = changed(state, who, { status });
          for (const { who, stake } of newcomers) {
            state = changed(state, who, { status: "active", stake });
          }
          state = boundaries(state, 150, bounds);
          const powers = state.votingSet.validators.map(({ power }) => power);
          const wanted = newcomers.map(({ stake }) => stake);
          expect(powers.toSorted(ascending)).toEqual(wanted.toSorted(ascending));
          const overlay = createStateOverlay(state.tree);
          for (const lane of ["falling", "rising", "seats"] as const) {
            expect(lengthOf(overlay, lane)).toBe(0);
          }
          expect(canMove(overlay, state, bounds)).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("does not hold back those who leave a set in which others stay", () => {
    const world = createWorld({ stakes: [STAKE, 1_000_000n] });
    const [large, small] = world.validators;
    if (large === undefined || small === undefined) throw new Error("two validators");
    const state = boundaries(changed(world.state, large, { status: "ejected" }), 40);
    expect(state.votingSet.validators.map(({ power }) => power)).toEqual([1_000_000n]);
    expect(state.votingSet.validators.some(({ id }) => equalBytes(id, small.id))).toBe(true);
  });
});

describe("a set of less than four units of power", () => {
  test("never changes, and nothing waits for it; one of four does", () => {
    for (const stakes of [[1n], [1n, 1n, 1n], [3n], [4n]]) {
      const world = createWorld({ stakes, parameters: { minimumStake: toAmount(1n) } });
      const newcomer = person("newcomer");
      const stake = toAmount(50n);
      const state = changed(world.state, newcomer, { status: "active", stake });
      const isLarge = world.state.votingSet.totalPower === 4n;
      expect(canMove(createStateOverlay(state.tree), state, STATE_BOUNDS)).toBe(isLarge);
      const { validators } = boundaries(state, 20).votingSet;
      expect(validators).toHaveLength(isLarge ? 2 : stakes.length);
    }
  });
});
