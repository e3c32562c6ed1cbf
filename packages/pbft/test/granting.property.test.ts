import { type AccountId, equalBytes, toAccountId, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOwed, isOwedTo } from "../src/books/listeners.ts";
import { onListener } from "../src/listening/on-listener.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

/** Leads the first view. */
const stage = createRuleStage(0);
const ids = stage.state.head.validators.validators.map(({ id }) => id);
const stranger: AccountId = toAccountId(new Uint8Array(32).fill(9));

describe("blocks for who listens", () => {
  test("B23: two blocks for each head that a validator names, four times in 64 sequences, and no more", () => {
    const asks = fc.array(fc.record({ who: fc.nat({ max: 4 }), after: fc.nat({ max: 30 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(asks, (all) => {
        let { listeners, head } = stage.state;
        /** Window of each validator, how often it was granted, and up to where. */
        const oracle = new Map<number, { since: number; count: number; until: number }>();
        for (const { who, after } of all) {
          const height = head.header.sequence + after;
          head = { ...head, header: { ...head.header, sequence: toSequence(height) } };
          const context = stage.context({ head, listeners, sequence: toSequence(height + 1) });

          onListener(context, ids[who] ?? stranger);

          ({ listeners } = context.state);
          if (who < ids.length) {
            const known = oracle.get(who);
            const isOpen = known !== undefined && height + 1 < known.since + 64;
            const grant = isOpen ? known : { since: height + 1, count: 0, until: 0 };
            if (grant.until < height + 2 && grant.count < 4) {
              oracle.set(who, { ...grant, count: grant.count + 1, until: height + 2 });
            }
          }
          const held = listeners.map(({ validator, since, count, until }) => [
            ids.findIndex((id) => equalBytes(id, validator)),
            { since, count, until },
          ]);
          expect(new Map(held as [number, never][])).toEqual(oracle);
          expect(listeners).toHaveLength(oracle.size);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("what is granted is a reason for a block at once, and time runs for the listener's own view", () => {
    const elapsed = stage.cluster.now + 60_000;
    for (const [index, id] of ids.entries()) {
      const context = { ...stage.context(), elapsed, now: elapsed };

      onListener(context, id);

      expect(only(context, "propose").map(({ reason }) => reason)).toEqual(["heartbeat"]);
      expect(context.state.viewTimerRuns).toBe(index === stage.me);
    }
  });

  test("who has left the set has no grant any more when another asks", () => {
    const grant = { validator: stranger, since: toSequence(1), count: 1, until: toSequence(3) };
    const context = stage.context({ listeners: [grant] });

    onListener(context, at(ids, 1));

    expect(context.state.listeners.map(({ validator }) => validator)).toEqual([ids[1]]);
  });

  test("a block is owed up to the sequence that was granted, to whom it was granted", () => {
    const grant = { validator: at(ids, 1), since: toSequence(1), count: 1, until: toSequence(3) };
    for (const [sequence, owed] of [
      [2, true],
      [3, true],
      [4, false],
    ] as const) {
      expect(isOwed([grant], toSequence(sequence))).toBe(owed);
      expect(isOwedTo([grant], at(ids, 1), toSequence(sequence))).toBe(owed);
      expect(isOwedTo([grant], at(ids, 2), toSequence(sequence))).toBe(false);
    }
    expect(isOwed([], toSequence(1))).toBe(false);
  });
});
