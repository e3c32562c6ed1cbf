import { type Digest, sha256, toDigest, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTrail } from "../src/joining/trail.ts";
import { createMembership } from "./keys.ts";
import { createRuleStage } from "./rule-stage.ts";

const { head } = createRuleStage(0).state;
const sets = [1, 2, 3].map((power) => createMembership([power, 1]).set);
const digestOf = (sequence: number): Digest =>
  toDigest(sha256(new Uint8Array([sequence & 255, sequence >> 8])));

describe("a trail of blocks", () => {
  test("B2: holds the digest of each block that followed, in a row, and the sets that voted on it", () => {
    const steps = fc.array(
      fc.record({ skip: fc.constantFrom(0, 0, 0, 1, -1), set: fc.nat({ max: 2 }) }),
      {
        maxLength: 150,
      },
    );
    fc.assert(
      fc.property(fc.nat({ max: 5 }), steps, (start, all) => {
        const trail = createTrail(toSequence(start));
        const kept: { set: number; previous: number }[] = [];
        let previous = 0;
        for (const { skip, set } of all) {
          const end = start + kept.length;
          const [validators, previousValidators] = [sets[set], sets[previous]];
          if (validators === undefined || previousValidators === undefined)
            throw new Error("a set");
          const at = Math.max(0, end + skip);
          const header = { ...head.header, sequence: toSequence(at) };
          trail.record(digestOf(at + 1), { ...head, header, validators, previousValidators });
          if (at !== end) continue;
          kept.push({ set, previous });
          previous = set;
        }

        expect(trail.end()).toBe(start + kept.length);
        for (let at = 0; at <= start + kept.length + 1; at++) {
          const known = kept[at - start - 1];
          expect(trail.digestAt(at)).toEqual(known && digestOf(at));
          if (known === undefined) continue;
          expect(trail.setsAt(at)).toMatchObject({
            set: sets[known.set],
            previousSet: sets[known.previous],
          });
        }
        expect(trail.setsAt(start)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
