import { type Fold, fixed, type Signature } from "./signature.ts";

/** Theories Ints, Reals and Reals_Ints. No operator takes an integer and a real together. */
export const numberSignatures: readonly Signature[] = [
  ofOneSort("+", "flat"),
  ofOneSort("*", "flat"),
  {
    name: "-",
    indices: 0,
    operands: [1, 2],
    fold: "left",
    sort: (call) => {
      const sort = call.number(0);
      if (call.operands.length > 1) call.expect(1, sort);
      return sort;
    },
  },
  comparison("<="),
  comparison("<"),
  comparison(">="),
  comparison(">"),
  fixed("div", ["Int", "Int"], "Int", "left"),
  fixed("mod", ["Int", "Int"], "Int"),
  fixed("abs", ["Int"], "Int"),
  {
    name: "divisible",
    indices: 1,
    operands: [1],
    sort: (call) => {
      if (call.indices[0] === 0) call.badIndex("the divisor is positive");
      call.plain(0, "Int");
      return call.sorts.plain("Bool");
    },
  },
  fixed("/", ["Real", "Real"], "Real", "left"),
  fixed("to_real", ["Int"], "Real"),
  fixed("to_int", ["Real"], "Int"),
  fixed("is_int", ["Real"], "Bool"),
];

function ofOneSort(name: string, fold: Fold): Signature {
  return {
    name,
    indices: 0,
    operands: [2],
    fold,
    sort: (call) => {
      const sort = call.number(0);
      call.expect(1, sort);
      return sort;
    },
  };
}

function comparison(name: string): Signature {
  const signature = ofOneSort(name, "chain");
  return {
    ...signature,
    sort: (call) => {
      signature.sort(call);
      return call.sorts.plain("Bool");
    },
  };
}
