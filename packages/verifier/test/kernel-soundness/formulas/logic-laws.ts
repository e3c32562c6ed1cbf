import type { Term } from "../../../src/term.ts";
import * as t from "./build.ts";
import { type Law, law } from "./law.ts";
import { sortKey } from "./random-term.ts";

const thing = t.uninterpreted("Thing");

function h(term: Term): Term {
  return t.apply("h", thing, term);
}

/** Propositions, if-then-else, equality and functions. */
export const logicLaws: readonly Law[] = [
  law("excluded middle", ({ of }) => {
    const p = of("boolean");
    return [[], t.or(p, t.not(p))];
  }),
  law("De Morgan", ({ of }) => {
    const [p, q] = [of("boolean"), of("boolean")];
    return [[], t.equal(t.not(t.and(p, q)), t.or(t.not(p), t.not(q)))];
  }),
  law("resolution", ({ of }) => {
    const [p, q, r] = [of("boolean"), of("boolean"), of("boolean")];
    return [[t.or(p, q), t.or(t.not(p), r)], t.or(q, r)];
  }),
  law("an equation of propositions is both implications", ({ of }) => {
    const [p, q] = [of("boolean"), of("boolean")];
    return [[t.implies(p, q), t.implies(q, p)], t.equal(p, q)];
  }),
  law("exclusive or is associative", ({ of }) => {
    const [p, q, r] = [of("boolean"), of("boolean"), of("boolean")];
    return [[], t.equal(t.equal(t.equal(p, q), r), t.equal(p, t.equal(q, r)))];
  }),
  law("empty conjunction and disjunction", () => [[], t.and(t.and(), t.not(t.or()))]),
  law("three pigeons in two truths", ({ of }) => {
    const [p, q, r] = [of("boolean"), of("boolean"), of("boolean")];
    return [[], t.or(t.equal(p, q), t.equal(q, r), t.equal(p, r))];
  }),
  law("a proposition chooses", ({ of }) => {
    const [p, q, r] = [of("boolean"), of("boolean"), of("boolean")];
    return [[], t.equal(t.ifElse(p, q, r), t.and(t.or(t.not(p), q), t.or(p, r)))];
  }),
  law("a choice is one of two", ({ of, random }) => {
    const sort = random.pick([
      "integer",
      "real",
      thing,
      t.bits(2),
      t.arrayOf("integer", "integer"),
    ] as const);
    const [p, a, b] = [of("boolean"), of(sort), of(sort)];
    const chosen = t.ifElse(p, a, b);
    return [[], t.or(t.equal(chosen, a), t.equal(chosen, b))];
  }),
  law("a choice of equals", ({ of, random }) => {
    const sort = random.pick([
      "integer",
      "real",
      thing,
      t.bits(2),
      t.arrayOf("integer", "integer"),
    ] as const);
    const [p, a, b] = [of("boolean"), of(sort), of(sort)];
    return [[t.equal(a, b)], t.equal(t.ifElse(p, a, b), b)];
  }),
  law("equality is transitive", ({ of, random }) => {
    const sort = random.pick([
      "integer",
      "real",
      thing,
      "boolean",
      t.bits(2),
      t.arrayOf("integer", "integer"),
    ] as const);
    const [a, b, c] = [of(sort), of(sort), of(sort)];
    return [[t.equal(a, b), t.equal(c, b)], t.equal(c, a)];
  }),
  law("a function of equals", ({ of, random }) => {
    const [sort, name] = random.pick([
      ["integer", "f"],
      ["real", "r"],
      [thing, "h"],
      ["boolean", "b"],
      [t.bits(2), "w"],
    ] as const);
    const [a, b] = [of(sort), of(sort)];
    return [[t.equal(a, b)], t.equal(t.apply(name, sort, a), t.apply(name, sort, b))];
  }),
  law("a function of two equals", ({ of }) => {
    const [a, b, c, d] = [of("integer"), of("integer"), of("integer"), of("integer")];
    const g = (left: Term, right: Term): Term => t.apply("g", "integer", left, right);
    return [[t.equal(a, c), t.equal(b, d)], t.equal(g(a, b), g(c, d))];
  }),
  law("a function of an array", ({ of }) => {
    const sort = t.arrayOf("integer", "integer");
    const [a, b] = [of(sort), of(sort)];
    const s = (term: Term): Term => t.apply("s", "integer", term);
    return [[t.equal(a, b)], t.equal(s(a), s(b))];
  }),
  law("three and five steps make one", ({ of }) => {
    const a = of(thing);
    const three = h(h(h(a)));
    return [[t.equal(three, a), t.equal(h(h(three)), a)], t.equal(h(a), a)];
  }),
  law("a function of propositions, three times", ({ of }) => {
    const p = of("boolean");
    const b = (term: Term): Term => t.apply("b", "boolean", term);
    return [[], t.equal(b(b(b(p))), b(p))];
  }),
  law("different values come from different operands", ({ of }) => {
    const [a, b] = [of("integer"), of("integer")];
    const p = (term: Term): Term => t.apply("p", "boolean", term);
    return [[p(a), t.not(p(b))], t.not(t.equal(a, b))];
  }),
  law("a function of what arithmetic shows equal", ({ of }) => {
    const [a, b] = [of("integer"), of("integer")];
    const f = (term: Term): Term => t.apply("f", "integer", term);
    return [
      [t.atMost(a, b), t.atMost(b, a)],
      t.equal(f(t.add(a, t.int(1))), f(t.add(t.int(1), b))),
    ];
  }),
];

