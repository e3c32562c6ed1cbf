import { toSequence, toSignature } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { PbftError, type SigningLog, SigningRecord } from "../src/index.ts";
import { createSigningRecords } from "../src/replica/signing-records.ts";
import { createLog } from "./hub.ts";
import { createMembership } from "./keys.ts";
import { createRig } from "./rig.ts";

const floor = (sequence: number) => ({ type: "floor", sequence: toSequence(sequence) }) as const;
const recordOf = (sequence: number): Uint8Array =>
  SigningRecord.encode({ entries: [floor(sequence)] });

describe("records of a signing log", () => {
  test("are compacted on the first occasion after a start, and then when it is worth it", async () => {
    const log = createLog([recordOf(1), recordOf(2)]);
    const records = createSigningRecords(log);
    await records.load();
    await records.forget([floor(9)]);
    expect(log.records).toEqual([recordOf(9)]);
    await records.persist([floor(10)]);
    await records.forget([floor(11)]);
    expect(log.records).toEqual([recordOf(9), recordOf(10)]);
  });

  test("that were never durable are written anew by what is not obsolete, though the log is empty", async () => {
    const log = createLog();
    const append = (): Promise<never> => Promise.reject(new Error("full"));
    const records = createSigningRecords({ ...log, append });
    await records.load();
    expect(await records.persist([floor(1)])).toMatchObject({ call: "append" });
    await records.forget([floor(2)]);
    expect(await records.repair()).toBeUndefined();
    expect(log.records).toEqual([recordOf(2)]);
  });

  test("B28: whatever a disk says is told and tried again, a log that was taken is for good", async () => {
    const storage = new PbftError({ code: "STORAGE", path: "x", errno: "EIO", reason: "x" });
    const reason = "another file is in its place";
    const taken = new PbftError({ code: "SIGNING_STATE_TAKEN", path: "x", reason, remedy: "x" });
    const failing = async (error: unknown) => {
      const reject = (): Promise<never> => Promise.reject(error);
      const log: SigningLog = { ...createLog([recordOf(1)]), append: reject, compact: reject };
      const records = createSigningRecords(log);
      await records.load();
      return records;
    };
    for (const error of [storage, new Error("no code")]) {
      const records = await failing(error);
      expect(await records.persist([floor(2)])).toEqual({ call: "append", error });
      expect(await records.repair()).toEqual({ call: "compact", error });
    }
    const records = await failing(taken);
    await expect(records.persist([floor(2)])).rejects.toBe(taken);
    await expect(records.repair()).rejects.toBe(taken);
  });
});

describe("a signer that does not sign what it is asked to", () => {
  test("has nothing sent in its name, and each refusal is told", async () => {
    const membership = createMembership([1], "ed25519");
    const [member] = membership.members;
    if (member === undefined) throw new Error("there is one");
    const signer = { ...member.signer, sign: () => toSignature(new Uint8Array(64).fill(1)) };
    const rig = createRig({ membership, replica: { signer } });
    await rig.replica.start();
    rig.counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(1_000);

    expect(rig.sent).toEqual([]);
    expect(rig.counter.blocks).toEqual([]);
    expect(rig.events).toContainEqual({
      type: "discarded",
      input: "pre-prepare",
      reason: expect.any(String),
      from: member.id,
    });
    await rig.replica.stop();
  });
});
