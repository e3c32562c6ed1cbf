import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { APPLICATION_HEADER_BYTES_MAX, itemOf, toSequence } from "@aethel/models";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AppendFile, FileSystem } from "../src/file/file-system.ts";
import { createFileChainStore } from "../src/file/index.ts";
import { nodeFileSystem } from "../src/file/node-file-system.ts";
import { headerOfStored, STORED_HEADER_BYTES } from "../src/file/stored-header.ts";
import { PbftError, StoredBlock } from "../src/index.ts";
import { type Fault, LossyDisk } from "./lossy-disk.ts";
import { coding, openStack, POP, type Stack, settle } from "./stack-machine.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aethel-chain-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const faultOf = async (opening: () => Promise<unknown>): Promise<unknown> => {
  try {
    await opening();
    return undefined;
  } catch (error) {
    return error instanceof PbftError ? error.fault : error;
  }
};

/** Opens the folder, and closes it with the application of it. */
async function within<T>(
  use: (application: Awaited<ReturnType<typeof openStack>>) => T | Promise<T>,
): Promise<T> {
  await using store = await createFileChainStore({ folder });
  return await use(await openStack({ store, coding }));
}

test("a replica that starts again stands where it stood, with blocks for its peers", async () => {
  const items = [1, 2, POP, 3, 4];
  const head = await within(async (application) => {
    for (const byte of items) await settle(application, [Uint8Array.of(byte)]);
    return application.head();
  });

  await within(async (application) => {
    expect(application.head()).toEqual(head);
    expect(application.state()).toEqual([1, 3, 4]);
    for (const at of items.keys()) {
      const found = await application.finalized(toSequence(at + 1));
      expect(found?.block.items.map(({ bytes }) => bytes[0])).toEqual([items[at]]);
      expect(await application.header(toSequence(at + 1))).toEqual(found?.block.header);
    }
    expect(await application.header(toSequence(items.length + 1))).toBeUndefined();
  });
});

test("one process has the folder at a time", async () => {
  await within(async () => {
    expect(await faultOf(() => createFileChainStore({ folder }))).toMatchObject({ code: "LOCKED" });
  });
  await within(() => undefined);
});

test("a missing block is named before anything is applied; what a crash left is removed", async () => {
  await within(async (application) => {
    for (const byte of [1, 2, 3]) await settle(application, [Uint8Array.of(byte)]);
  });
  const blocks = join(folder, "blocks");
  const names = readdirSync(blocks).toSorted();
  writeFileSync(join(blocks, `${names[2]}.some-name.new`), "half");
  await within((application) => expect(application.head().header.sequence).toBe(3));
  expect(readdirSync(blocks).toSorted()).toEqual(names);
  rmSync(join(blocks, names[1] ?? ""));

  const fault = await faultOf(() => createFileChainStore({ folder }));
  expect(fault).toMatchObject({ code: "CHAIN_DAMAGED", sequence: 2 });
});

test("any byte that changes in any file is found, or changes nothing of block, state and head", async () => {
  const before = await within(async (application) => {
    for (const byte of [1, 2, 3]) await settle(application, [Uint8Array.of(byte)]);
    return { head: application.head(), state: application.state() };
  });
  const files = [
    join(folder, "state"),
    ...readdirSync(join(folder, "blocks")).map((name) => join(folder, "blocks", name)),
  ];
  const found = { damaged: 0, harmless: 0 };
  for (const path of files) {
    const sound = readFileSync(path);
    for (let at = 0; at < sound.length; at += 13) {
      const wrong = Uint8Array.from(sound);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      writeFileSync(path, wrong);
      const fault = await faultOf(() =>
        within((application) => {
          expect(application.state()).toEqual(before.state);
          expect(application.head().digest).toEqual(before.head.digest);
        }),
      );
      if (fault !== undefined)
        expect(fault).toMatchObject({ code: expect.stringMatching(/CHAIN_DAMAGED|CONFIG/) });
      found[fault === undefined ? "harmless" : "damaged"] += 1;
      writeFileSync(path, sound);
    }
  }
  // Signatures and blocks below the saved state are not read at a start.
  expect(found.damaged).toBeGreaterThan(30);
});

