import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PbftError, type ReplicaEvent, type SigningLog } from "../src/index.ts";
import { createHonestyCheck } from "./honesty.ts";
import { createLog } from "./hub.ts";
import { createGate, createRig, type Rig, type RigOptions } from "./rig.ts";

const typesOf = (events: readonly ReplicaEvent[]): readonly string[] =>
  events.map(({ type }) => type);
const heightOf = ({ counter }: Rig): number => counter.head.header.sequence;
const full = (): Error => Object.assign(new Error("no space left"), { code: "ENOSPC" });

/** Data that a failing call has written: nothing, or all of it, as after a failed flush. */
type Remains = "nothing" | "all";

/** A log on a disk that fails at calls of the test's choice. */
function createFaultyLog(fails: (call: number) => Remains | undefined): SigningLog & {
  records: Uint8Array[];
  failures: number;
} {
  const log = createLog();
  let calls = 0;
  const faulty = {
    failures: 0,
    get records() {
      return log.records;
    },
    set records(records) {
      log.records = records;
    },
    load: () => log.load(),
    append: (record: Uint8Array) => attempt(() => log.append(record)),
    compact: (records: readonly Uint8Array[]) => attempt(() => log.compact(records)),
  };
  const attempt = async (write: () => Promise<void>): Promise<void> => {
    const remains = fails((calls += 1));
    if (remains === "nothing") faulty.failures += 1;
    if (remains === "nothing") throw full();
    await write();
    if (remains === undefined) return;
    faulty.failures += 1;
    throw full();
  };
  return faulty;
}

/** A rig whose every message is checked against the log at the moment it leaves. */
function createCheckedRig(
  options: RigOptions & { readonly log: SigningLog & { records: Uint8Array[] } },
  check = createHonestyCheck(),
) {
  const failures: unknown[] = [];
  const rig = createRig({
    ...options,
    onSend(message) {
      try {
        check(0, message, options.log.records);
      } catch (error) {
        failures.push(error);
      }
    },
  });
  return { rig, failures, check };
}

