import { describe, expect, test } from "vitest";
import { PbftError, type ReplicaEvent, sequenceOf } from "../src/index.ts";
import { createHonestyCheck } from "./honesty.ts";
import { createLog } from "./hub.ts";
import { createGate, createRig, type Rig } from "./rig.ts";

const typesOf = (events: readonly ReplicaEvent[]): readonly string[] =>
  events.map(({ type }) => type);
const heightOf = ({ counter }: Rig): number => counter.head.header.sequence;

describe("storage", () => {
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

  test("B26: whichever append fails, the replica stops, and all that left before is in the log", async () => {
    const appends = 7;
    for (let failing = 1; failing <= appends; failing++) {
      let count = 0;
      const rig = createRig({
        onCall: (name) => {
          if (name === "append" && ++count === failing) throw new Error("the disk is full");
        },
      });
      await rig.replica.start();
      const three = async (): Promise<void> => {
        for (let round = 0; round < 3; round++) await rig.finalize();
      };
      await expect(three()).rejects.toThrow("not finalized");

      expect(typesOf(rig.events).filter((type) => type === "failed")).toEqual(["failed"]);
      expect(rig.replica.status().running).toBe(false);
      const check = createHonestyCheck();
      const inLog = rig.sent.filter(({ type }) => type !== "view-change");
      for (const message of inLog) {
        if (sequenceOf(message) > heightOf(rig)) check(0, message, rig.log.records);
      }
      const before = rig.calls.length;
      await rig.pass(60_000);
      expect(rig.calls.slice(before)).toEqual([]);
      await rig.replica.stop();
    }
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

  test("a failing compaction stops the replica: the log may be half way", async () => {
    const rig = createRig({
      onCall: (name) => {
        if (name === "compact") throw new Error("no rename");
      },
    });
    await rig.replica.start();
    await rig.finalize();

    expect(typesOf(rig.events)).toContain("failed");
    expect(rig.replica.status().running).toBe(false);
  });
});
