import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readGenesis } from "../src/config/genesis-file.ts";
import { openKeyFile } from "../src/keys/key-file.ts";
import {
  ACCOUNTS,
  equalStakes,
  LOCALNET_PASSWORD,
  prepareNetwork,
} from "../src/localnet/network-directory.ts";
import { person } from "../src/localnet/people.ts";

let parent = "";
beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "aethel-network-"));
});
afterAll(() => rm(parent, { recursive: true }));

const prepare = (name: string, ...settings: readonly string[]): Promise<readonly string[]> =>
  prepareNetwork({
    directory: path.join(parent, name),
    stakes: equalStakes(1),
    nowMs: 1_000_000,
    settings,
  });

test("what cannot be set is said before anything is made", async () => {
  for (const setting of ["nothing=3", "epochMs=-1 s", "minimumStake=200_000 tokens"]) {
    await expect(prepare("wrong", setting)).rejects.toMatchObject({ fault: { code: "USAGE" } });
  }
  expect(existsSync(path.join(parent, "wrong"))).toBe(false);
});

test("a directory that cannot be made is named, and no bug is reported", async () => {
  await writeFile(path.join(parent, "file"), "");
  const through = path.join(parent, "file", "network");

  await expect(prepare("file/network")).rejects.toMatchObject({
    fault: { code: "FILE", message: `${through} cannot be made` },
  });
});

test("a network has the parameters that were set, and keeps them", async () => {
  const [folder = ""] = await prepare("set", "epochMs=7 s");
  const { parameters } = await readGenesis(path.join(folder, "genesis.yaml"));
  expect(parameters.epochMs).toBe(7_000);

  await expect(prepare("set", "epochMs=8 s")).rejects.toThrow("its parameters cannot change");
  await expect(prepare("set")).resolves.toEqual([folder]);
});

test("a key file of each well-known account stands beside the validators, opened by one password", async () => {
  await prepare("people");
  const folder = path.join(parent, "people", ACCOUNTS);
  expect(await readdir(folder)).toHaveLength(7);
  for (const name of ["alice", "faucet"] as const) {
    const file = path.join(folder, `${name}.json`);
    const opened = await openKeyFile({ file, purpose: "account", password: LOCALNET_PASSWORD });
    expect(opened).toEqual(person(name).secret);
  }
});
