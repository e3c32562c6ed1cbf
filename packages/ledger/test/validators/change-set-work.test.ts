import { equalBytes, toAmount, toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, STATE_BOUNDS, type StateBounds, stateKey } from "../../src/index.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { Unbonding, ValidatorRecord } from "../../src/state/validator-records.ts";
import { changeSet } from "../../src/validators/change-set.ts";
import { append, enqueue, lengthOf } from "../../src/validators/queue.ts";
import { readValidator, registerValidator } from "../../src/validators/stake.ts";
import { releaseDue } from "../../src/validators/unbonding.ts";
import { createWorld, person, skip } from "../fixtures/world.ts";

const world = createWorld();
const { state } = world;
const bounds: StateBounds = { ...STATE_BOUNDS, movesMax: 8, releasesMax: 8 };
const now = state.header.timestamp;

/** A state in which so many newcomers wait for a seat, each with the least stake. */
function crowded(count: number): LedgerState {
  const overlay = createStateOverlay(state.tree);
  for (let at = 0; at < count; at += 1) {
    const { id, signer } = person(`newcomer ${at}`);
    registerValidator(overlay, { id, key: signer.publicKey });
    const record = { ...readValidator(overlay, id), stake: toAmount(1_000_000n), status: "active" };
    overlay.write(stateKey.validator(id), ValidatorRecord, record as ValidatorRecord);
    enqueue(overlay, "seats", id);
  }
  const edits = overlay.changes().map(({ key, after }) => ({ key, value: after }));
  return { ...state, tree: state.tree.update(edits) };
}

/** Keys that an epoch boundary changes, and whom it lets in. */
function boundary(of: LedgerState): { readonly changes: number; readonly seated: number } {
  const overlay = createStateOverlay(of.tree);
  const place = { now, overlay, state: of, bounds, rotateKey: () => undefined };
  const next = changeSet(place);
  const seated = next.validators.length - of.votingSet.validators.length;
  return { changes: overlay.changes().length, seated };
}

describe("the work at an epoch boundary", () => {
  test("is the same whether 20 wait or 400", () => {
    const [few, many] = [boundary(crowded(20)), boundary(crowded(400))];
    expect(few.seated).toBe(8);
    expect(many).toEqual(few);
  });

  test("leaves everybody else in place, and in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 24 }), (count) => {
        let now = crowded(count);
        const order = new Map(
          Array.from({ length: count }, (_, at) => [toHex(person(`newcomer ${at}`).id), at]),
        );
        const seats: number[] = [];
        for (let turn = 0; turn < 8 && seats.length < count; turn += 1) {
          const overlay = createStateOverlay(now.tree);
          const next = changeSet({
            now: state.header.timestamp,
            overlay,
            state: now,
            bounds,
            rotateKey: () => undefined,
          });
          const fresh = next.validators
            .filter(({ id }) => !now.votingSet.validators.some((one) => equalBytes(one.id, id)))
            .map(({ id }) => order.get(toHex(id)) ?? -1);
          seats.push(...fresh.toSorted((left, right) => left - right));
          const edits = overlay.changes().map(({ key, after }) => ({ key, value: after }));
          now = { ...now, tree: now.tree.update(edits), votingSet: next };
        }
        expect(seats).toEqual(Array.from({ length: count }, (_, at) => at));
      }),
      { numRuns: 8 },
    );
  });

  test("a block gives back the stake of so many accounts, the next block of the others", () => {
    const overlay = createStateOverlay(state.tree);
    const due = now;
    for (let at = 0; at < 20; at += 1) {
      const { id } = person(`leaver ${at}`);
      const entries = [{ amount: toAmount(5n), freeAt: due }];
      overlay.write(stateKey.unbonding(id), Unbonding, { entries });
      append(overlay, "releases", { account: id, due });
    }
    const left = [0, 1, 2, 3].map(() => {
      releaseDue(overlay, due, bounds);
      return lengthOf(overlay, "releases");
    });
    expect(left).toEqual([12, 4, 0, 0]);
  });

  test("nothing is released before the epoch boundary that makes it due", () => {
    const overlay = createStateOverlay(state.tree);
    append(overlay, "releases", { account: world.alice.id, due: now });
    releaseDue(overlay, (now - 1) as typeof now, bounds);
    expect(lengthOf(overlay, "releases")).toBe(1);
  });

  test("a chain at which nothing waits writes nothing for its epoch boundaries but the time", () => {
    const before = skip(world, state, 3);
    const after = skip(world, before, 1);
    expect(after.tree.get(stateKey.queues)).toEqual(before.tree.get(stateKey.queues));
  });
});
