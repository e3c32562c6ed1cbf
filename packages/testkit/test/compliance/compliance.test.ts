import { assert } from "@aethel/models";
import type { SigningLog } from "@aethel/pbft";
import { describe, expect, test } from "vitest";
import {
  CALM_NETWORK,
  createProcess,
  createRandom,
  createScheduler,
  createVirtualDisk,
  createVirtualNetwork,
  type Scheduler,
  type SigningLogMedium,
  signingLogCompliance,
  type TransportTrio,
  testKey,
  transportCompliance,
} from "../../src/index.ts";

describe("the virtual disk is a signing log", () => {
  for (const { name, run } of signingLogCompliance(virtualMedium)) test(name, run);
});

describe("the virtual network is a transport", () => {
  for (const { name, run } of transportCompliance(virtualTrio)) test(name, run);
});

describe("the compliance suites", () => {
  const brokenLogs: Readonly<Record<string, (log: SigningLog) => SigningLog>> = {
    "forgets everything": (log) => ({ ...log, load: async () => [] }),
    "turns the order around": (log) => ({
      ...log,
      load: async () => (await log.load()).toReversed(),
    }),
    "drops empty records": (log) => ({
      ...log,
      append: async (record) => (record.length === 0 ? undefined : log.append(record)),
    }),
    "does not compact": (log) => ({ ...log, compact: async () => undefined }),
  };
  for (const [name, spoil] of Object.entries(brokenLogs)) {
    test(`find a log that ${name}`, async () => {
      const cases = signingLogCompliance(async () => {
        const medium = await virtualMedium();
        return { ...medium, open: async () => spoil(await medium.open()) };
      });

      expect(await failures(cases)).not.toEqual([]);
    });
  }

  test("find a transport that echoes, and one that gives a false sender", async () => {
    const echoing = transportCompliance(async () => {
      const trio = await virtualTrio();
      const [first, second, third] = trio.nodes;
      const { transport } = first;
      let own: Parameters<typeof transport.attach>[0] | undefined;
      const spoiled: typeof transport = {
        ...transport,
        attach: (handlers) => {
          own = handlers;
          transport.attach(handlers);
        },
        broadcast: (message) => {
          own?.message(message, first.name);
          transport.broadcast(message);
        },
      };
      return { ...trio, nodes: [{ ...first, transport: spoiled }, second, third] };
    });
    const lying = transportCompliance(async () => {
      const trio = await virtualTrio();
      const [first, second, third] = trio.nodes;
      const spoiled: typeof second.transport = {
        ...second.transport,
        attach: (handlers) =>
          second.transport.attach({
            ...handlers,
            message: (message) => handlers.message(message, third.name),
          }),
      };
      return { ...trio, nodes: [first, { ...second, transport: spoiled }, third] };
    });

    expect(await failures(echoing)).toContain(
      "a broadcast reaches all others once, unchanged, and not its sender",
    );
    expect(await failures(lying)).toContain("the sender of a message is the true one, or unknown");
  });
});

async function failures(
  cases: readonly { readonly name: string; readonly run: () => Promise<void> }[],
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) await run().catch(() => failed.push(name));
  return failed;
}

async function virtualMedium(): Promise<SigningLogMedium> {
  const scheduler = createScheduler();
  const disk = createVirtualDisk({ random: createRandom(1), syncMs: 2 });
  let process = createProcess(scheduler);
  return {
    open: async () => disk.open(process),
    crash: async () => {
      process.crash();
      disk.crash();
      process = createProcess(scheduler);
    },
    settle: (promise) => settle(scheduler, promise),
    truncate: async (bytes) => disk.truncate(bytes),
    flipBit: async (at) => disk.flipBit(at),
    fault: async (fault) => disk.setFault(fault),
    [Symbol.asyncDispose]: async () => process.crash(),
  };
}

async function virtualTrio(): Promise<TransportTrio> {
  const scheduler = createScheduler();
  const names = ["a", "b", "c"].map((label) => testKey(label).id);
  const network = createVirtualNetwork({
    scheduler,
    random: createRandom(1),
    config: CALM_NETWORK,
    names,
  });
  const [a, b, c] = names.map((name, at) => ({
    name,
    transport: network.connect(at, createProcess(scheduler)),
  }));
  assert(a !== undefined && b !== undefined && c !== undefined, "there are three names");
  return {
    nodes: [a, b, c],
    settle: (promise) => settle(scheduler, promise),
    until: async (predicate) => {
      while (!predicate()) if (!(await scheduler.step())) return false;
      while (await scheduler.step());
      return predicate();
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Runs virtual time until a promise is settled. */
async function settle<T>(scheduler: Scheduler, promise: Promise<T>): Promise<T> {
  let done = false;
  const watched = promise.finally(() => {
    done = true;
  });
  watched.catch(() => undefined);
  await Promise.resolve();
  while (!done && (await scheduler.step()));
  return watched;
}
