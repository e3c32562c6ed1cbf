import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { VirtualWorld } from "./virtual-world.ts";

describe("who leads in place of a validator that is down", () => {
  let world: VirtualWorld | undefined;
  afterEach(() => world?.stop());

  /** One of four is down from the start; delays are twice the interval, so proposals come early. */
  it("P10: its proposal is kept where it overtakes the block before", async () => {
    const seed = fc.integer({ min: 1, max: 1_000 });
    await fc.assert(
      fc.asyncProperty(seed, fc.nat(3), async (number, down) => {
        world = new VirtualWorld({ seed: number, latency: [1, 40] });
        const up = [0, 1, 2, 3].filter((index) => index !== down);
        for (const index of up) await world.start(index);
        await world.run(8_000);
        await world.stop();
        for (const index of up) {
          const lost = world
            .node(index)
            .events.filter(isLater)
            .map(({ sequence }) => sequence);
          expect(lost.filter((sequence) => sequence > 10)).toEqual([]);
        }
      }),
      { numRuns: 4, seed: 1 },
    );
  });
});

type Event = VirtualWorld["nodes"][number]["events"][number];

function isLater(event: Event): event is Extract<Event, { type: "finalized" }> {
  return event.type === "finalized" && event.view > 0;
}
