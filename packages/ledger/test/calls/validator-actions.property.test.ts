import {
  type AccountId,
  sha256,
  toAccountId,
  toAmount,
  toPublicKey,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { act, findActionDefect, type PreparedAction } from "../../src/calls/validator-actions.ts";
import type { BoundedContext } from "../../src/state/block-context.ts";
import { STATE_BOUNDS } from "../../src/state/bounds.ts";
import { KeyRecord } from "../../src/state/offence-records.ts";
import { stateKey } from "../../src/state/state-key.ts";
import { createStateOverlay, type StateOverlay } from "../../src/state/state-overlay.ts";
import { ValidatorRecord } from "../../src/state/validator-records.ts";
import { enqueue, isWaiting, lengthOf } from "../../src/validators/queue.ts";
import { readValidator, registerValidator } from "../../src/validators/stake.ts";
import { createWorld, person, utf8 } from "../fixtures/world.ts";

const world = createWorld();
const lonely = createWorld({ stakes: [40_000_000n] });
const outsider = person("outsider");
const free = person("a free key");
const NO_KEY = toAccountId(new Uint8Array(32).fill(0xff));

const scenes = fc.record({
  action: fc.constantFrom("unjail" as const, "rotate-key" as const),
  /** A member of the set, the only one there is, or somebody with a record alone. */
  who: fc.constantFrom("member" as const, "only" as const, "outsider" as const),
  status: fc.constantFrom(
    "active" as const,
    "leaving" as const,
    "jailed" as const,
    "ejected" as const,
  ),
  /** Bonded stake in halves of the least; the members' own is 80. */
  halves: fc.constantFrom(0, 1, 2, 30, 80, 90),
  key: fc.constantFrom("free" as const, "taken" as const, "unusable" as const, "none" as const),
  waiting: fc.record({
    keys: fc.nat({ max: 2 }),
    seats: fc.nat({ max: 2 }),
    rising: fc.nat({ max: 2 }),
    falling: fc.nat({ max: 2 }),
  }),
  isThere: fc.boolean(),
  waitingMax: fc.integer({ min: 1, max: 3 }),
});
type Scene = typeof scenes extends fc.Arbitrary<infer S> ? S : never;
const LANES = ["keys", "seats", "rising", "falling"] as const;
type Waiting = (typeof LANES)[number];

interface Place {
  readonly overlay: StateOverlay;
  readonly id: AccountId;
  readonly prepared: PreparedAction;
  readonly block: BoundedContext;
  /** Power in effect, and what it should be after jail. */
  readonly from: bigint;
  readonly to: bigint;
}

function placeOf(scene: Scene): Place {
  const of = scene.who === "only" ? lonely : world;
  const overlay = createStateOverlay(of.state.tree);
  const member = of.validators[0] ?? outsider;
  registerValidator(overlay, { id: outsider.id, key: outsider.signer.publicKey });
  const { id } = scene.who === "outsider" ? outsider : member;
  const { minimumStake } = of.genesis.parameters;
  const stake = (BigInt(scene.halves) * minimumStake) / 2n;
  const record = { ...readValidator(overlay, id), stake: toAmount(stake), status: scene.status };
  const convictedAt = scene.status === "ejected" ? toSequence(1) : undefined;
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, convictedAt });
  for (const lane of LANES) {
    for (let at = 0; at < scene.waiting[lane]; at += 1) {
      enqueue(overlay, lane, toAccountId(sha256(utf8(`${lane} ${at}`))));
    }
    if (scene.isThere) enqueue(overlay, lane, id);
  }
  const keys = { free: free.id, taken: member.id, unusable: NO_KEY, none: undefined };
  const { action } = scene;
  const bounds = { ...STATE_BOUNDS, waitingMax: scene.waitingMax };
  return {
    overlay,
    id,
    prepared: { action, validator: id, key: keys[scene.key] },
    block: { overlay, state: of.state, bounds } as unknown as BoundedContext,
    from: scene.who === "outsider" ? 0n : 40n * minimumStake,
    to: scene.halves < 2 ? 0n : stake,
  };
}

function laneOf({ from, to }: Place): Waiting | undefined {
  return from === to ? undefined : to < from ? "falling" : from === 0n ? "seats" : "rising";
}

/** The rules in words: jail first, then room, then who must leave, then the key. */
function expectedCode(scene: Scene, place: Place): string | undefined {
  const isRotation = scene.action === "rotate-key";
  if (!isRotation && scene.status !== "jailed") return "not-jailed";
  const lane = isRotation ? "keys" : laneOf(place);
  const isFull = lane !== undefined && scene.waiting[lane] >= scene.waitingMax;
  if (isFull && !scene.isThere) return "stake-queue";
  if (!isRotation) return undefined;
  if (scene.status === "ejected" && scene.who === "member") return "still-in-set";
  return scene.key === "free" ? undefined : "stake-key";
}

describe("what a validator asks for", () => {
  test("is refused for the first reason that there is, with its numbers, and else takes its place", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(scenes, (scene) => {
        const place = placeOf(scene);
        const { overlay, id, prepared, block } = place;
        const right = expectedCode(scene, place);
        const defect = findActionDefect(prepared, block);
        expect(defect?.code).toBe(right);
        const name = right ?? scene.action;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (right === "still-in-set") expect(defect?.detail).toContain(`power ${place.from}`);
        if (right === "not-jailed") expect(defect?.detail).toContain(`is ${scene.status}`);
        if (right === "stake-queue")
          expect(defect?.detail).toContain(`${scene.waitingMax} changes`);
        if (right !== undefined) return;
        const before = readValidator(overlay, id);
        const lengths = LANES.map((lane) => lengthOf(overlay, lane));

        act(prepared, block);

        const lane = scene.action === "rotate-key" ? "keys" : laneOf(place);
        const status = scene.halves < 2 ? "leaving" : "active";
        const nextKey = toPublicKey(free.id);
        const owner = overlay.read(stateKey.consensusKey(nextKey), KeyRecord);
        expect(readValidator(overlay, id)).toEqual(
          scene.action === "rotate-key" ? { ...before, nextKey } : { ...before, status },
        );
        const bound = scene.action === "rotate-key" ? { validator: id, terms: [] } : undefined;
        expect(owner).toEqual(bound);
        if (lane !== undefined) expect(isWaiting(overlay, lane, id)).toBe(true);
        LANES.forEach((each, at) => {
          const isNew = each === lane && !scene.isThere;
          expect(lengthOf(overlay, each)).toBe((lengths[at] ?? 0) + (isNew ? 1 : 0));
        });
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_000, seed: 1 },
    );
    expect([...seen.keys()].toSorted()).toEqual([
      "not-jailed",
      "rotate-key",
      "stake-key",
      "stake-queue",
      "still-in-set",
      "unjail",
    ]);
    expect(Math.min(...seen.values())).toBeGreaterThan(10);
  });
});
