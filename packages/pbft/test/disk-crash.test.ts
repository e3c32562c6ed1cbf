import { describe, expect, test } from "vitest";
import { frame, MAGIC, scan } from "../src/file/framing.ts";
import type { SigningLog } from "../src/index.ts";
import { Counter } from "./counter.ts";
import { createHonestyCheck, type HonestyCheck } from "./honesty.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { createRig } from "./rig.ts";

/** Fate of the write that was under way when the power went. */
type Fate = "lost" | "torn" | "kept";

/** A disk in the format of the real file: what was not flushed may be lost, in part or whole. */
interface Disk {
  bytes: Uint8Array;
}

function recordsOf({ bytes }: Disk): readonly Uint8Array[] {
  const scanned = scan(bytes);
  if (scanned.type === "damaged") throw new Error(`damaged: ${scanned.reason}`);
  return scanned.records;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

interface Crash {
  /** At which call of any port, counted from 1; 0: never. */
  readonly call: number;
  readonly fate: Fate;
}

/** State that outlives the process. */
interface World {
  readonly disk: Disk;
  readonly counter: Counter;
  readonly check: HonestyCheck;
  /** Errors of the honesty check: the driver would take it for a broken transport. */
  readonly failures: unknown[];
}

function createWorld(): World {
  const counter = new Counter(GENESIS, createMembership([1], "ed25519").set);
  return { disk: { bytes: MAGIC }, counter, check: createHonestyCheck(), failures: [] };
}

/** One life of a lone validator, until the power goes or it has finalized `goal`. */
async function live(world: World, crash: Crash, goal: number): Promise<readonly string[]> {
  const { disk, counter, check, failures } = world;
  const calls: string[] = [];
  let isDown = false;
  /** Whether the crash comes within this call; if so, what it was about may be done or not. */
  const isLast = (): boolean => isDown && calls.length === crash.call;
  // Nobody is left to whom anything could return.
  const over = new Promise<never>(() => {});
  const write = async (whole: Uint8Array, torn: Uint8Array): Promise<void> => {
    // The flush takes its time; until then nothing of it can be counted on.
    await new Promise((resolve) => setImmediate(resolve));
    if (!isLast()) disk.bytes = whole;
    else if (crash.fate !== "lost") disk.bytes = crash.fate === "kept" ? whole : torn;
    if (isDown) await over;
  };
  const signingLog: SigningLog = {
    load: async () => recordsOf(disk),
    append(record) {
      const framed = frame(record);
      const half = framed.subarray(0, Math.floor(framed.length / 2));
      return write(joined(disk.bytes, framed), joined(disk.bytes, half));
    },
    // `rename` leaves the old file or the new one.
    compact: (records) => write(joined(MAGIC, ...records.map(frame)), disk.bytes),
  };
  let abstains = counter.head.header.sequence < 2;
  const rig = createRig({
    counter,
    signingLog,
    application: {
      async verify({ block, patience }) {
        const verdict = counter.verify(block, patience);
        if (!abstains || block.header.sequence !== 2) return verdict;
        // Once, so that there is a view change to crash in.
        abstains = false;
        return { type: "abstained", reason: "busy" };
      },
      async commit(finalized) {
        if (isLast() && crash.fate !== "kept") return over;
        const head = counter.commit(finalized);
        return isDown ? over : head;
      },
    },
    onCall(name) {
      if (isDown) {
        if (name === "broadcast") throw new Error("down");
        return over;
      }
      calls.push(name);
      isDown = calls.length === crash.call;
      const decides = name === "append" || name === "compact" || name === "commit";
      if (!isDown || decides) return undefined;
      // A message that was handed over may have left, or not.
      if (name === "broadcast" && crash.fate !== "kept") throw new Error("down");
      return over;
    },
    onSend(message) {
      try {
        check(0, message, recordsOf(disk));
      } catch (error) {
        failures.push(error);
      }
    },
  });
  rig.replica.start().catch((error: unknown) => failures.push(error));
  for (let turn = 0; turn < 100 && counter.head.header.sequence < goal && !isDown; turn++) {
    counter.pending = 1;
    rig.replica.notifyWork();
    await rig.pass(50);
  }
  if (!isDown) await rig.replica.stop();
  return calls;
}

/** A torn tail is cut when the file is opened. */
function reopen(disk: Disk): void {
  const scanned = scan(disk.bytes);
  if (scanned.type === "intact") disk.bytes = disk.bytes.slice(0, scanned.end);
}

describe("power failures of a driver on the real format of the log", () => {
  const never: Crash = { call: 0, fate: "kept" };

  test.each<Fate>(["lost", "torn", "kept"])(
    "B5 B6 B7 B26: at whichever call it comes, with what was being written %s, nothing is contradicted",
    async (fate) => {
      const calls = await live(createWorld(), never, 3);
      expect(calls.filter((name) => name === "append").length).toBeGreaterThan(9);
      for (let call = 1; call <= calls.length; call++) {
        const world = createWorld();
        await live(world, { call, fate }, 3);
        reopen(world.disk);
        await live(world, never, 3);

        const where = `crash at call ${call}, ${calls[call - 1]}`;
        expect(world.failures, where).toEqual([]);
        expect(world.counter.head.header.sequence, where).toBe(3);
      }
    },
  );
});
