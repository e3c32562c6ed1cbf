import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bitOperations } from "./exact-bits.ts";
import { exactClaim } from "./exact-claims.ts";
import { divide } from "./exact-operations.ts";
import { matches, type Pattern } from "./exact-patterns.ts";
import { createRandom } from "./random-source.ts";
import { createSolverClient, type SolverClient } from "./solver-client.ts";

let client: SolverClient;
beforeAll(() => {
  client = createSolverClient({ limit: 300_000 });
});
afterAll(async () => await client[Symbol.asyncDispose]());

const rounds = process.env["AETHEL_SLOW"] === "1" ? 20_000 : 400;

describe("definitions of SMT-LIB", () => {
  test("quotient and remainder: the remainder is never negative, and less than the divisor", () => {
    for (let left = -9n; left <= 9n; left++) {
      for (const right of [-4n, -3n, -1n, 1n, 2n, 5n]) {
        const { quotient, remainder } = divide(left, right);
        expect(quotient * right + remainder).toBe(left);
        expect(remainder >= 0n && remainder < (right < 0n ? -right : right)).toBe(true);
      }
    }
  });

  test("bvsmod has the divisor's sign, bvsrem the dividend's, for all words of four bits", () => {
    const named = new Map(bitOperations(4).map((item) => [item.name, item.value]));
    const signed = (bits: unknown): bigint => BigInt.asIntN(4, bits as bigint);
    for (let left = 0n; left < 16n; left++) {
      for (let right = 1n; right < 16n; right++) {
        const modulo = signed(named.get("bvsmod")?.([left, right]));
        const remainder = signed(named.get("bvsrem")?.([left, right]));
        expect(modulo === 0n || modulo < 0n === signed(right) < 0n).toBe(true);
        expect(remainder === 0n || remainder < 0n === signed(left) < 0n).toBe(true);
        expect((signed(left) - modulo) % signed(right)).toBe(0n);
      }
    }
  });

  test("derivatives agree with this machine's regular expressions", () => {
    const text = (word: string): Pattern => ({ type: "text", text: word });
    const star: Pattern = {
      type: "star",
      part: { type: "union", parts: [text("ab"), { type: "range", low: "x", high: "z" }] },
    };
    for (const word of ["", "ab", "abab", "xab", "abz", "a", "ba", "abyxab", "w"]) {
      expect(matches(star, word), word).toBe(/^(?:ab|[x-z])*$/.test(word));
      expect(matches({ type: "not", part: star }, word), word).toBe(!matches(star, word));
    }
  });
});

describe("the Judge against the definitions", () => {
  test("no operation on integers, bit vectors or strings is proved to have another value", async () => {
    let confirmed = 0;
    let asked = 0;
    for (let index = 0; index < rounds; index++) {
      const claim = exactClaim(createRandom(2_026, index));
      if (claim === undefined) continue;
      const { verdict, detail } = await client.ask(claim.script);
      expect(["refuted", "unknown"], `${detail}\n${claim.script}`).toContain(verdict);
      asked++;
      if (verdict === "refuted") confirmed++;
    }

    expect(confirmed / asked).toBeGreaterThan(0.95);
  });
});
