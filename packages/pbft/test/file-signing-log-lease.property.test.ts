import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PbftError } from "../src/errors.ts";
import { createFileSigningLog, type FileSigningLog, type FileSystem } from "../src/file/index.ts";
import { LossyDisk } from "./lossy-disk.ts";
import { type Burst, createTurns } from "./turns.ts";

const PATH = "/shared/signing.log";

type Step = { readonly type: "append" } | { readonly type: "compact" };

/** One of two processes that a lock did not keep apart, and what it was told is durable. */
interface Holder {
  readonly name: number;
  readonly acknowledged: Uint8Array[];
}

/** Performs the steps until the log refuses one, for whatever reason: then this process signs no more. */
async function work(log: FileSigningLog, holder: Holder, steps: readonly Step[]): Promise<void> {
  let kept = [...(await log.load())];
  for (const [at, step] of steps.entries()) {
    const record = Uint8Array.of(holder.name, at);
    try {
      if (step.type === "append") {
        await log.append(record);
        kept = [...kept, record];
        holder.acknowledged.push(record);
      } else {
        // Nothing in it is obsolete: whatever is missing later was lost.
        await log.compact(kept);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(PbftError);
      return;
    }
  }
}

const steps = (maxLength: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<Step>({ type: "append" }) },
      { weight: 1, arbitrary: fc.constant<Step>({ type: "compact" }) },
    ),
    { maxLength },
  );

/** Long runs of one, and then of the other, lead deeper than a coin for each call. */
const bursts: fc.Arbitrary<readonly Burst[]> = fc.array(
  fc.record({
    who: fc.constantFrom(0 as const, 1 as const),
    calls: fc.integer({ min: 1, max: 24 }),
  }),
  { maxLength: 8 },
);

describe("two processes that no lock keeps apart", () => {
  test("B28 P40: whoever signs on in the end knows all that either has signed, in every order of their calls", async () => {
    let both = 0;
    await fc.assert(
      fc.asyncProperty(
        bursts,
        steps(6),
        steps(4),
        fc.boolean(),
        async (order, first, second, isFirstOpen) => {
          const disk = new LossyDisk();
          await createLog(disk, "new-key").then((log) => log.close());
          const { views, run } = createTurns(disk, order);
          const [a, b]: readonly [Holder, Holder] = [
            { name: 1, acknowledged: [] },
            { name: 2, acknowledged: [] },
          ];
          const open = isFirstOpen ? await run(createLog(views[0])) : undefined;
          const opened = await run(
            Promise.all([live(views[0], a, first, open), live(views[1], b, second)]),
          );
          if (opened.every(Boolean)) both += 1;

          const log = await createLog(disk.restart(() => 0));
          const found = new Set((await log.load()).map(String));
          const missing = [a, b].map(({ acknowledged }) =>
            acknowledged.map(String).filter((record) => !found.has(record)),
          );
          expect(missing).toEqual([[], []]);
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 3_000, seed: 1 },
    );
    // Else nothing was shown.
    expect(both).toBeGreaterThan(100);
  });

  test("a file that changed between the last look and the renaming is left alone", async () => {
    const disk = new LossyDisk();
    const { views, run } = createTurns(disk, []);
    let isBeaten = false;
    const beaten: FileSystem = {
      ...views[0],
      replace: (from, to, seen) =>
        isBeaten ? Promise.resolve(false) : views[0].replace(from, to, seen),
    };
    const log = await run(createLog(beaten, "new-key"));
    const names = disk.names();
    isBeaten = true;

    await expect(run(createLog(beaten))).rejects.toMatchObject({
      fault: { code: "SIGNING_STATE_TAKEN" },
    });
    await expect(run(log.compact([Uint8Array.of(1)]))).rejects.toMatchObject({
      fault: { code: "SIGNING_STATE_TAKEN" },
    });
    isBeaten = false;
    await expect(run(log.append(Uint8Array.of(2)))).rejects.toBeInstanceOf(PbftError);
    expect(disk.names()).toEqual(names);
  });
});

function createLog(
  fileSystem: FileSystem,
  allowNewSigningState?: "new-key",
): Promise<FileSigningLog> {
  const options = { path: PATH, fileSystem };
  return createFileSigningLog(
    allowNewSigningState === undefined ? options : { ...options, allowNewSigningState },
  );
}

/** Whether this process came to hold the log. */
async function live(
  disk: FileSystem,
  holder: Holder,
  own: readonly Step[],
  open?: FileSigningLog,
): Promise<boolean> {
  let log: FileSigningLog;
  try {
    log = open ?? (await createLog(disk));
  } catch (error) {
    // Each may find the other in the middle of something, and then has signed nothing.
    expect(error).toBeInstanceOf(PbftError);
    return false;
  }
  await work(log, holder, own);
  return true;
}
