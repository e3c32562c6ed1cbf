import { standardIntents } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { createPrograms } from "../../src/index.ts";
import { nameIn } from "../../src/queries/directory.ts";
import { parametersIn } from "../../src/queries/parameters-in.ts";
import { utf8 } from "../fixtures/world.ts";

const issuer = "22".repeat(32);
const SOURCES = [
  ...standardIntents().map(({ source }) => source),
  `asset GOLD issuer "${issuer}"; asset TIN issuer "${issuer}";
   intent both(signer a: Account, b: Account, n: Int, yes: Bool) {
     guard { yes; n > 0; }
     effect { a.balance[GOLD] -= 1; b.balance[GOLD] += 1; a.balance[TIN] -= 1; b.balance[TIN] += 1; }
     verify { true; } }`,
  `asset GOLD issuer "${issuer}"; issue intent mint(signer i: Account, to: Account, n: Amount) {
     guard { supply[GOLD] < 100; } effect { to.balance[GOLD] += n; supply[GOLD] += n; } verify { true; } }`,
  `atomic_batch twice {
     intent first(signer a: Account) { verify { true; } }
     intent second(signer b: Account) { verify { true; } } }`,
];

describe("what a listing shows of a program", () => {
  test("its name and parameters are those that compiling the whole text gives", () => {
    const programs = createPrograms();
    const seen: string[] = [];
    for (const source of SOURCES) {
      for (const program of compiled(source)) {
        expect(nameIn(program.canonical)).toBe(program.name);
        const head = parametersIn(program.canonical);
        if (head === undefined) continue;
        seen.push(program.name);
        expect(head.map(({ name, type, signer }) => ({ name, type, signer }))).toEqual(
          program.parameters.map(({ name, type, signer }) => ({ name, type, signer })),
        );
      }
    }
    expect(seen).toContain("both");
    expect(seen.length).toBeGreaterThan(5);

    function compiled(source: string) {
      try {
        return programs.compile(utf8(source), "genesis");
      } catch (cause) {
        throw new Error(`does not compile: ${source}`, { cause });
      }
    }
  });

  test("a batch has no head that says its parameters", () => {
    const [batch] = createPrograms().compile(utf8(SOURCES.at(-1) ?? ""), "published");

    expect(parametersIn(batch?.canonical ?? "")).toBeUndefined();
  });
});
