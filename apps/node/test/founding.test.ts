import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Finished, start } from "./cli.ts";
import { done, eventually, foundChain, keepBusy, PASSWORD, reaches } from "./operators.ts";

// Some twenty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let folder = "";
const at = (name: string): string => path.join(folder, name);
const cli = (...args: readonly string[]): Promise<Finished> =>
  start(args, { env: { AETHEL_PASSWORD: PASSWORD } }).done;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aethel-founding-"));
  await done(cli("keys", "new", "--data-dir", at("one")));
  await done(cli("genesis", "new", at("draft.yaml"), "--name", "test"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("founding by several operators", () => {
  test("four who exchange cards and one file run a chain, and all of them vote at once", async () => {
    await using operators = await foundChain({ count: 4, by: "cli" });
    const { all } = operators;
    const [first] = all;
    if (first === undefined) throw new Error("no operator");

    await Promise.all(all.map((operator) => operator.start()));
    const busy = await keepBusy(operators, first);
    await Promise.all(all.map((operator) => reaches(operator, 5)));
    await busy.stop();

    const statuses = await Promise.all(all.map((operator) => operator.status()));
    expect(new Set(statuses.map(({ genesis }) => genesis)).size).toBe(1);
    for (const { consensus, keys } of statuses) {
      expect(consensus.quiet).toBeUndefined();
      expect(keys).toEqual([{ key: expect.any(String), votes: true }]);
    }
    const block = await eventually(
      async () => await first.client.block(4),
      ({ certificate }) => certificate !== undefined,
    );
    expect(block.certificate?.signers).toBeGreaterThanOrEqual(3);
    for (const { layout } of all) {
      await expect(stat(layout.signingLog)).resolves.toMatchObject({ size: expect.any(Number) });
    }

    // Two of them go: nothing can become final, and who is left says whose absence it is.
    const [, , third, fourth] = all;
    const away = statuses.slice(2).map(({ validator = "" }) => validator.slice(0, 8));
    await Promise.all([third?.stop(), fourth?.stop()]);
    const { why } = await eventually(first.status, ({ why: now }) =>
      now.some(({ code }) => code === "no-quorum"),
    );
    const finding = why.find(({ code }) => code === "no-quorum");
    expect(finding?.message).toMatch(/connected to 50 % of the voting power and needs 66\.\d %/);
    for (const name of away) expect(finding?.message).toContain(name);
    await eventually(first.log, (lines) =>
      lines.some(({ msg }) =>
        /^no quorum: .* Next: ask the operators of these validators/.test(msg),
      ),
    );
  });
});

describe("a chain that begins later", () => {
  test("says when, at init, in the status and in the log, and begins by itself", async () => {
    await using operators = await foundChain({ count: 1 });
    const [alone] = operators.all;
    if (alone === undefined) throw new Error("no operator");
    const genesis = at("later.yaml");
    const dir = ["--data-dir", at("later")];
    await done(alone.cli("keys", "new", ...dir));
    const time = new Date(Date.now() + 3_600_000).toISOString();
    await done(alone.cli("genesis", "new", genesis, "--time", time));
    await done(alone.cli("genesis", "add", genesis, at("later/card.json"), "--stake", "5000"));

    const made = await done(alone.cli("init", ...dir, "--genesis", genesis));

    expect(made.stderr).toMatch(/the chain begins in (1 h|59 min)[^\n]* by this machine's clock/);
    const later = operators.at(at("later"));
    await later.start();
    const { why } = await eventually(later.status, ({ why: all }) => all.length > 0);
    await later.stop();
    expect(why).toContainEqual({
      code: "clock",
      message: expect.stringMatching(/^the chain begins in /),
      next: expect.stringMatching(/^wait; if that time is wrong, compare/),
    });
  });
});

describe("founding says what is wrong in one line and loses nothing", () => {
  const refusals: readonly (readonly [string, () => Promise<Finished>, RegExp])[] = [
    [
      "keys that are there",
      () => cli("keys", "new", "--data-dir", at("one")),
      /exists already\. Next: .*never replaced/,
    ],
    [
      "a draft that is there",
      () => cli("genesis", "new", at("draft.yaml")),
      /exists already\. Next: .*never replaced/,
    ],
    [
      "a parameter that there is not",
      () => cli("genesis", "new", at("x.yaml"), "--set", "epochlength=5 blocks"),
      /sets no parameter/,
    ],
    [
      "a value that is none",
      () => cli("genesis", "new", at("x.yaml"), "--set", "epochMs=five"),
      /`five` is no such quantity/,
    ],
    [
      "a card that is not there",
      () => cli("genesis", "add", at("draft.yaml"), at("nobody.json"), "--stake", "5000"),
      /card .* cannot be read\. Next: /,
    ],
    [
      "a key file in place of a card",
      () => cli("genesis", "add", at("draft.yaml"), at("one/keys/account.json"), "--stake", "5000"),
      /is no card of a validator.*Next: .*no other file/,
    ],
    [
      "too little stake",
      () => cli("genesis", "add", at("draft.yaml"), at("one/card.json"), "--stake", "1"),
      /minimumStake/,
    ],
    [
      "the digest of a draft without validators",
      () => cli("genesis", "hash", at("draft.yaml")),
      /validators is empty/,
    ],
  ];
  test.for(refusals)("%s", async ([, command, message]) => {
    const draft = await readFile(at("draft.yaml"), "utf8");
    const key = await readFile(at("one/keys/consensus.json"), "utf8");

    const { code, stderr, stdout } = await command();

    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^aethel: [^\n]* Next: [^\n]*\n/);
    expect(await readFile(at("draft.yaml"), "utf8")).toBe(draft);
    expect(await readFile(at("one/keys/consensus.json"), "utf8")).toBe(key);
    await expect(stat(at("x.yaml"))).rejects.toThrow("ENOENT");
  });

  test("a card that somebody altered, or made for another's key, is refused", async () => {
    const card = JSON.parse(await readFile(at("one/card.json"), "utf8"));
    await done(cli("keys", "new", "--data-dir", at("two")));
    const other = JSON.parse(await readFile(at("two/card.json"), "utf8"));
    const forged = [
      { ...card, key: other.key },
      { ...card, id: other.id },
      { ...card, networkKey: other.networkKey },
      { ...card, key: other.key, signatures: { ...other.signatures } },
    ];

    for (const each of forged) {
      await writeFile(at("forged.json"), JSON.stringify(each));
      const { code, stderr } = await cli(
        "genesis",
        "add",
        at("draft.yaml"),
        at("forged.json"),
        "--stake",
        "5000",
      );
      expect(stderr).toMatch(/is not signed by the (account|consensus) key/);
      expect(code).toBe(1);
    }
  });

  test("one bad card among good ones adds nobody", async () => {
    const draft = await readFile(at("draft.yaml"), "utf8");
    const { code } = await cli(
      "genesis",
      "add",
      at("draft.yaml"),
      at("one/card.json"),
      at("nobody.json"),
      "--stake",
      "5000",
    );

    expect(code).toBe(1);
    expect(await readFile(at("draft.yaml"), "utf8")).toBe(draft);
  });

  test("another chain than was agreed on is refused by init, and leaves nothing behind", async () => {
    await writeFile(at("copy.yaml"), await readFile(at("draft.yaml"), "utf8"));
    await done(cli("genesis", "add", at("copy.yaml"), at("one/card.json"), "--stake", "5000"));
    const wrong = "00".repeat(32);
    const init = ["init", "--data-dir", at("three"), "--genesis", at("copy.yaml")];

    const { code, stderr } = await cli(...init, "--chain-id", wrong);

    expect(stderr).toMatch(/has the hash [0-9a-f]{64}, and --chain-id is 0{64}\. Next: compare/);
    expect(code).toBe(1);
    await expect(stat(at("three"))).rejects.toThrow("ENOENT");
  });

  test("a key whose signing log is gone may have signed: init says so, and start refuses", async () => {
    await writeFile(at("alone.yaml"), await readFile(at("draft.yaml"), "utf8"));
    await done(cli("keys", "new", "--data-dir", at("four")));
    await done(cli("genesis", "add", at("alone.yaml"), at("four/card.json"), "--stake", "5000"));
    await rm(at("four/signing.log"));

    const made = await done(cli("init", "--data-dir", at("four"), "--genesis", at("alone.yaml")));
    expect(made.stderr).toMatch(/may have signed/);
    await expect(stat(at("four/signing.log"))).rejects.toThrow("ENOENT");
    const { code, stderr } = await cli(
      "start",
      "--data-dir",
      at("four"),
      "--http-port",
      "0",
      "--listen",
      "/ip4/127.0.0.1/tcp/0",
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/signing state is missing.*Next: .*--allow-new-signing-state/);
  });
});
