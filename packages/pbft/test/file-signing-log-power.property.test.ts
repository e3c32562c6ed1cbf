import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PbftError } from "../src/errors.ts";
import { createFileSigningLog, type FileSigningLog, writeDurably } from "../src/file/index.ts";
import { type Fault, LossyDisk } from "./lossy-disk.ts";

const PATH = "/node/signing.log";

type Action =
  | { readonly type: "append"; readonly bytes: Uint8Array }
  | { readonly type: "compact"; readonly records: readonly Uint8Array[] };

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: bytes.map((each) => ({ type: "append", bytes: each }) as const) },
  fc
    .array(bytes, { minLength: 1, maxLength: 3 })
    .map((records) => ({ type: "compact", records }) as const),
);
/** Most calls go well: else nothing is ever written. */
const faults = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fault>("none") },
    { weight: 2, arbitrary: fc.constant<Fault>("short") },
    { weight: 1, arbitrary: fc.constant<Fault>("fail") },
  ),
  // By itself fast-check draws some ten at most.
  { maxLength: 120, size: "max" },
);

/** All that may be in the log; one record that was refused may be the last, until a call succeeds. */
interface Truth {
  lists: readonly (readonly Uint8Array[])[];
  refused: readonly Uint8Array[];
}

async function perform(log: FileSigningLog, truth: Truth, next: Action): Promise<void> {
  if (next.type === "append") truth.refused = [...truth.refused, next.bytes];
  const before = truth.lists;
  if (next.type === "compact") truth.lists = [...before, next.records];
  try {
    if (next.type === "append") {
      await log.append(next.bytes);
      truth.lists = before.map((list) => [...list, next.bytes]);
    } else {
      await log.compact(next.records);
      truth.lists = [next.records];
    }
    truth.refused = [];
  } catch (error) {
    expect(error).toBeInstanceOf(PbftError);
    expect(error).toMatchObject({ fault: { code: "STORAGE", path: PATH } });
  }
}

function isTrue({ lists, refused }: Truth, found: readonly Uint8Array[]): boolean {
  const said = found.map(String).join(";");
  return lists
    .flatMap((list) => [list, ...refused.map((last) => [...list, last])])
    .some((each) => each.map(String).join(";") === said);
}

/** A life on `disk`: it ends when all is done, or when the power fails. */
async function live(
  disk: LossyDisk,
  options: { readonly truth: Truth; readonly actions: readonly Action[]; readonly isNew: boolean },
): Promise<void> {
  const { truth, actions, isNew } = options;
  const run = async (): Promise<void> => {
    const log = await createFileSigningLog({
      path: PATH,
      fileSystem: disk,
      ...(isNew ? { allowNewSigningState: "new-key" } : {}),
    });
    const found = await log.load();
    expect(isNew || isTrue(truth, found)).toBe(true);
    truth.lists = [found];
    truth.refused = [];
    for (const each of actions) await perform(log, truth, each);
  };
  await Promise.race([run(), disk.powerless]);
}

function script(faults: readonly Fault[], powerAt: number): (call: string) => Fault {
  let calls = 0;
  return () => {
    const at = calls++;
    return at === powerAt ? "power" : (faults[at] ?? "none");
  };
}

function drawer(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of such a generator go round in small circles.
    return (at >>> 12) % below;
  };
}

