import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { sha256, toHex } from "@aethel/models";
import { compileSource } from "@aethel/verifier/certificate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, start } from "./cli.ts";

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
const tip = example("intents/tip.ae");
const steal = example("intents/refused-steal.ae");
const congruence = example("theorems/congruence.smt2");
const floats = example("theorems/doubling-floats.smt2");

let folder = "";
const file = (name: string): string => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aethel-certify-"));
  await run("judge", tip, "--certificate", file("tip.cert"));
  await run("judge", congruence, "--certificate", file("congruence.cert"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("aethel certify", () => {
  test("accepts what `aethel judge --certificate` wrote, of intents and of theorems", async () => {
    const intent = await run("certify", tip, file("tip.cert"));
    const theorem = await run("certify", congruence, file("congruence.cert"), "--json");

    expect(intent.stdout).toMatch(/^certified {2}.*tip\.ae: 10 obligations by .*tip\.cert/);
    const compiled = compileSource(await readFile(tip));
    expect(intent.stdout).toContain(
      `digest     ${compiled.ok ? toHex(compiled.intents[0]?.digest ?? new Uint8Array()) : ""}`,
    );
    expect(intent.code).toBe(0);
    const said = JSON.parse(theorem.stdout);
    expect(said).toMatchObject({ file: congruence, certified: true, kernelVersion: 1 });
    expect(said.bytes).toBe((await readFile(file("congruence.cert"))).length);
    expect(said.work).toBeGreaterThan(0);
    expect(said.digests).toEqual([toHex(sha256(await readFile(congruence)))]);
    expect(theorem.code).toBe(0);
  });

  test("loads neither the solver nor the prover", async () => {
    const hook = `import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) {
        if (/z3|prover/.test(name)) throw new Error("loaded " + name);
        return next(name, context);
      } });`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };

    const certified = await start(["certify", tip, file("tip.cert")], { env }).done;
    const judged = await start(["judge", tip], { env }).done;

    expect(certified).toMatchObject({ code: 0, stderr: "" });
    // So the hook does work.
    expect(judged.stderr).toContain("loaded ");
  });

  test("refuses another file's certificate and a damaged one, and says where it fails", async () => {
    const bytes = await readFile(file("tip.cert"));
    const damaged = bytes.with(bytes.length - 3, (bytes.at(-3) ?? 0) ^ 1);
    await writeFile(file("damaged.cert"), damaged);
    await writeFile(file("longer.cert"), Buffer.concat([bytes, Buffer.from([0])]));

    const other = await run("certify", steal, file("tip.cert"));
    const harmed = await run("certify", tip, file("damaged.cert"));
    const longer = await run("certify", tip, file("longer.cert"), "--json");

    expect(other.stdout).toMatch(
      /^not certified {2}.*refused-steal\.ae: steal has \d+ obligations/,
    );
    expect(harmed.stdout).toMatch(/^not certified {2}.*tip\.ae/);
    expect(JSON.parse(longer.stdout)).toMatchObject({ certified: false });
    expect([other.code, harmed.code, longer.code]).toEqual([1, 1, 1]);
  });

  test("refuses a source that is no program, and files that cannot be read, in one line", async () => {
    await writeFile(file("broken.ae"), "intent {");

    const broken = await run("certify", file("broken.ae"), file("tip.cert"));
    const missing = await run("certify", tip, file("none.cert"));
    const kind = await run("certify", file("tip.cert"), tip);

    expect(broken.stdout).toMatch(/^not certified {2}.*broken\.ae:1:8: /);
    expect(broken.code).toBe(1);
    expect(missing.stderr).toMatch(/none\.cert: there is no such file\. Next: /);
    expect(missing.code).toBe(1);
    expect(kind.stderr).toMatch(/is no \.ae or \.smt2 file\. Next: /);
    expect(kind.code).toBe(2);
  });
});

describe("aethel judge --certificate", () => {
  test("writes nothing where only the solver vouches or the file is refuted, and says so", async () => {
    const solver = await run("judge", floats, "--certificate", file("floats.cert"));
    const refuted = await run("judge", steal, "--certificate", file("steal.cert"));

    expect(solver.stdout).toMatch(/doubling-floats\.smt2 +valid +solver/);
    expect(solver.stderr).toContain("only the solver says that it is valid");
    expect(solver.code).toBe(1);
    expect(refuted.stderr).toContain("has none (refuted)");
    await expect(readFile(file("floats.cert"))).rejects.toThrow("ENOENT");
    await expect(readFile(file("steal.cert"))).rejects.toThrow("ENOENT");
  });

  test("makes no folder that is not there", async () => {
    const { code, stderr } = await run("judge", tip, "--certificate", file("nowhere/tip.cert"));

    expect(code).toBe(1);
    expect(stderr).toMatch(/nowhere\/tip\.cert cannot be written\. Next: /);
    await expect(readFile(file("nowhere/tip.cert"))).rejects.toThrow("ENOENT");
  });

  test("takes one file alone", async () => {
    const { code, stderr } = await run("judge", tip, congruence, "--certificate", file("x.cert"));

    expect(code).toBe(2);
    expect(stderr).toContain("--certificate writes that of one file, and 2 are named");
  });
});
