import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { serialize } from "node:v8";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import { compileAll } from "../intent/prove.ts";
import type { Claim } from "./formulas/build.ts";
import { lawfulClaim, laws, nearlyTrueClaim } from "./formulas/lawful-claim.ts";
import { refutedClaim } from "./formulas/refuted-claim.ts";
import { writeKernel } from "./mutants/load-mutant.ts";

const run = promisify(execFile);
const isSlow = process.env["AETHEL_SLOW"] === "1";
const OTHERS = 10_000;
/** Within the kernel's limit of terms, and beyond it. */
const DEPTHS = isSlow ? [90_000, 90_001, 100_000, 100_001] : [4_000, 30_001];

/** Kernel and prover as JavaScript: without WebAssembly, hence with `--jitless`, nothing else runs. */
let copy: ReturnType<typeof writeKernel>;
let plain: readonly string[];
beforeAll(async () => {
  copy = writeKernel([]);
  writeFileSync(join(copy.folder, "claims"), serialize(someClaims()));
  for (const name of ["deep-claims", "run-claims"]) {
    const source = readFileSync(new URL(`child/${name}.ts`, import.meta.url), "utf8");
    const code = stripTypeScriptTypes(source).replaceAll(/(from\s*"[^"]*)\.ts"/g, '$1.js"');
    writeFileSync(join(copy.folder, `${name}.js`), code);
  }
  plain = await answers([], { others: 0, depth: 0 });
});
afterAll(() => copy.remove());

/** True and false claims of all sorts, and obligations of the library. */
function someClaims(): readonly { readonly name: string; readonly claim: Claim }[] {
  const file = new URL("../../library/transfer.ae", import.meta.url);
  const obligations = compileAll(readFileSync(file, "utf8")).flatMap(obligationsOf);
  return [
    ...laws.map((law) => ({ name: law.name, claim: lawfulClaim(law.name, 0, law).claim })),
    ...Array.from({ length: 40 }, (_, at) => ({
      name: `near ${at}`,
      claim: nearlyTrueClaim(`same ${at}`, 1).near,
    })),
    ...Array.from({ length: 40 }, (_, at) => ({
      name: `refuted ${at}`,
      claim: refutedClaim(`same ${at}`).claim,
    })),
    ...obligations.map(({ label, assumptions, goal }) => ({
      name: label,
      claim: { assumptions, goal },
    })),
  ];
}

/** Answers of a separate process to all claims. */
async function answers(
  flags: readonly string[],
  { others, depth }: { readonly others: number; readonly depth: number },
): Promise<readonly string[]> {
  const script = join(copy.folder, "run-claims.js");
  const wanted = [copy.folder, join(copy.folder, "claims"), `${others}`, `${depth}`];
  const { stdout } = await run(process.execPath, [...flags, script, ...wanted], {
    maxBuffer: 2 ** 27,
    env: {},
  });
  return JSON.parse(stdout);
}

describe("kernel and prover in a process of their own", () => {
  test("claims of each outcome are among those that are compared", () => {
    expect(plain.filter((line) => line.includes('"certified"')).length).toBeGreaterThan(150);
    expect(plain.filter((line) => line.includes('"refused"')).length).toBeGreaterThan(50);
  });

  test("a quarter of the stack is enough, after 10,000 other proofs, and gives the same bytes", async () => {
    const quarter = await answers(["--stack-size=246"], { others: OTHERS, depth: 0 });

    expect(quarter).toEqual(plain);
  });

  test.for([
    ["interpreted", "--jitless"],
    ["never optimized", "--no-opt"],
    ["compiled at once", "--always-sparkplug"],
    ...(isSlow ? [["optimized at once", "--always-turbofan"]] : []),
  ])("%s, it says the same", async ([, flag = ""]) => {
    expect(await answers([flag], { others: 0, depth: 0 })).toEqual(plain);
  });

  test.for(DEPTHS)(
    "terms %i deep or wide are answered on a quarter of the stack",
    async (depth) => {
      const all = await answers(["--stack-size=246"], { others: 0, depth });

      const deep = all.slice(plain.length);
      expect(deep.length).toBeGreaterThan(20);
      expect(deep.filter((line) => !/"(?:certified|refused|exhausted)"/.test(line))).toEqual([]);
    },
  );
});
