import * as t from "./build.ts";
import { type Law, law } from "./law.ts";

const zero = t.rational(0);

/** Laws of all reals, and of reals and integers. */
export const realLaws: readonly Law[] = [
  law("a quotient undoes a product", ({ of }) => {
    const [a, b] = [of("real"), of("real")];
    return [[t.not(t.equal(b, zero))], t.equal(t.times(t.arithmetic("quotient", a, b), b), a)];
  }),
  law("a quotient by a constant", ({ of, random }) => {
    const [a, by] = [of("real"), random.pick([-3, -1, 2, 5])];
    return [
      [],
      t.equal(
        t.arithmetic("quotient", a, t.rational(by)),
        t.times(t.rational(1, 1), t.rational(by < 0 ? -1 : 1, Math.abs(by)), a),
      ),
    ];
  }),
  law("a quotient by zero is a function", ({ of }) => {
    const [a, b, c] = [of("real"), of("real"), of("real")];
    return [
      [t.equal(a, b), t.equal(c, zero)],
      t.equal(t.arithmetic("quotient", a, c), t.arithmetic("quotient", b, zero)),
    ];
  }),
  law("the middle of two", ({ of }) => {
    const [a, b] = [of("real"), of("real")];
    const middle = t.times(t.rational(1, 2), t.add(a, b));
    return [[t.less(a, b)], t.and(t.less(a, middle), t.less(middle, b))];
  }),
  law("Farkas over reals", ({ of }) => {
    const [a, b] = [of("real"), of("real")];
    return [
      [
        t.atMost(t.add(t.times(t.rational(3), a), b), t.rational(4)),
        t.atMost(t.add(a, t.times(t.rational(3), b)), t.rational(4)),
      ],
      t.atMost(t.add(a, b), t.rational(2)),
    ];
  }),
  law("a square of a real is not negative", ({ of }) => {
    const a = of("real");
    return [[], t.atMost(zero, t.times(a, a))];
  }),
  law("strict and weak add to strict", ({ of }) => {
    const [a, b, c] = [of("real"), of("real"), of("real")];
    return [[t.less(a, b), t.atMost(b, c)], t.less(a, c)];
  }),
  law("floor is at most, and less than one below", ({ of }) => {
    const a = of("real");
    const low = t.toReal(t.floor(a));
    return [[], t.and(t.atMost(low, a), t.less(a, t.add(low, t.rational(1))))];
  }),
  law("floor of an integer", ({ of }) => {
    const a = of("integer");
    return [[], t.equal(t.floor(t.toReal(a)), a)];
  }),
  law("to-real keeps sums", ({ of }) => {
    const [a, b] = [of("integer"), of("integer")];
    return [[], t.equal(t.toReal(t.add(a, b)), t.add(t.toReal(a), t.toReal(b)))];
  }),
  law("to-real keeps order", ({ of }) => {
    const [a, b] = [of("integer"), of("integer")];
    return [[t.less(t.toReal(a), t.toReal(b))], t.atMost(t.add(a, t.int(1)), b)];
  }),
  law("an integer is no half", ({ of }) => {
    const a = of("integer");
    return [[], t.not(t.equal(t.toReal(a), t.rational(3, 2)))];
  }),
  law("an integer part is at most", ({ of }) => {
    const [a, b] = [of("real"), of("integer")];
    return [[t.atMost(t.toReal(b), a)], t.atMost(b, t.floor(a))];
  }),
];
