import { toSequence, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SigningRecord } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { createMembership } from "./keys.ts";

// A replica goes to a view when a quorum wants the one before it, or more than a third want it: so
// however long an outage lasts, validators of more than a third of the power are at the highest view
// or one below it. The others may be anywhere.
const worlds = fc
  .record({
    top: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4_000_000_000 })),
    members: fc.array(
      fc.record({
        power: fc.integer({ min: 1, max: 4 }),
        below: fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 9 }), fc.nat()),
      }),
      { minLength: 4, maxLength: 8 },
    ),
    order: fc.nat({ max: 7 }),
  })
  .map(({ top, members, order }) => {
    const powers = members.map(({ power }) => power);
    const { validators, totalPower } = createMembership(powers).set;
    let ahead = 0n;
    const views = validators.map(({ power }, at) => {
      const member = members[(at + order) % members.length];
      if (ahead * 3n > totalPower) return Math.max(0, top - (member?.below ?? 0));
      ahead += power;
      return Math.max(0, top - ((member?.below ?? 0) & 1));
    });
    return { powers, views };
  });

describe("any spread of views (B24)", () => {
  test("B24 P9: replicas that come back at any views finalize within four capped time-outs", () => {
    fc.assert(
      fc.property(worlds, ({ powers, views }) => {
        const cluster = new Cluster({ powers, scheme: "trusted" });
        cluster.nodes.forEach((node, at) => {
          const view = views[at] ?? 0;
          if (view === 0) return;
          const { head } = node.app;
          const body = {
            validators: head.validators.hash,
            sequence: toSequence(1),
            newView: toView(view),
            parent: head.digest,
            prepared: undefined,
          };
          const entry = { type: "view-change", body, prepareCertificate: undefined } as const;
          node.log = [SigningRecord.encode({ entries: [entry] })];
        });
        cluster.startAll();
        cluster.work();

        const done = (): boolean => cluster.heights().every((height) => height >= 1);
        expect(cluster.run({ forMs: 4 * 8_000, until: done })).toBe(true);
        // Who asked for a view has signed nothing below it: the cluster would have thrown.
      }),
      { numRuns: 200 },
    );
  });
});
