import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toHex } from "@aethel/models";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NodeError } from "../src/failure/failure.ts";
import { type Layout, layoutOf } from "../src/files/layout.ts";
import { createKeyFile } from "../src/keys/key-file.ts";
import { consensusKeyFiles, nextConsensusKeyFile, openKeyRing } from "../src/keys/key-ring.ts";
import { LOCALNET_COST } from "../src/keys/sealed-key.ts";

const password = "correct horse";
let layout: Layout;
beforeEach(async () => {
  layout = layoutOf(await mkdtemp(path.join(tmpdir(), "aethel-ring-")));
});
afterEach(() => rm(layout.directory, { recursive: true, force: true }));

async function make(file: string, secretOf = password): Promise<string> {
  const key = await createKeyFile({
    file,
    purpose: "consensus",
    password: secretOf,
    log2N: LOCALNET_COST,
  });
  return toHex(key);
}

describe("consensus keys of a node", () => {
  test("are in the order of their making, past the ninth too, and other files are none", async () => {
    const made: string[] = [];
    for (let at = 0; at < 12; at++) made.push(await make(await nextFile()));
    await make(path.join(layout.directory, "keys", "consensus-02.json"));
    await make(path.join(layout.directory, "keys", "consensus-x.json"));

    const { signers } = await openKeyRing({ layout, password });

    expect(signers.map(({ publicKey }) => toHex(publicKey))).toEqual(made);
    expect((await consensusKeyFiles(layout)).at(-1)).toMatch(/consensus-12\.json$/);
  });

  test("that come while it runs are taken up once, in the same list", async () => {
    const first = await make(layout.consensusKey);
    const ring = await openKeyRing({ layout, password });
    const { signers } = ring;
    expect(await ring.refresh()).toEqual([]);

    const second = await make(await nextConsensusKeyFile(layout));

    expect((await ring.refresh()).map(({ publicKey }) => toHex(publicKey))).toEqual([second]);
    expect(await ring.refresh()).toEqual([]);
    expect(signers.map(({ publicKey }) => toHex(publicKey))).toEqual([first, second]);
  });

  test("with another password are complained of once, and the others stay", async () => {
    const first = await make(layout.consensusKey);
    const ring = await openKeyRing({ layout, password });
    await make(await nextConsensusKeyFile(layout), "another");

    await expect(ring.refresh()).rejects.toSatisfy(
      (error) => error instanceof NodeError && error.fault.code === "PASSWORD",
    );
    expect(await ring.refresh()).toEqual([]);
    expect(ring.signers.map(({ publicKey }) => toHex(publicKey))).toEqual([first]);
  });
});

async function nextFile(): Promise<string> {
  const files = await consensusKeyFiles(layout);
  return files.length === 0 ? layout.consensusKey : await nextConsensusKeyFile(layout);
}
