import { describe, expect, test } from "vitest";
import {
  CALM_NETWORK,
  checkNetworkConfig,
  createProcess,
  createRandom,
  createScheduler,
  createVirtualNetwork,
  TestkitError,
  testKey,
} from "../../src/index.ts";

describe("the virtual network", () => {
  test("a configuration that cannot be is refused with every problem at once", () => {
    const wrong = {
      ...CALM_NETWORK,
      lossRate: 1.5,
      latencyMs: -1,
      byzantineIds: [4, 4],
      partitions: [{ fromMs: 9, toMs: 3, groups: [[0], [0, 7]] }],
    };
    const fault = faultOf(() => checkNetworkConfig(wrong, 4));

    expect(fault?.code === "CONFIG" ? fault.problems : []).toHaveLength(7);
  });

  test("loss, repetition and partitions happen as often as they are configured", async () => {
    const arrivals = async (config: Partial<typeof CALM_NETWORK>): Promise<number> => {
      const scheduler = createScheduler();
      const names = ["a", "b"].map((label) => testKey(label).id);
      const network = createVirtualNetwork({
        scheduler,
        random: createRandom(3),
        config: { ...CALM_NETWORK, ...config },
        names,
      });
      const [a, b] = [0, 1].map((at) => network.connect(at, createProcess(scheduler)));
      let count = 0;
      b?.attach({
        message: () => {
          count += 1;
        },
        request: () => Promise.reject(new Error("nobody asks")),
        connected: () => undefined,
      });
      const message = { type: "prepare" } as never;
      for (let at = 0; at < 1_000; at++) a?.broadcast(message);
      while (await scheduler.step());
      return count;
    };

    expect(await arrivals({})).toBe(1_000);
    expect(await arrivals({ lossRate: 1 })).toBe(0);
    expect(Math.abs((await arrivals({ lossRate: 0.3 })) - 700)).toBeLessThan(60);
    expect(Math.abs((await arrivals({ duplicateRate: 0.5 })) - 1_500)).toBeLessThan(60);
    const cut = { fromMs: 0, toMs: 1_000, groups: [[0]] };
    expect(await arrivals({ partitions: [cut] })).toBe(0);
  });
});

function faultOf(action: () => unknown): TestkitError["fault"] | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof TestkitError) return error.fault;
    throw error;
  }
}
