import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clausify } from "../../src/kernel/clausify.ts";
import { certify } from "../../src/kernel/index.ts";
import { createMeter, kernelLimits } from "../../src/kernel/limits.ts";
import type { Sort, Term } from "../../src/term.ts";
import { certifyBytes } from "./draft.ts";
import * as t from "./terms.ts";

const x = t.symbol("x");
const r = t.symbol("r", "real");
const p = t.symbol("p", "boolean");
const u = t.symbol("u", { type: "uninterpreted", name: "U" });
const v = t.symbol("v", t.bitsOf(8));
const w = t.symbol("w", t.bitsOf(4));
const a = t.symbol("a", t.arrayOf("integer", "real"));

/** Says of a formula whether it has a sort: a refusal by the empty certificate is no objection. */
function fault(formula: unknown): string | undefined {
  const answer = certify(
    { assumptions: [formula as Term], goal: t.falsehood },
    Uint8Array.from([1]),
  );
  return answer.type === "refused" && answer.step === undefined ? answer.reason : undefined;
}

/** A boolean around a term of any sort. */
const around = (term: Term): Term => t.equal(term, term);

describe("sorts", () => {
  const good: readonly Term[] = [
    around(x),
    around(t.add(x, x, x)),
    around(t.add(r, t.rational(1, 3))),
    around(t.arithmetic("divide", x, x)),
    around(t.arithmetic("modulo", x, x)),
    around(t.arithmetic("quotient", r, r)),
    around(t.toReal(x)),
    around(t.floor(r)),
    t.less(x, x),
    t.atMost(r, r),
    t.and(),
    t.or(p),
    t.implies(p, p),
    t.choose(p, p, p),
    around(t.select(a, x)),
    around(t.store(a, x, r)),
    around(t.constantArray(t.bitsOf(8), a)),
    around(t.bitOperation("concatenate", v, w)),
    t.equal(t.extract(3, 0, v), w),
    t.compareBits("signed-less", v, v),
    around(t.apply("f", "real", x, p, v, a, u)),
    around(t.apply("f", { type: "uninterpreted", name: "U" }, u)),
  ];

  test.for(good.map((term, at) => [at, term] as const))("well sorted: %s", ([, term]) => {
    expect(fault(term)).toBeUndefined();
  });

  const bad: readonly unknown[] = [
    x,
    t.equal(x, r),
    t.equal(v, w),
    t.less(x, r),
    t.less(u, u),
    t.less(p, p),
    around(t.add(x)),
    around(t.add(x, r)),
    around(t.add(u, u)),
    around(t.arithmetic("subtract", x, x, x)),
    around(t.arithmetic("divide", r, r)),
    around(t.arithmetic("modulo", r, r)),
    around(t.arithmetic("quotient", x, x)),
    around(t.toReal(r)),
    around(t.floor(x)),
    t.not(x),
    t.and(p, x),
    t.implies(p, x),
    t.choose(x, p, p),
    around(t.choose(p, x, r)),
    around(t.select(x, x)),
    around(t.select(a, r)),
    around(t.store(a, x, x)),
    around(t.store(a, r, r)),
    around(t.bitOperation("add", v, w)),
    around(t.bitOperation("complement", v, v)),
    around(t.bitOperation("concatenate", v, x)),
    around(t.extract(8, 0, v)),
    around(t.extract(0, 1, v)),
    around(t.extract(0, -1, v)),
    around(t.extract(0, 0.5, v)),
    around(t.extract(0, 0, x)),
    t.compareBits("unsigned-less", v, w),
    around(t.apply("f", "real")),
    around(t.bits(256, 8)),
    around(t.bits(-1, 8)),
    around(t.bits(0, 0)),
    around(t.rational(1, 0)),
    around(t.rational(1, -2)),
    t.and(t.equal(t.symbol("x", "real"), r), around(x)),
    t.and(around(t.apply("f", "real", x)), around(t.apply("f", "real", r))),
    t.and(around(t.apply("x", "real", x)), around(x)),
    undefined,
    null,
    7,
    "p",
    [],
    {},
    { type: "toString" },
    { type: "arithmetic add", operands: [x, x] },
    { type: "equal", left: { type: "arithmetic add", operands: [x, x] }, right: x },
    { type: "arithmetic", operator: "__proto__", operands: [x, x] },
    { type: "and", operands: "p" },
    { type: "and", operands: [p, undefined] },
    { type: "and", operands: [p, null] },
    { type: "and", operands: Object.assign([], { 1: p }) },
    { type: "not", operands: [p] },
    { type: "boolean", value: "true" },
    { type: "equal", left: { type: "integer", value: 1 }, right: x },
    { type: "symbol", name: 7, sort: "boolean" },
    { type: "symbol", name: "q", sort: "bool" },
    { type: "symbol", name: "q", sort: undefined },
    around(t.symbol("q", { type: "bits", width: 1.5 })),
    around(t.symbol("q", { type: "array", index: "integer" } as unknown as Sort)),
  ];

  test.for(bad.map((term, at) => [at, term] as const))("refused: %s", ([, term]) => {
    expect(fault(term)).toBeTypeOf("string");
  });
});

