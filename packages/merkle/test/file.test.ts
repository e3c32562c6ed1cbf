import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSnapshot, writeSnapshot } from "../src/file/index.ts";
import {
  createSnapshotImport,
  emptyTree,
  importSnapshot,
  MerkleError,
  snapshotStream,
  takeAll,
} from "../src/index.ts";

let folder = "";
const path = (name: string): string => join(folder, name);
const tree = emptyTree.update(
  Array.from({ length: 3000 }, (_, at) => ({
    key: Uint8Array.of(at >>> 8, at),
    value: new Uint8Array(50).fill(at),
  })),
);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "aethel-snapshot-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("a snapshot file", () => {
  test("holds the stream, and comes in as the same tree", async () => {
    await writeSnapshot({ tree, path: path("whole"), chunkBytes: 10_000 });
    const expected = Buffer.concat([...snapshotStream(tree, { chunkBytes: 10_000 })]);
    expect(readFileSync(path("whole"))).toEqual(expected);
    const imported = await importSnapshot({ root: tree.root, source: readSnapshot(path("whole")) });
    expect(imported.root).toEqual(tree.root);
    expect(readdirSync(folder)).toEqual(["whole"]);
  });

  test("is read on from any chunk", async () => {
    await writeSnapshot({ tree, path: path("resumed"), chunkBytes: 10_000 });
    const coming = createSnapshotImport({ root: tree.root });
    const stop = { ...coming, accept: coming.accept };
    let taken = 0;
    await expect(
      takeAll(readSnapshot(path("resumed")), {
        ...stop,
        accept: (chunk) => {
          if (taken++ === 7) throw new Error("the process ends here");
          coming.accept(chunk);
        },
      }),
    ).rejects.toThrow("ends here");
    expect(coming.index).toBe(7);
    await takeAll(readSnapshot(path("resumed"), { index: coming.index }), coming);
    expect(coming.tree?.root).toEqual(tree.root);
    expect(await read(path("resumed"), 1000)).toEqual(Buffer.alloc(0));
  });

  test("that is cut, or of which one byte is changed, is refused with the chunk's index", async () => {
    await writeSnapshot({ tree, path: path("broken"), chunkBytes: 60_000 });
    const bytes = readFileSync(path("broken"));
    for (const at of [0, 3, 4, 5, 70, 1000, bytes.length - 1]) {
      writeFileSync(path("broken"), bytes.subarray(0, at));
      await expectRefused(path("broken"));
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      writeFileSync(path("broken"), changed);
      await expectRefused(path("broken"));
    }
  });

  test("that cannot be written whole leaves the one before it, and no part", async () => {
    await writeSnapshot({ tree: emptyTree, path: path("kept") });
    const before = readFileSync(path("kept"));
    const failing = { ...tree };
    await expect(writeSnapshot({ tree: failing, path: path("kept") })).rejects.toThrow();
    expect(readFileSync(path("kept"))).toEqual(before);
    expect(existsSync(path("kept.part"))).toBe(false);
    mkdirSync(path("taken.part"));
    await expect(writeSnapshot({ tree, path: path("taken") })).rejects.toThrow("EISDIR");
    expect(existsSync(path("taken"))).toBe(false);
  });

  test("that is not there is the file system's own error", async () => {
    await expect(
      importSnapshot({ root: tree.root, source: readSnapshot(path("none")) }),
    ).rejects.toThrow("ENOENT");
  });
});

async function read(file: string, index: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of readSnapshot(file, { index })) parts.push(piece);
  return Buffer.concat(parts);
}

async function expectRefused(file: string): Promise<void> {
  const error: unknown = await importSnapshot({ root: tree.root, source: readSnapshot(file) }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MerkleError);
  if (error instanceof MerkleError) expect(error.fault.code).toBe("SNAPSHOT_CHUNK");
}
