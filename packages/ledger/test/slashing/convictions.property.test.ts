import {
  type Digest,
  sha256,
  toAmount,
  toPublicKey,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { correlatedTotal } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateKey } from "../../src/index.ts";
import { countConviction, enlargeShare, raiseTotals } from "../../src/slashing/convictions.ts";
import { clockAfter } from "../../src/state/clock.ts";
import { dateBoundary } from "../../src/state/dated-boundaries.ts";
import {
  Conviction,
  Convictions,
  KeyRecord,
  OffenceRecord,
} from "../../src/state/offence-records.ts";
import { createStateOverlay, type StateOverlay } from "../../src/state/state-overlay.ts";
import { readValidator } from "../../src/validators/stake.ts";
import { createWorld, person, utf8 } from "../fixtures/world.ts";

const STAKE = 30_000_000n;
const world = createWorld({
  stakes: Array.from({ length: 6 }, () => STAKE),
  parameters: { unbondingMs: 700, maxDriftMs: 300 },
});
const { parameters } = world.state;
const WHOLE = 2n ** 96n;

/** An offence as it should be. */
interface Known {
  readonly offence: Digest;
  readonly who: number;
  readonly sequence: number;
  share: bigint;
}

const acts = fc.array(
  fc.oneof(
    // In hundredths of the power.
    fc.record({ type: fc.constant("convict" as const), part: fc.integer({ min: 1, max: 20 }) }),
    fc.record({
      type: fc.constant("enlarge" as const),
      which: fc.nat(),
      part: fc.integer({ min: 1, max: 5 }),
    }),
    fc.record({
      type: fc.constant("epoch boundary" as const),
      epochs: fc.constantFrom(1, 1, 1, 2, 4),
    }),
  ),
  { minLength: 10, maxLength: 60 },
);

