import { describe, expect, test } from "vitest";
import { createServing, type ServingClock } from "../src/storage/snapshot-serving.ts";

/** A clock on which making a chunk takes 30 ms, and which notes the pauses. */
function virtualClock(): ServingClock & { readonly told: string[]; readonly work: () => void } {
  const told: string[] = [];
  let now = 0;
  return {
    told,
    now: () => now,
    work: () => {
      now += 30;
      told.push("made");
    },
    pause: (ms) => {
      if (ms > 0) told.push(`paused ${ms}`);
      now += ms;
      return Promise.resolve();
    },
  };
}

describe("a server of chunks", () => {
  test("pauses after each chunk for the share of the processor that others are to have", async () => {
    for (const [cpuPercentMax, pause] of [
      [50, 30],
      [25, 90],
    ] as const) {
      const clock = virtualClock();
      const serving = createServing({ cpuPercentMax }, clock);
      const make = (): Uint8Array => {
        clock.work();
        return Uint8Array.of(1);
      };
      await Promise.all(["a", "b", "c"].map((name) => serving.serve(name, make)));
      await serving.serve("d", make);
      const round = ["made", `paused ${pause}`];
      expect(clock.told.slice(0, 7)).toEqual([...round, ...round, ...round, "made"]);
    }
  });

  test("makes one chunk once for all who wait for it", async () => {
    const clock = virtualClock();
    const serving = createServing({}, clock);
    let made = 0;
    const make = (): Uint8Array => Uint8Array.of(++made);
    const all = await Promise.all(["a", "a", "b", "a"].map((name) => serving.serve(name, make)));
    expect(all).toEqual([1, 1, 2, 1].map((byte) => Uint8Array.of(byte)));
    expect(made).toBe(2);
  });

  test("gives nothing to those who come when too many wait, and serves later ones", async () => {
    const serving = createServing({ waitingMax: 2 }, virtualClock());
    const make = (): Uint8Array => Uint8Array.of(7);
    const all = await Promise.all(["a", "b", "c"].map((name) => serving.serve(name, make)));
    expect(all).toEqual([Uint8Array.of(7), Uint8Array.of(7), undefined]);
    expect(await serving.serve("c", make)).toEqual(Uint8Array.of(7));
  });

  test("keeps the chunks that were asked for last, within its bytes", async () => {
    const serving = createServing({ cacheBytesMax: 20 }, virtualClock());
    const made: string[] = [];
    const ask = (name: string): Promise<unknown> =>
      serving.serve(name, () => {
        made.push(name);
        return new Uint8Array(10);
      });
    for (const name of ["a", "b", "a", "c", "a", "b"]) await ask(name);
    expect(made).toEqual(["a", "b", "c", "b"]);
  });

  test("goes on after a chunk whose making failed", async () => {
    const serving = createServing({}, virtualClock());
    const fail = (): Uint8Array => {
      throw new Error("the version was released");
    };
    await expect(serving.serve("a", fail)).rejects.toThrow("released");
    expect(await serving.serve("a", () => Uint8Array.of(1))).toEqual(Uint8Array.of(1));
  });
});
