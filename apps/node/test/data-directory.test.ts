import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toAmount } from "@aethel/models";
import { createTestGenesis, testKey } from "@aethel/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDataDirectory, openDataDirectory } from "../src/data-directory.ts";
import { NodeError } from "../src/failure/failure.ts";

let directory: string;
let marker: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "aethel-data-"));
  const { id, signer } = testKey("validator");
  const stake = toAmount(10_000_000_000n);
  const genesis = createTestGenesis({ validators: [{ id, key: signer.publicKey, stake }] });
  const layout = await createDataDirectory({ directory, genesis, config: {} });
  marker = layout.marker;
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function openWith(text: string): Promise<string> {
  await writeFile(marker, text);
  try {
    await openDataDirectory(directory);
    return "opened";
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return `${error.fault.code}: ${error.fault.message}. Next: ${error.fault.next}.`;
  }
}

describe("the format of a data directory", () => {
  test("a new directory says the present one, and opens", async () => {
    const text = await readFile(marker, "utf8");
    expect(JSON.parse(text)).toEqual({ format: "aethel-data", version: 3 });
    expect(await openWith(text)).toBe("opened");
  });

  test("one from before trust, or from a later version, is refused with what to do", async () => {
    for (const version of [1, 2, 4]) {
      const said = await openWith(JSON.stringify({ format: "aethel-data", version }));
      expect(said).toContain(`has the format ${version}, this version of Aethel has 3`);
      expect(said).toContain("begin a new chain in an empty directory");
    }
  });

  test("a marker that is none of ours is damage, whatever it holds", async () => {
    for (const text of ["", "{}", "[1]", '{"format":"aethel-data","version":"3"}', "null"]) {
      expect(await openWith(text)).toMatch(/^DATA_DIR_DAMAGED: .* names no format/);
    }
  });
});