test("a header is read without its block: so many bytes, however long the block is", async () => {
  const bytesOf = async (padding: number): Promise<number> => {
    const read = { bytes: 0 };
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      async open(path) {
        const file = await nodeFileSystem.open(path);
        if (file === undefined) return undefined;
        const counted: AppendFile = {
          ...file,
          async read(range) {
            const bytes = await file.read(range);
            read.bytes += bytes.length;
            return bytes;
          },
        };
        return counted;
      },
    };
    const own = join(folder, String(padding));
    await using store = await createFileChainStore({ folder: own, fileSystem });
    const application = await openStack({ store });
    for (let at = 0; at < 3; at++) {
      await settle(application, [Uint8Array.of(1, at), new Uint8Array(padding).fill(2 + at)]);
    }
    read.bytes = 0;
    const headers = await Promise.all([1, 2, 3].map((at) => store.header(toSequence(at))));
    expect(headers.map((header) => header?.sequence)).toEqual([1, 2, 3]);
    return read.bytes;
  };

  const most = 3 * STORED_HEADER_BYTES;
  expect(await bytesOf(10)).toBeLessThanOrEqual(most);
  expect(await bytesOf(50_000)).toBe(most);
});

test("a header is found in any block, however long its parts are, or its file is found damaged", async () => {
  const [block] = await within(async (application) => {
    await settle(application, [Uint8Array.of(1)]);
    return [await application.finalized(toSequence(1))];
  });
  if (block === undefined) throw new Error("a block is final");
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: APPLICATION_HEADER_BYTES_MAX }),
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(),
      (application, items, leadership, at) => {
        const header = { ...block.block.header, application };
        const body = { ...block.block, header, items: items.map(itemOf) };
        const finalized = { ...block, block: body };
        const bytes = StoredBlock.encode({ finalized, leadership }).slice(0, STORED_HEADER_BYTES);
        expect(headerOfStored(bytes)).toEqual(header);

        // A cut never gives another header.
        const cut = bytes.subarray(0, at % bytes.length);
        let found: unknown = header;
        try {
          found = headerOfStored(cut);
        } catch (error) {
          expect(String(error)).toMatch(/RangeError|ModelsError/);
        }
        expect(found).toEqual(header);
      },
    ),
    {
      examples: [[new Uint8Array(APPLICATION_HEADER_BYTES_MAX), [], new Uint8Array(60), 1]],
      // Shrinking so many bytes takes minutes.
      endOnFailure: true,
    },
  );
});

test("the header of another block, or none, in a block's file is damage that is named", async () => {
  await within(async (application) => {
    for (const byte of [1, 2]) await settle(application, [Uint8Array.of(byte)]);
  });
  const [first = "", second = ""] = readdirSync(join(folder, "blocks"))
    .toSorted()
    .map((name) => join(folder, "blocks", name));
  for (const content of [readFileSync(second), new Uint8Array(0), new Uint8Array(2_000)]) {
    writeFileSync(first, content);
    await using store = await createFileChainStore({ folder });
    const fault = await faultOf(() => store.header(toSequence(1)));
    expect(fault).toMatchObject({ code: "CHAIN_DAMAGED", sequence: 1 });
  }
});

const faults = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fault>("none") },
    { weight: 1, arbitrary: fc.constant<Fault>("short") },
    { weight: 1, arbitrary: fc.constant<Fault>("fail") },
    { weight: 1, arbitrary: fc.constant<Fault>("power") },
  ),
  { maxLength: 60, size: "max" },
);

test("whatever a disk refuses and whenever the power fails, what was applied is there and no more than one block more", async () => {
  await fc.assert(
    fc.asyncProperty(
      faults,
      fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
      fc.nat(1_000),
      async (plan, items, seed) => {
        let at = 0;
        const disk = new LossyDisk({ next: () => plan[at++] ?? "none" });
        let applied: Stack = [];
        let tried: Stack = [];
        const live = async (): Promise<void> => {
          const store = await createFileChainStore({ folder: "/chain", fileSystem: disk });
          const application = await openStack({ store, coding });
          for (const [index, byte] of items.entries()) {
            tried = [...applied, byte];
            // The index: equal bytes are one item.
            await settle(application, [Uint8Array.of(byte, index)]);
            applied = application.state();
          }
        };
        await Promise.race([live().catch(onlyOfDisk), disk.powerless]);
        const after = disk.restart((below) => seed % below);
        const store = await createFileChainStore({ folder: "/chain", fileSystem: after });
        const state = String((await openStack({ store, coding })).state());
        expect([String(applied), String(tried)]).toContain(state);
      },
    ),
    { numRuns: 150 },
  );
});

function onlyOfDisk(error: unknown): void {
  expect(error).toMatchObject({ fault: { code: "STORAGE" } });
}
