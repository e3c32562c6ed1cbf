import { readFile, rm } from "node:fs/promises";
import { createFileSigningLog } from "@aethel/pbft/file";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { run } from "./cli.ts";
import { done, foundChain, type Operator, type Operators } from "./operators.ts";

// Some seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let operators: Operators;
let operator: Operator;
beforeAll(async () => {
  operators = await foundChain({ count: 1 });
  const [first] = operators.all;
  if (first === undefined) throw new Error("no operator");
  operator = first;
  const { layout } = operator;
  for (const file of [layout.marker, layout.signingLog]) await rm(file);
});
afterAll(async () => await operators[Symbol.asyncDispose]());

describe("a directory that is put together from kept files", () => {
  test("is named as what it is by start, is completed by init, and nothing in it is replaced", async () => {
    const { layout, cli } = operator;
    const kept = [layout.config, layout.genesis, layout.consensusKey];
    const read = async (): Promise<readonly string[]> =>
      await Promise.all(kept.map(async (file) => await readFile(file, "utf8")));
    const before = await read();
    const directory = ["--data-dir", layout.directory];

    const refused = await cli("start", ...directory, "--allow-new-signing-state");
    expect(refused.stderr).toMatch(/has no aethel\.json\. Next: run `aethel init .*which keeps/);
    expect(refused.code).toBe(1);
    const other = await cli("init", ...directory, "--peer", "/ip4/127.0.0.1/tcp/1");
    expect(other.stderr).toMatch(/config\.json exists, and --peer differs from it\. Next: /);
    const made = await done(cli("init", ...directory, "--genesis", operators.genesis));

    expect(await read()).toEqual(before);
    expect(made.stdout).toMatch(/^Next: aethel start .* --allow-new-signing-state$/m);
  });

  test("is of one chain: another genesis is refused", async () => {
    const { layout, cli } = operator;
    await rm(layout.marker, { force: true });
    await using others = await foundChain({ count: 1 });
    const genesis = await readFile(layout.genesis, "utf8");

    const init = ["init", "--data-dir", layout.directory];
    const { code, stderr } = await cli(...init, "--genesis", others.genesis);

    expect(stderr).toMatch(/genesis\.yaml is of the chain .*, and --genesis of .* Next: /);
    expect(code).toBe(1);
    expect(await readFile(layout.genesis, "utf8")).toBe(genesis);
    await done(cli(...init));
  });
});

async function recordsOf(file: string): Promise<readonly Uint8Array[]> {
  await using log = await createFileSigningLog({ path: file });
  return await log.load();
}

describe("a sequence to sign from", () => {
  test("is for those who listen: refused without a log, and with one that knows what was signed", async () => {
    await using others = await foundChain({ count: 1 });
    const [other] = others.all;
    if (other === undefined) throw new Error("no operator");
    const name = ["signing-state", "sign-from", "--sequence", "3", "--all-operators-agree"];
    const { directory, signingLog } = other.layout;
    const records = await recordsOf(signingLog);

    const knows = await other.cli(...name, "--data-dir", directory);
    expect(knows.stderr).toMatch(/is not the log of a validator that listens.* Next: keep it/);
    expect(knows.code).toBe(1);
    expect(await recordsOf(signingLog)).toEqual(records);

    await rm(signingLog);
    const lost = await other.cli(...name, "--data-dir", directory);
    expect(lost.stderr).toMatch(/signing state is missing.* Next: .*--allow-new-signing-state/);
    expect(lost.code).toBe(1);
  });
});

describe("a wrong call", () => {
  test.for([
    [["signing-state", "sign-from", "--data-dir", "x"], "aethel signing-state sign-from --help"],
    [["start", "--nope"], "aethel start --help"],
    [["genesis", "add"], "aethel genesis add --help"],
    [["nope"], "aethel --help"],
  ] as const)("of %j names the help of that command", async ([args, help]) => {
    const { code, stderr } = await run(...args);

    expect(stderr).toMatch(/^aethel: [^\n]* Next: [^\n]*\n$/);
    expect(stderr).toContain(`see \`${help}\``);
    expect(code).toBe(2);
  });
});
