import { existsSync } from "node:fs";
import { cp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, type TestContext, test } from "vitest";
import type { Status } from "../src/http/api.ts";
import {
  eventually,
  foundChain,
  keepBusy,
  type Operator,
  type Operators,
  reaches,
} from "./operators.ts";

/**
 * One network of four under load. Each test does something to the machine of the last validator, which
 * the three others survive, and mends it again.
 */
let operators: Operators;
let busy: { stop(): Promise<void> } | undefined;
const other = (): Operator => operatorAt(0);
const struck = (): Operator => operatorAt(3);

function operatorAt(index: number): Operator {
  const operator = operators.all[index];
  if (operator === undefined) throw new Error("no such operator");
  return operator;
}

beforeAll(async () => {
  operators = await foundChain({ count: 4 });
  await Promise.all(operators.all.map((operator) => operator.start()));
  busy = await keepBusy(operators, other());
  await reaches(struck(), 1);
});
afterAll(async () => {
  await busy?.stop();
  await operators[Symbol.asyncDispose]();
});
afterEach(async () => {
  // Whatever was done to it: nobody has contradicted itself.
  const { convicted } = await other().status();
  expect(convicted).toEqual([]);
});

const says =
  (code: string) =>
  ({ why }: Status): boolean =>
    why.some((finding) => finding.code === code);
/** It votes, and has nothing to complain about. */
const isWell = ({ consensus, why }: Status): boolean =>
  consensus.quiet === undefined && why.length === 0;

/** The chain makes `count` blocks more, and the struck one has them and votes again. */
async function recovers(count = 3): Promise<void> {
  const { head } = await other().status();
  await reaches(struck(), head.sequence + count);
  await eventually(struck().status, isWell);
}

/** The others make `count` blocks more. */
async function othersGoOn(count = 3): Promise<void> {
  const { head } = await other().status();
  await reaches(other(), head.sequence + count);
}

/** Says on standard error why a test cannot run here, and skips it. */
function skip(context: TestContext, reason: string): never {
  process.stderr.write(`SKIPPED: ${reason}\n`);
  return context.skip(reason);
}

describe("what is restored from a copy", () => {
  test("database, signing log, or the whole machine: it says what it does, and contradicts nothing", async () => {
    const { layout } = struck();
    const copy = path.join(operators.folder, "copy");
    const recent = path.join(operators.folder, "recent");
    const parts = [layout.database, layout.signingLog];
    const save = async (to: string): Promise<void> => {
      for (const part of parts) {
        await cp(part, path.join(to, path.basename(part)), { recursive: true });
      }
    };
    const restore = async (part: string, from: string): Promise<void> => {
      await rm(part, { recursive: true, force: true });
      await cp(path.join(from, path.basename(part)), part, { recursive: true });
    };
    await struck().stop();
    await save(copy);
    await struck().start();
    await recovers(1);
    // It votes now: what the database gets from here on has its votes.
    await recovers(6);
    await struck().stop();
    await save(recent);

    // The log alone: what the database has of it shows that it is old.
    await restore(layout.signingLog, copy);
    const refused = struck().start();
    await expect(refused).rejects.toThrow(
      /signing\.log is an older copy.* Next: move signing\.log/,
    );
    await restore(layout.signingLog, recent);

    // The database alone: the log remembers.
    await restore(layout.database, copy);
    await struck().start();
    await recovers();
    await struck().stop();

    // Both, as a snapshot of the machine: only the others know.
    await restore(layout.database, copy);
    await restore(layout.signingLog, copy);
    await struck().start();
    await recovers();
  });
});

describe("a clock that jumps (libfaketime)", () => {
  const library = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
  ].find((file) => existsSync(file));

  test.for([
    ["an hour ahead", "+3600"],
    ["an hour behind", "-3600"],
  ])(
    "%s, and back: the others go on, it says so, and it votes seconds after",
    async ([, jump = ""], context) => {
      if (library === undefined) {
        if (process.env["CI"] !== undefined) throw new Error("libfaketime is not installed");
        skip(context, "libfaketime is not installed (apt-get install libfaketime)");
      }
      const clock = path.join(operators.folder, "clock");
      await writeFile(clock, "+0\n");
      await struck().stop();
      await struck().start({
        env: {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_NO_CACHE: "1",
          // Somebody sets the time of day; nobody can set the monotonic clock.
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
        },
      });
      await recovers(1);

      await writeFile(clock, `${jump}\n`);
      const wrong = await eventually(struck().status, says("clock"));
      const finding = wrong.why.find(({ code }) => code === "clock");
      expect(finding?.message).toMatch(/clock/);
      expect(finding?.next).toMatch(/time server/);
      await othersGoOn();

      await writeFile(clock, "+0\n");
      await recovers();
    },
  );
});
