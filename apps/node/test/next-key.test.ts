import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toHex } from "@aethel/models";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Layout, layoutOf } from "../src/files/layout.ts";
import { createKeyFile } from "../src/keys/key-file.ts";
import { consensusKeyFiles, nextConsensusKeyFile } from "../src/keys/key-ring.ts";
import { provideNextKey } from "../src/keys/next-key.ts";
import { LOCALNET_COST } from "../src/keys/sealed-key.ts";

const password = "correct horse";
const account = "ac".repeat(32);
let layout: Layout;
beforeEach(async () => {
  layout = layoutOf(await mkdtemp(path.join(tmpdir(), "aethel-next-")));
});
afterEach(() => rm(layout.directory, { recursive: true, force: true }));

async function make(count: number): Promise<readonly string[]> {
  const made: string[] = [];
  while (made.length < count) {
    const file = made.length === 0 ? layout.consensusKey : await nextConsensusKeyFile(layout);
    const about = { file, purpose: "consensus", password, log2N: LOCALNET_COST } as const;
    made.push(toHex(await createKeyFile(about)));
  }
  return made;
}

const next = async (key: string, id = account): Promise<string> => {
  const signer = await provideNextKey(layout, { staker: { id, key }, node: id, password });
  return toHex(signer.publicKey);
};

describe("the key to rotate to", () => {
  test("is a new one after the key of the record, which need not vote", async () => {
    const [first = "", second = ""] = await make(2);

    const fresh = await next(second);

    expect([first, second]).not.toContain(fresh);
    expect(await consensusKeyFiles(layout)).toHaveLength(3);
    // Asked for again, the one that waits is used.
    expect(await next(second)).toBe(fresh);
    expect(await consensusKeyFiles(layout)).toHaveLength(3);
  });

  test("of a founder, whose account is its key, is a new one", async () => {
    const [founding = ""] = await make(1);

    expect(await next(founding, founding)).not.toBe(founding);
  });

  test("is refused when the key of the record is not in the directory, and none is made", async () => {
    await make(1);

    await expect(next("ee".repeat(32))).rejects.toThrow(/key (ee)+ is not in this directory/);
    expect(await consensusKeyFiles(layout)).toHaveLength(1);
  });

  test("of an account that staked and is not the node's validator yet is the last of the directory", async () => {
    const made = await make(2);
    const staker = { id: account, key: account };

    const signer = await provideNextKey(layout, { staker, node: made[0], password });

    expect(toHex(signer.publicKey)).toBe(made[1]);
  });
});