describe("convictions that are counted (epochs of 400 ms, evidence for 1,000 more)", () => {
  test("each knows the whole sum before any is forgotten, and none is forgotten before its time, or never", () => {
    let [forgotten, waited, raised] = [0, 0, 0];
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 4 }), (all, raisesMax) => {
        const overlay = createStateOverlay(world.state.tree);
        let { clock } = world.state;
        let sequence = 1;
        let known: Known[] = [];
        const offences: Known[] = [];
        const boundaries: { sequence: number; time: number }[] = [];
        const isOver = (one: Known): boolean => {
          const ended = boundaries.find((boundary) => boundary.sequence >= one.sequence);
          return ended !== undefined && ended.time + 1_000 <= clock.now;
        };
        for (const [turn, act] of all.entries()) {
          if (act.type === "convict") {
            const one = { who: turn % 6, sequence, share: (WHOLE * BigInt(act.part)) / 100n };
            const added = { ...one, offence: convict(overlay, { ...one, turn }) };
            known.push(added);
            offences.push(added);
            continue;
          }
          if (act.type === "enlarge") {
            const one = known[act.which % Math.max(1, known.length)];
            if (one === undefined || isOver(one)) continue;
            one.share += (WHOLE * BigInt(act.part)) / 100n;
            enlargeShare(overlay, one.offence, one.share);
            continue;
          }
          const now = toTimestamp(clock.now + 400 * act.epochs);
          clock = clockAfter(clock, now, parameters);
          const at = { sequence: toSequence(sequence), power: 180_000_000n, parameters };
          clock = dateBoundary(overlay, clock, at);
          boundaries.push({ sequence, time: now });
          const before = counted(overlay);
          const where = { overlay, now, state: world.state, sequence: toSequence(sequence), clock };
          raiseTotals(where, raisesMax);
          sequence += 1;
          const after = counted(overlay);
          // So many are looked at, and no more.
          const looked = Math.min(raisesMax, before.due);
          if (after.next > after.first) expect(after.due).toBe(before.due - looked);
          const gone = known.length - (after.next - after.first);
          const over = known.findIndex((one) => !isOver(one));
          const most = over < 0 ? known.length : over;
          expect(gone).toBe(before.due > looked ? 0 : Math.min(raisesMax, most));
          waited += before.due > looked && most > 0 ? 1 : 0;
          forgotten += gone;
          known = known.slice(gone);
          expect(after.share).toBe(known.reduce((sum, { share }) => sum + share, 0n));
          expect(after.cursor).toBeGreaterThanOrEqual(after.first);
          expect(after.cursor).toBeLessThanOrEqual(after.next);
          if (after.due > 0) continue;
          // Before anything was forgotten the sum was that of all: none is behind it.
          for (let number = after.first; number < after.next; number++) {
            const { stake, total } = convictionAt(overlay, number);
            const wanted = correlatedTotal({ stake, convicted: before.share });
            expect(total >= wanted).toBe(true);
            raised += total > stake / 5n ? 1 : 0;
          }
        }
        // What each has lost is what its offences say, those that were forgotten included.
        for (let who = 0; who < 6; who++) {
          const { id } = person(`validator ${who}`);
          const said = offences
            .filter((one) => one.who === who)
            .map(({ offence }) => overlay.read(stateKey.offence(offence), OffenceRecord)?.slashed);
          const sum = said.reduce<bigint>((all, slashed) => all + (slashed ?? 0n), 0n);
          expect(readValidator(overlay, id).slashed).toBe(sum);
        }
        for (let number = 0; number < counted(overlay).first; number++) {
          expect(overlay.read(stateKey.conviction(number), Conviction)).toBeUndefined();
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(Math.min(forgotten, waited, raised)).toBeGreaterThan(100);
  });

  test("one whose validator is in the set still is never over; then its last sequence counts", () => {
    // Terms as first sequence, last one and beginning of the time in the set; the block that
    // convicts.
    const cases: readonly {
      readonly terms: readonly (readonly [number, number | undefined, number])[];
      readonly convicts: number;
      readonly isForgotten: boolean;
    }[] = [
      { terms: [[1, undefined, 1]], convicts: 2, isForgotten: false },
      { terms: [[1, 1, 1]], convicts: 2, isForgotten: true },
      { terms: [[1, 9, 1]], convicts: 2, isForgotten: false },
      { terms: [[1, 1, 1]], convicts: 9, isForgotten: false },
      // Its power changed in between: one time in the set.
      {
        terms: [
          [1, 1, 1],
          [2, undefined, 1],
        ],
        convicts: 2,
        isForgotten: false,
      },
      {
        terms: [
          [1, 1, 1],
          [2, 9, 1],
        ],
        convicts: 2,
        isForgotten: false,
      },
      // It is in the set for a second time, which is another offence.
      {
        terms: [
          [1, 1, 1],
          [5, undefined, 5],
        ],
        convicts: 2,
        isForgotten: true,
      },
    ];
    for (const { terms, convicts, isForgotten } of cases) {
      const overlay = createStateOverlay(world.state.tree);
      const { signer } = person("validator 0");
      const named = terms.map(([from, until, since]) => ({
        from: toSequence(from),
        until: until === undefined ? undefined : toSequence(until),
        since: toSequence(since),
        power: toAmount(STAKE),
      }));
      const owner = { validator: person("validator 0").id, terms: named };
      overlay.write(stateKey.consensusKey(signer.publicKey), KeyRecord, owner);
      convict(overlay, { who: 0, sequence: convicts, share: 1n, turn: 0, key: signer.publicKey });
      let { clock } = world.state;
      for (const [sequence, ms] of [
        [3, 400],
        [12, 1_200],
      ] as const) {
        const now = toTimestamp(clock.now + ms);
        const at = { sequence: toSequence(sequence), power: 1n, parameters };
        clock = dateBoundary(overlay, clockAfter(clock, now, parameters), at);
        raiseTotals({ overlay, now, state: world.state, sequence: at.sequence, clock }, 9);
      }
      expect(counted(overlay).next === counted(overlay).first).toBe(isForgotten);
    }
  });
});

/** Counts an offence of a validator that holds all its stake still. */
function convict(
  overlay: StateOverlay,
  of: {
    readonly who: number;
    readonly sequence: number;
    readonly share: bigint;
    readonly turn: number;
    readonly key?: ReturnType<typeof toPublicKey>;
  },
): Digest {
  const { id } = person(`validator ${of.who}`);
  const { share } = of;
  const offence = sha256(utf8(`offence ${of.turn}`));
  const sequence = toSequence(of.sequence);
  const slashed = toAmount(0n);
  overlay.write(stateKey.offence(offence), OffenceRecord, {
    validator: id,
    slashed,
    sequence,
    share,
  });
  const key = of.key ?? toPublicKey(person("nobody").id);
  const { stake } = readValidator(overlay, id);
  const about = { validator: id, offence, since: toSequence(1), key, sequence };
  countConviction(overlay, { ...about, stake, total: toAmount(stake / 5n) }, share);
  return offence;
}

function counted(overlay: StateOverlay): Convictions {
  const none = { first: 0, next: 0, cursor: 0, due: 0, share: 0n };
  return overlay.read(stateKey.convictions, Convictions) ?? none;
}

function convictionAt(overlay: StateOverlay, number: number): Conviction {
  const found = overlay.read(stateKey.conviction(number), Conviction);
  if (found === undefined) throw new Error(`there is no conviction ${number}`);
  return found;
}
