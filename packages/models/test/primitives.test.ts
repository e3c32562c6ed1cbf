import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import * as models from "../src/index.ts";
import * as primitives from "../src/primitives.ts";

test("primitives are the very values of the main entry", () => {
  const main: Readonly<Record<string, unknown>> = models;

  for (const [name, value] of Object.entries(primitives)) expect(main[name]).toBe(value);
});

test("primitives load hashes and nothing heavier", () => {
  const loaded = packagesLoadedBy(new URL("../src/primitives.ts", import.meta.url).href);

  expect(new Set(loaded)).toEqual(new Set(["@noble/hashes/sha2.js", "@noble/hashes/utils.js"]));
});

/** Packages that a fresh process loads when it imports `url`. */
function packagesLoadedBy(url: string): readonly string[] {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({ resolve(specifier, context, next) {
      if (!/^([.]|file:|node:)/.test(specifier)) console.log(specifier);
      return next(specifier, context);
    } });
    await import(${JSON.stringify(url)});`;
  const options = { encoding: "utf8" as const };
  const run = execFileSync(process.execPath, ["--input-type=module", "-e", script], options);
  return run.trim().split("\n");
}
