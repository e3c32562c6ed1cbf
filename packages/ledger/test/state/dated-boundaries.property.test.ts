import { emptyTree } from "@aethel/merkle";
import { toSequence, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY_KIND } from "../../src/index.ts";
import { clockAfter, clockAtGenesis, isAtBoundary } from "../../src/state/clock.ts";
import { dateBoundary, isTooOld } from "../../src/state/dated-boundaries.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";

/** Both times count. */
const DRIFT_MS = 1;

/** A chain whose blocks come at any pace, and an unbonding time of few or many of its epochs. */
const chains = fc.record({
  unbondingMs: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20_000 })),
  epochMs: fc.integer({ min: 1, max: 500 }),
  steps: fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 3_000 })), {
    minLength: 30,
    maxLength: 80,
  }),
});

interface Block {
  readonly sequence: number;
  readonly time: number;
  readonly isBoundary: boolean;
}

/** Runs a chain, and shows after each block what its state knows, and all blocks so far. */
function run(
  { unbondingMs, epochMs, steps }: typeof chains extends fc.Arbitrary<infer One> ? One : never,
  look: (after: {
    readonly blocks: readonly Block[];
    readonly isTooOld: (sequence: number) => boolean;
    readonly dates: number;
  }) => void,
): void {
  const parameters = { unbondingMs: unbondingMs - DRIFT_MS, maxDriftMs: DRIFT_MS, epochMs };
  let clock = clockAtGenesis(toTimestamp(1_000_000));
  let tree = emptyTree;
  const blocks: Block[] = [];
  steps.forEach((step, at) => {
    const overlay = createStateOverlay(tree);
    const sequence = toSequence(at + 1);
    const now = toTimestamp(clock.now + step);
    clock = clockAfter(clock, now, parameters);
    const isBoundary = isAtBoundary(clock);
    if (isBoundary)
      clock = dateBoundary(overlay, clock, { sequence, power: BigInt(at), parameters });
    tree = tree.update(overlay.changes().map(({ key, after }) => ({ key, value: after })));
    blocks.push({ sequence, time: now, isBoundary });
    const where = { overlay: createStateOverlay(tree), now, state: { clock, parameters } };
    const dates = [...tree.entries()].filter(({ key }) => key[0] === KEY_KIND.datedBoundary).length;
    look({ blocks, dates, isTooOld: (asked) => isTooOld(toSequence(asked), where) });
  });
}

describe("the window for evidence", () => {
  test("it closes when the unbonding time has gone by since the epoch boundary that ended the epoch, at any pace", () => {
    const seen = { open: 0, closed: 0 };
    fc.assert(
      fc.property(chains, (chain) => {
        run(chain, ({ blocks, isTooOld: isOld }) => {
          const { time: now } = blocks.at(-1) ?? { time: 0 };
          for (const { sequence } of blocks) {
            const ended = blocks.find((block) => block.isBoundary && block.sequence >= sequence);
            const isOver = ended !== undefined && now >= ended.time + chain.unbondingMs;
            expect(isOld(sequence)).toBe(isOver);
            seen[isOver ? "closed" : "open"] += 1;
          }
        });
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 60, seed: 1 },
    );
    expect(Math.min(seen.open, seen.closed)).toBeGreaterThan(1_000);
  });

  test("no more dates are kept than evidence can ask for, and two; what a halt leaves over goes at each epoch boundary", () => {
    let forgotten = 0;
    fc.assert(
      fc.property(chains, (chain) => {
        let before = 0;
        run(chain, ({ blocks, dates }) => {
          const { time: now, isBoundary: isLast } = blocks.at(-1) ?? { time: 0, isBoundary: false };
          const boundaries = blocks.filter(({ isBoundary }) => isBoundary);
          const recent = boundaries.filter(({ time }) => time + chain.unbondingMs > now).length;
          forgotten = Math.max(forgotten, boundaries.length - dates);
          // After a long halt many are over at once: then each epoch boundary has one less than the
          // last.
          const most = isLast ? Math.max(recent + 2, before - 1) : before;
          expect(dates).toBeLessThanOrEqual(most);
          before = dates;
        });
      }),
      { numRuns: 100 },
    );
    expect(forgotten).toBeGreaterThan(10);
  });
});
