import { fork } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFileSigningLog } from "../src/file/index.ts";
import { decodeSigningLog, PbftError } from "../src/index.ts";

let folder = "";
let path = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aethel-signing-"));
  path = join(folder, "keys", "signing.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const records = [1, 2, 3].map((byte) => new Uint8Array(10 * byte).fill(byte));

async function written(): Promise<Uint8Array> {
  await using log = await createFileSigningLog({ path, allowNewSigningState: "new-key" });
  for (const record of records) await log.append(record);
  return readFile(path);
}

async function loaded(): Promise<readonly Uint8Array[] | string> {
  try {
    await using log = await createFileSigningLog({ path });
    // The first record says that the key was new.
    return (await log.load()).slice(1);
  } catch (error) {
    if (error instanceof PbftError) return error.fault.code;
    throw error;
  }
}

describe("signing log in a file", () => {
  test("what was appended is there after reopening, in order", async () => {
    await written();

    expect(await loaded()).toEqual(records);
  });

  test("a missing file is refused until told, and then the replica first listens", async () => {
    await expect(createFileSigningLog({ path })).rejects.toMatchObject({
      fault: { code: "SIGNING_STATE_MISSING" },
    });

    await using log = await createFileSigningLog({ path, allowNewSigningState: "listen-first" });
    const entries = decodeSigningLog(await log.load());

    expect(entries.map(({ type }) => type)).toEqual(["listen"]);
  });

  test("B7: cut at every offset, it recovers a prefix of its records or is refused", async () => {
    const bytes = await written();
    for (let length = 0; length < bytes.length; length++) {
      await writeFile(path, bytes.subarray(0, length));
      const result = await loaded();
      if (result === "SIGNING_STATE_DAMAGED") continue;
      expect(result).toEqual(records.slice(0, result.length));
      expect(result.length).toBeLessThan(records.length);
    }
  });

  test("B7: with any bit flipped it is refused, and says what to do", async () => {
    const bytes = await written();
    for (let at = 0; at < bytes.length; at++) {
      await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8))));
      expect(await loaded(), `offset ${at}`).toBe("SIGNING_STATE_DAMAGED");
    }
  });

  test("a torn tail is cut, and what comes after it is kept", async () => {
    const bytes = await written();
    await writeFile(path, Buffer.concat([bytes, new Uint8Array(17)]));
    {
      await using log = await createFileSigningLog({ path });
      await log.append(Uint8Array.of(9));
    }

    expect(await loaded()).toEqual([...records, Uint8Array.of(9)]);
  });

  test("a record that its owner changes before its turn is stored as it was", async () => {
    {
      await using log = await createFileSigningLog({ path, allowNewSigningState: "new-key" });
      const bytes = Uint8Array.of(1, 2, 3);
      const writes = [log.append(Uint8Array.of(0)), log.append(bytes), log.compact([bytes, bytes])];
      bytes.fill(9);
      await Promise.all(writes);
    }

    expect(await loaded()).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  test("compaction replaces everything at once and appending goes on", async () => {
    {
      await using log = await createFileSigningLog({ path, allowNewSigningState: "new-key" });
      for (const record of records) await log.append(record);
      await Promise.all([
        log.append(Uint8Array.of(4)),
        log.compact([Uint8Array.of(0), Uint8Array.of(5)]),
        log.append(Uint8Array.of(6)),
      ]);
    }

    expect(await loaded()).toEqual([Uint8Array.of(5), Uint8Array.of(6)]);
    // The kernel lock stays: to remove it would be to let two processes lock two files.
    expect(await readdir(join(folder, "keys"))).toEqual(["signing.log", "signing.log.lock.sqlite"]);
  });

  test("random appends, compactions and reopenings hold what a plain array holds", async () => {
    const action = fc.oneof(
      fc.uint8Array({ maxLength: 50 }).map((bytes) => ({ type: "append", bytes }) as const),
      fc.uint8Array({ maxLength: 50 }).map((bytes) => ({ type: "compact", bytes }) as const),
      fc.constant({ type: "reopen" } as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        await rm(path, { force: true });
        let model: Uint8Array[] = [];
        let log = await createFileSigningLog({ path, allowNewSigningState: "new-key" });
        const first = [...(await log.load())];
        model = first;
        for (const each of actions) {
          if (each.type === "append") {
            await log.append(each.bytes);
            model = [...model, each.bytes];
          } else if (each.type === "compact") {
            await log.compact([each.bytes]);
            model = [each.bytes];
          } else {
            await log.close();
            log = await createFileSigningLog({ path });
            expect((await log.load()).map(String)).toEqual(model.map(String));
          }
        }
        await log.close();
      }),
      { numRuns: 100 },
    );
  });
});

describe("lock of a signing log", () => {
  test("two holders are refused, in one process and in two", async () => {
    await using _ = await createFileSigningLog({ path, allowNewSigningState: "new-key" });

    await expect(createFileSigningLog({ path })).rejects.toMatchObject({
      fault: { code: "SIGNING_STATE_LOCKED", pid: process.pid },
    });
    expect(await fromAnotherProcess()).toBe("SIGNING_STATE_LOCKED");
  });

  test("the lock of a process that is gone is taken over", async () => {
    await written();
    await writeFile(`${path}.lock`, "4194304 gone\n");

    expect(await loaded()).toEqual(records);
  });

  test("B26: a lock left by an earlier process with our own pid is a leftover", async () => {
    await written();
    await writeFile(`${path}.lock`, `${process.pid} before\n`);

    expect(await loaded()).toEqual(records);
  });

  function fromAnotherProcess(): Promise<string> {
    const script = new URL("open-signing-log.ts", import.meta.url);
    return new Promise((resolve, reject) => {
      const child = fork(script, [path], {
        execArgv: ["--conditions=@aethel/source"],
        stdio: "ignore",
      });
      let answer = "";
      child.on("message", (message) => {
        if (typeof message === "string") answer = message;
      });
      child.on("error", reject);
      child.on("exit", () => resolve(answer));
    });
  }
});