describe("terms of any size and shape", () => {
  test("a term of depth 200,000 is read without recursion", () => {
    let deep = p;
    for (let depth = 0; depth < 200_000; depth++) deep = t.not(deep);

    const answer = certifyBytes({ assumptions: [deep], goal: p });

    // Too many terms, and no overflow of the stack.
    expect(answer).toEqual({ type: "exhausted", limit: "terms" });
  });

  test("a term of depth 90,000 is certified", () => {
    let deep = p;
    for (let depth = 0; depth < 90_000; depth++) deep = t.not(deep);

    expect(certifyBytes({ assumptions: [deep], goal: p }).type).toBe("certified");
  });

  test("a sort of depth 50,000 is read without recursion", () => {
    let sort: Sort = "integer";
    for (let depth = 0; depth < 50_000; depth++) sort = t.arrayOf("integer", sort);

    expect(certifyBytes({ assumptions: [around(t.symbol("a", sort))], goal: t.truth }).type).toBe(
      "certified",
    );
  });

  test("a conjunction of 90,000 is certified", () => {
    const many = Array.from({ length: 90_000 }, (_, at) => t.symbol(`p${at}`, "boolean"));

    const claim = {
      assumptions: [{ type: "and", operands: many } as const],
      goal: t.symbol("p7", "boolean"),
    };

    expect(certifyBytes(claim).type).toBe("certified");
  });

  test("a shared term is read once, though unfolded it would have 2^500 nodes", () => {
    let shared: Term = p;
    for (let depth = 0; depth < 500; depth++) shared = t.and(shared, shared);

    expect(certifyBytes({ assumptions: [shared], goal: p }).type).toBe("certified");
  });

  test("equal terms are one node, whoever made them", () => {
    const formula = (): Term => t.equal(t.add(x, t.integer(1)), t.apply("f", "integer", x));
    const problem = clausify(
      { assumptions: [formula(), formula()], goal: formula() },
      createMeter(kernelLimits),
    );

    // x, 1, x + 1, f(x), the equality.
    expect(problem.nodes).toHaveLength(5);
  });

  test("a term or sort that contains itself is refused", () => {
    const loop = { type: "not", operand: p as unknown };
    loop.operand = { type: "and", operands: [p, loop] };
    const sort = { type: "array", index: "integer", element: undefined as unknown };
    sort.element = sort;

    expect(fault(loop)).toBe("a term or sort contains itself");
    expect(fault(around(t.symbol("a", sort as Sort)))).toBe("a term or sort contains itself");
  });

  test("anything at all gets an answer", () => {
    const leaf = fc.anything({ withBigInt: true, withNullPrototype: true });
    const field = fc.constantFrom("type", "operator", "operands", "left", "right", "operand");
    const value = fc.oneof(leaf, fc.constantFrom("and", "not", "equal", "arithmetic", "add", p, x));
    const junk = fc.dictionary(field, fc.oneof(value, fc.array(value)));
    fc.assert(
      fc.property(fc.oneof(leaf, junk), fc.uint8Array({ maxLength: 20 }), (term, bytes) => {
        const claim = { assumptions: [term as Term], goal: term as Term };
        expect(["certified", "refused", "exhausted"]).toContain(certify(claim, bytes).type);
        expect(certify(term as never, bytes).type).not.toBe("certified");
      }),
    );
  });
});
