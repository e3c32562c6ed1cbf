import { certify } from "../../src/kernel/index.ts";
import type { Sort, Term } from "../../src/term.ts";
import * as t from "./terms.ts";

/** Prints what the kernel says of claims that are deep, wide and many. */
const p = t.symbol("p", "boolean");

let deep: Term = p;
for (let depth = 0; depth < 15_000; depth++) deep = t.not(deep);

let sort: Sort = "integer";
for (let depth = 0; depth < 15_000; depth++) sort = t.arrayOf("integer", sort);
const nested = t.symbol("nested", sort);

let stored = t.symbol("m", t.arrayOf("integer", "integer"));
for (let at = 0; at < 3_000; at++) stored = t.store(stored, t.symbol(`i${at}`), t.integer(at));

const many = Array.from({ length: 10_000 }, (_, at) => t.symbol(`q${at}`, "boolean"));

const claims: readonly (readonly [Term, Term])[] = [
  [deep, p],
  [t.equal(nested, nested), t.truth],
  [t.equal(t.select(stored, t.symbol("j")), t.integer(3)), t.truth],
  [{ type: "and", operands: many }, many[3] ?? p],
  [t.less(p, p), p],
];
for (let round = 0; round < 2; round++) {
  for (const [assumption, goal] of claims) {
    const answer = certify({ assumptions: [assumption], goal }, Uint8Array.from([1]));
    console.log(JSON.stringify(answer));
  }
}
