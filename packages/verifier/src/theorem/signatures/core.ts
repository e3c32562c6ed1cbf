import { fixed, type Signature } from "./signature.ts";

/** Theory Core of SMT-LIB 2.6. */
export const coreSignatures: readonly Signature[] = [
  fixed("true", [], "Bool"),
  fixed("false", [], "Bool"),
  fixed("not", ["Bool"], "Bool"),
  fixed("=>", ["Bool", "Bool"], "Bool", "right"),
  fixed("and", ["Bool", "Bool"], "Bool", "flat"),
  fixed("or", ["Bool", "Bool"], "Bool", "flat"),
  fixed("xor", ["Bool", "Bool"], "Bool", "left"),
  equality("=", "chain"),
  equality("distinct", "pairwise"),
  {
    name: "ite",
    indices: 0,
    operands: [3],
    sort: (call) => {
      call.plain(0, "Bool");
      const [, then] = call.operands;
      if (then === undefined) return call.mismatch(1, "a term");
      call.expect(2, then);
      return then;
    },
  },
];

/** Theory ArraysEx. */
export const arraySignatures: readonly Signature[] = [
  {
    name: "select",
    indices: 0,
    operands: [2],
    sort: (call) => {
      const array = call.array(0);
      call.expect(1, array.index);
      return array.element;
    },
  },
  {
    name: "store",
    indices: 0,
    operands: [3],
    sort: (call) => {
      const array = call.array(0);
      call.expect(1, array.index);
      call.expect(2, array.element);
      return array;
    },
  },
];

function equality(name: string, fold: "chain" | "pairwise"): Signature {
  return {
    name,
    indices: 0,
    operands: [2],
    fold,
    sort: (call) => {
      const [left] = call.operands;
      if (left !== undefined) call.expect(1, left);
      return call.sorts.plain("Bool");
    },
  };
}