/** Reads, stores, constant arrays and equality of arrays, over several sorts of arrays. */
export const arrayLaws: readonly Law[] = (
  [
    ["integer", "integer"],
    [thing, "integer"],
    ["integer", "boolean"],
    ["real", "real"],
    [t.bits(2), t.bits(2)],
    ["boolean", "integer"],
    ["integer", t.arrayOf("integer", "integer")],
  ] as const
).flatMap(([index, element]) => {
  const sort = t.arrayOf(index, element);
  const named = (name: string, make: Parameters<typeof law>[1]): Law =>
    law(`${name} (${sortKey(sort)})`, make);
  return [
    named("a read of what was stored", ({ of }) => {
      const [i, v] = [of(index), of(element)];
      return [[], t.equal(t.select(t.store(of(sort), i, v), i), v)];
    }),
    named("a read beside a store", ({ of }) => {
      const [a, i, j] = [of(sort), of(index), of(index)];
      const read = t.select(t.store(a, i, of(element)), j);
      return [[t.not(t.equal(i, j))], t.equal(read, t.select(a, j))];
    }),
    named("the later store wins", ({ of }) => {
      const [a, i, v] = [of(sort), of(index), of(element)];
      return [[], t.equal(t.store(t.store(a, i, of(element)), i, v), t.store(a, i, v))];
    }),
    named("storing what is there", ({ of }) => {
      const [a, i] = [of(sort), of(index)];
      return [[], t.equal(t.store(a, i, t.select(a, i)), a)];
    }),
    named("stores elsewhere commute", ({ of }) => {
      const [a, i, j, v, w] = [of(sort), of(index), of(index), of(element), of(element)];
      const [left, right] = [t.store(t.store(a, i, v), j, w), t.store(t.store(a, j, w), i, v)];
      return [[t.not(t.equal(i, j))], t.equal(left, right)];
    }),
    named("equal arrays read alike", ({ of }) => {
      const [a, b, i] = [of(sort), of(sort), of(index)];
      return [[t.equal(a, b)], t.equal(t.select(a, i), t.select(b, i))];
    }),
    named("a constant array is one value", ({ of }) => {
      const v = of(element);
      return [[], t.equal(t.select(t.constantArray(index, v), of(index)), v)];
    }),
    named("a constant array with its value stored", ({ of }) => {
      const [i, v] = [of(index), of(element)];
      const array = t.constantArray(index, v);
      return [[], t.equal(t.store(array, i, v), array)];
    }),
    named("equal constant arrays have equal values", ({ of }) => {
      const [v, w] = [of(element), of(element)];
      return [[t.equal(t.constantArray(index, v), t.constantArray(index, w))], t.equal(v, w)];
    }),
    named("what was stored is read through an equation", ({ of }) => {
      const [a, b, i, v] = [of(sort), of(sort), of(index), of(element)];
      return [[t.equal(a, t.store(b, i, v))], t.equal(t.select(a, i), v)];
    }),
    named("an array that differs differs somewhere", ({ of }) => {
      const [a, b] = [of(sort), of(sort)];
      return [
        [t.not(t.equal(a, b)), t.equal(b, t.store(a, of(index), of(element)))],
        t.not(t.equal(a, b)),
      ];
    }),
  ];
});