describe("a signing log on a disk that loses what was not synced", () => {
  test("B27 P40: nothing that append resolved for is missing, whatever call fails or is cut off", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 1, maxLength: 8 }),
        fc.array(action, { maxLength: 4 }),
        faults,
        fc.nat({ max: 90 }),
        fc.nat(),
        async (first, second, errors, powerAt, seed) => {
          const draw = drawer(seed);
          const truth: Truth = { lists: [], refused: [] };
          const born = new LossyDisk();
          await live(born, { truth, actions: [], isNew: true });
          // Everything of the first life is durable: the second begins with its faults.
          const opening = 14;
          const troubled = born.restart(draw, script([...quiet(opening), ...errors], powerAt));
          await live(troubled, { truth, actions: first, isNew: false }).catch(refused);
          const again = troubled.restart(draw);
          await live(again, { truth, actions: second, isNew: false });
          await live(again.restart(draw), { truth, actions: [], isNew: false });
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test("after a failed sync the log is written anew into another file before anything is signed", async () => {
    let isBroken = false;
    const disk = new LossyDisk({
      next: (call) => (isBroken && call === "sync" ? "fail" : "none"),
    });
    const log = await createFileSigningLog({
      path: PATH,
      fileSystem: disk,
      allowNewSigningState: "new-key",
    });
    await log.append(Uint8Array.of(1));
    const before = await disk.look(PATH);

    isBroken = true;
    await expect(log.append(Uint8Array.of(2))).rejects.toMatchObject({ fault: { errno: "EIO" } });
    isBroken = false;
    await log.append(Uint8Array.of(3));

    expect((await disk.look(PATH))?.identity).not.toBe(before?.identity);
    const again = disk.restart(() => 0);
    const reopened = await createFileSigningLog({ path: PATH, fileSystem: again });
    expect((await reopened.load()).slice(1)).toEqual([Uint8Array.of(1), Uint8Array.of(3)]);
  });

  test("after a folder was not synced nothing is acknowledged until it is", async () => {
    let isBroken = false;
    const disk = new LossyDisk({
      next: (call) => (isBroken && call === "syncFolder" ? "fail" : "none"),
    });
    const options = { path: PATH, fileSystem: disk };
    const log = await createFileSigningLog({ ...options, allowNewSigningState: "new-key" });
    isBroken = true;
    await expect(log.compact([Uint8Array.of(1)])).rejects.toBeInstanceOf(PbftError);
    await expect(log.append(Uint8Array.of(2))).rejects.toBeInstanceOf(PbftError);
    isBroken = false;
    await log.append(Uint8Array.of(3));

    const again = disk.restart(() => 0);
    const reopened = await createFileSigningLog({ path: PATH, fileSystem: again });
    expect(await reopened.load()).toEqual([Uint8Array.of(1), Uint8Array.of(3)]);
  });

  test("what a crash left of a new file is removed at the next start, and nothing else", async () => {
    const disk = new LossyDisk();
    const options = { path: PATH, fileSystem: disk };
    await createFileSigningLog({ ...options, allowNewSigningState: "new-key" });
    const others = ["/node/signing.log.kept", "/node/other.new", "/node/signing.new"];
    for (const name of [`${PATH}.0123.new`, `${PATH}.4567.new`, ...others]) {
      await disk.create(name);
    }

    await createFileSigningLog({ ...options, fileSystem: disk });

    expect(disk.names()).toEqual([PATH, ...others].toSorted());
  });

  test("a full disk leaves no half-written file behind", async () => {
    let isFull = false;
    const disk = new LossyDisk({
      next: (call) => (isFull && call === "append" ? "fail" : "none"),
    });
    const log = await createFileSigningLog({
      path: PATH,
      fileSystem: disk,
      allowNewSigningState: "new-key",
    });
    isFull = true;
    await expect(log.compact([Uint8Array.of(9)])).rejects.toMatchObject({
      fault: { code: "STORAGE", errno: "ENOSPC" },
    });
    await expect(log.append(Uint8Array.of(1))).rejects.toBeInstanceOf(PbftError);

    expect(disk.names()).toEqual([PATH]);
  });
});

describe("a file that is replaced", () => {
  test("B7: after a power failure at any call it is the old one or the new one, and the new one once told", async () => {
    const [old, fresh] = ["old content", "new content, longer"];
    for (let powerAt = 0; powerAt < 14; powerAt++) {
      for (const kept of [0, 1, 2, 3, 9]) {
        const draw = (below: number): number => Math.min(kept, below - 1);
        const first = new LossyDisk();
        await writeDurably({ path: PATH, content: old, fileSystem: first });
        const disk = first.restart(draw, script([], powerAt));
        let isTold = false;
        const write = writeDurably({ path: PATH, content: fresh, fileSystem: disk }).then(() => {
          isTold = true;
        });
        await Promise.race([write, disk.powerless]);

        const file = await disk.restart(draw).open(PATH);
        const found = await file?.read({ at: 0, length: 100 });
        const text = new TextDecoder().decode(found);
        expect(isTold ? [fresh] : [old, fresh]).toContain(text);
      }
    }
  });
});

function quiet(calls: number): readonly Fault[] {
  return Array.from({ length: calls }, () => "none");
}

/** A disk may refuse to open the log at all; it must not lose it. */
function refused(error: unknown): void {
  if (!(error instanceof PbftError) || error.fault.code !== "STORAGE") throw error;
}