describe("a signing log that fails", () => {
  test("B26: while a record is not durable, nothing that rests on it leaves, however long it takes", async () => {
    const gate = createGate();
    const rig = createRig({ onCall: (name) => (name === "append" ? gate.passed : undefined) });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();

    await rig.pass(300_000);
    expect(rig.sent).toEqual([]);
    gate.open();
    await rig.pass(1_000);

    expect(heightOf(rig)).toBe(1);
  });

  test("B27: whichever calls fail, the replica never dies, nothing leaves that the log lacks, and it goes on", async () => {
    const failing = fc.array(fc.option(fc.constantFrom<Remains>("nothing", "all")), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(failing, async (plan) => {
        const log = createFaultyLog((call) => plan[call - 1] ?? undefined);
        const { rig, failures } = createCheckedRig({ log });
        await rig.replica.start();
        for (let round = 0; round < 3; round++) {
          rig.counter.pending += 1;
          rig.replica.notifyWork();
          await rig.pass(60_000);
        }

        expect(failures).toEqual([]);
        expect(heightOf(rig)).toBe(3);
        expect(rig.replica.status()).toMatchObject({ running: true, trouble: undefined });
        const told = typesOf(rig.events);
        expect(told).not.toContain("failed");
        const count = (type: string): number => told.filter((each) => each === type).length;
        expect(count("signing-suspended")).toBe(count("signing-resumed"));
        expect(count("signing-suspended") > 0).toBe(log.failures > 0);
        await rig.replica.stop();
        expect(rig.scheduled()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("B27: what was said to be signed but never left binds no restart, what left does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom<Remains>("nothing", "all"),
        async (from, remains) => {
          // It fails for good; then the process ends and the disk is replaced.
          const log = createFaultyLog((call) => (call >= from ? remains : undefined));
          const first = createCheckedRig({ log });
          await first.rig.replica.start();
          for (let round = 0; round < 3; round++) {
            first.rig.counter.pending += 1;
            first.rig.replica.notifyWork();
            await first.rig.pass(10_000);
          }
          expect(first.rig.replica.status().trouble).toMatchObject({ call: expect.anything() });
          await first.rig.replica.stop();
          const { counter, membership } = first.rig;
          // The same check over both lives: what left in the first one binds the second.
          const healthy = createLog(log.records);
          const { rig, failures } = createCheckedRig(
            { counter, membership, log: healthy },
            first.check,
          );
          await rig.replica.start();
          await rig.pass(10_000);
          const height = counter.head.header.sequence;
          for (let round = 0; round < 2; round++) {
            counter.pending = 1;
            rig.replica.notifyWork();
            await rig.pass(100_000);
          }
          expect(counter.head.header.sequence).toBeGreaterThanOrEqual(height + 2);
          expect([...first.failures, ...failures]).toEqual([]);
          await rig.replica.stop();
        },
      ),
      { numRuns: 20 },
    );
  });

  test("a follower of a log that fails signs nothing, and its place in the chain moves on", async () => {
    const broken = (): Promise<never> => Promise.reject(full());
    const rig = createRig({ signingLog: { append: broken, compact: broken } });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(60_000);

    expect(rig.sent).toEqual([]);
    expect(typesOf(rig.events).filter((type) => type.startsWith("signing"))).toEqual([
      "signing-suspended",
    ]);
    const { trouble } = rig.replica.status();
    expect(trouble).toMatchObject({ call: "compact", error: { code: "ENOSPC" } });
    await rig.replica.stop();
    expect(rig.scheduled()).toBe(0);
  });

  test("a signing log that somebody else took stops the replica for good", async () => {
    const fault = { code: "SIGNING_STATE_TAKEN", path: "p", reason: "r", remedy: "m" } as const;
    const rig = createRig({ signingLog: { append: () => Promise.reject(new PbftError(fault)) } });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(10_000);

    expect(typesOf(rig.events)).toContain("failed");
    expect(rig.sent).toEqual([]);
    expect(rig.replica.status().running).toBe(false);
  });

  test("a log that cannot be loaded fails the start, before the network is heard", async () => {
    const rig = createRig({ signingLog: { load: () => Promise.reject(new Error("no disk")) } });

    await expect(rig.replica.start()).rejects.toThrow("no disk");
    expect(rig.calls).toEqual(["load"]);
    expect(() => rig.replica.status()).toThrow(PbftError);
    await expect(rig.replica.start()).rejects.toMatchObject({ fault: { code: "STOPPED" } });
    await rig.replica.stop();
  });

  test("a record that is none fails the start and says which it is", async () => {
    const rig = createRig({ log: createLog([new Uint8Array([1, 2, 3])]) });

    const fault = { code: "SIGNING_RECORD", index: 0 };
    await expect(rig.replica.start()).rejects.toMatchObject({ fault });
  });
});

describe("an application's store that fails", () => {
  test("B27: a commit that a disk refuses is made again until it works, and is no divergence", async () => {
    const storage = { code: "STORAGE", path: "db", errno: "ENOSPC", reason: "full" } as const;
    const errors = [
      new PbftError(storage),
      full(),
      new Error("not written", { cause: full() }),
      new Error("put", { cause: new Error("write", { cause: new PbftError(storage) }) }),
    ];
    for (const error of errors) {
      let left = 5;
      const rig = createRig();
      const faulty = createRig({
        membership: rig.membership,
        counter: rig.counter,
        application: {
          commit: async (finalized) => {
            if (left-- > 0) throw error;
            return rig.counter.commit(finalized);
          },
        },
      });
      await faulty.replica.start();
      faulty.counter.pending = 1;
      faulty.replica.notifyWork();
      await faulty.pass(3_000);
      expect(faulty.replica.status()).toMatchObject({
        running: true,
        phase: "committing",
        trouble: { call: "commit", error },
      });
      await faulty.pass(10_000);

      expect(heightOf(faulty)).toBe(1);
      expect(faulty.replica.status().trouble).toBeUndefined();
      const told = typesOf(faulty.events).filter((type) => type !== "discarded");
      expect(told).not.toContain("diverged");
      expect(told.filter((type) => type === "commit-failed")).toHaveLength(1);
      await faulty.replica.stop();
    }
  });

  test("a replica whose commit fails stops at once when it is told to", async () => {
    const rig = createRig({ application: { commit: () => Promise.reject(full()) } });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(2_500);

    await rig.replica.stop();
    expect(rig.scheduled()).toBe(0);
  });

  test("an application that contradicts a block says so with any other error", async () => {
    const error = Object.assign(new Error("another root"), { code: "ERR_ASSERTION" });
    const rig = createRig({ application: { commit: () => Promise.reject(error) } });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(10_000);

    expect(typesOf(rig.events)).toContain("diverged");
  });
});
