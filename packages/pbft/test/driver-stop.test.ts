import { toSequence, toSignature, toValidatorIndex, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { leaderOf } from "../src/index.ts";
import { createMembership } from "./keys.ts";
import { createGate, createRig, type Rig } from "./rig.ts";

const heightOf = ({ counter }: Rig): number => counter.head.header.sequence;

describe("callers", () => {
  test("notifyWork from within any call or event is heard, once", async () => {
    const rig: Rig = createRig({
      onCall: (name) => {
        if (name !== "attach" && name !== "load") rig.replica.notifyWork();
      },
      replica: { onEvent: () => rig.replica.notifyWork() },
    });
    await rig.replica.start();
    for (let round = 0; round < 3; round++) await rig.finalize();

    expect(heightOf(rig)).toBe(3);
    await rig.replica.stop();
  });

  test("what was said of work while others waited is looked at again when its turn comes", async () => {
    const n = [4, 5, 6, 7].find((size) => {
      const { set } = createMembership(
        Array.from({ length: size }, () => 1),
        "ed25519",
      );
      return leaderOf(set, toSequence(1), toView(0)) !== 0;
    });
    const rig = createRig({ n: n ?? 1 });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(10);
    expect(rig.sent).toEqual([]);
    // So many that the replica pauses, with the news still waiting.
    const { digest } = rig.counter.head;
    const [signature, voter] = [toSignature(new Uint8Array(64)), toValidatorIndex(1)];
    for (let at = 0; at < 500; at++) {
      const where = { sequence: toSequence(1), view: toView(at), digest, voter };
      rig
        .handlers()
        .message({ type: "prepare", ...where, signature }, rig.membership.members[1]?.id);
    }
    rig.counter.pending = 0;
    rig.replica.notifyWork();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(5_000);

    // There is work, so time runs against a leader that does nothing.
    expect(rig.sent.map(({ type }) => type)).toContain("view-change");
    await rig.replica.stop();
  });

  test("a million calls of notifyWork while the disk is busy leave one thing to do", async () => {
    const gate = createGate();
    const rig = createRig({ onCall: (name) => (name === "append" ? gate.passed : undefined) });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(20);
    rig.counter.pending = 0;
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < 1_000_000; at++) rig.replica.notifyWork();
    const grown = process.memoryUsage().heapUsed - before;
    rig.counter.pending = 1;
    gate.open();
    await rig.pass(100);

    // A task for each would be some 100 bytes each.
    expect(grown).toBeLessThan(40_000_000);
    expect(heightOf(rig)).toBe(1);
    await rig.replica.stop();
  });

  test("a listener that throws at every event changes nothing", async () => {
    const rig = createRig({
      replica: {
        onEvent: () => {
          throw new Error("a broken dashboard");
        },
      },
    });
    await rig.replica.start();
    for (let round = 0; round < 3; round++) await rig.finalize();

    expect(heightOf(rig)).toBe(3);
    await rig.replica.stop();
  });

  test("a replica starts once: not twice, and not after it was stopped", async () => {
    const stopped = { fault: { code: "STOPPED" } };
    const rig = createRig();
    await rig.replica.start();
    await expect(rig.replica.start()).rejects.toMatchObject(stopped);
    await rig.replica.stop();
    await rig.replica.stop();

    const never = createRig();
    await never.replica.stop();
    await expect(never.replica.start()).rejects.toMatchObject(stopped);
    expect(never.calls).toEqual([]);
  });
});

describe("stopping", () => {
  test("at whichever call of a port it comes: from then on nothing new is called, sent or started", async () => {
    const probe = createRig();
    await probe.replica.start();
    for (let round = 0; round < 3; round++) await probe.finalize();
    await probe.replica.stop();
    const total = probe.calls.length;

    expect(total).toBeGreaterThan(30);
    for (let at = 1; at <= total; at++) await stopAt(at);
  });

  async function stopAt(at: number): Promise<void> {
    const stopping: Promise<void>[] = [];
    let count = 0;
    const rig: Rig = createRig({
      onCall: async () => {
        count += 1;
        if (count === at) stopping.push(rig.replica.stop());
        // What is slow is under way when the stop comes.
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    await rig.replica.start().catch(() => {});
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    for (let turn = 0; turn < 60 && stopping.length === 0; turn++) {
      await rig.pass(50);
      rig.counter.pending = 1;
      rig.replica.notifyWork();
    }
    await stopping[0];
    expect(rig.scheduled(), `stopped at call ${at}`).toBe(0);
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(10_000);
    expect(rig.calls.slice(at), `stopped at call ${at}`).toEqual([]);
  }

  test.each(["load", "append"])("it waits for the %s that is under way", async (call) => {
    const gate = createGate();
    const rig = createRig({ onCall: (name) => (name === call ? gate.passed : undefined) });
    const starting = rig.replica.start();
    rig.counter.pending = 1;
    await rig.pass(20);
    rig.replica.notifyWork();
    await rig.pass(20);
    let stopped = false;
    const stopping = rig.replica.stop().then(() => {
      stopped = true;
    });
    await rig.pass(1_000);

    expect([rig.calls.at(-1), stopped]).toEqual([call, false]);
    gate.open();
    await Promise.all([stopping, starting]);
    expect(rig.sent).toEqual([]);
  });

  test("it waits for the call of the application that runs, and that call is told to end", async () => {
    const gate = createGate();
    const signals: AbortSignal[] = [];
    const rig = createRig({
      application: {
        verify: async ({ signal }) => {
          signals.push(signal);
          await gate.passed;
          return { type: "accepted" };
        },
      },
    });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(20);
    let stopped = false;
    const stopping = rig.replica.stop().then(() => {
      stopped = true;
    });
    await rig.pass(1_000);

    expect([signals.length, signals[0]?.aborted, stopped]).toEqual([1, true, false]);
    gate.open();
    await stopping;
    expect(heightOf(rig)).toBe(0);
  });
});
