import type { Call, Fold, Signature } from "./signature.ts";

/**
 * Theory FixedSizeBitVectors, including the operators that SMT-LIB 2.6 defines as abbreviations in
 * logic QF_BV, and the overflow predicates and conversions of SMT-LIB 2.7.
 */
export const bitVectorSignatures: readonly Signature[] = [
  joining(),
  ...["bvnot", "bvneg"].map((name) => sameWidth(name, 1)),
  // Left-associative in SMT-LIB 2.7, and associative, so one term has all operands.
  ...["bvand", "bvor", "bvxor", "bvadd", "bvmul"].map((name) => sameWidth(name, 2, "flat")),
  ...["bvnand", "bvnor", "bvxnor"].map((name) => sameWidth(name, 2)),
  ...["bvsub", "bvudiv", "bvurem", "bvsdiv", "bvsrem", "bvsmod"].map((name) => sameWidth(name, 2)),
  ...["bvshl", "bvlshr", "bvashr"].map((name) => sameWidth(name, 2)),
  ...["bvult", "bvule", "bvugt", "bvuge"].map((name) => predicate(name, 2)),
  ...["bvslt", "bvsle", "bvsgt", "bvsge"].map((name) => predicate(name, 2)),
  ...["bvuaddo", "bvsaddo", "bvumulo", "bvsmulo"].map((name) => predicate(name, 2)),
  ...["bvusubo", "bvssubo", "bvsdivo"].map((name) => predicate(name, 2)),
  predicate("bvnego", 1),
  comparison(),
  extraction(),
  repetition(),
  extension("zero_extend"),
  extension("sign_extend"),
  rotation("rotate_left"),
  rotation("rotate_right"),
  toInteger("ubv_to_int"),
  toInteger("sbv_to_int"),
  fromInteger("int_to_bv"),
];

/** Returns the width of the operands of a call. Throws a ScreenError if their widths differ. */
function widthOf(call: Call): number {
  const width = call.width(0);
  const sort = call.sorts.bits(width);
  for (let index = 1; index < call.operands.length; index++) call.expect(index, sort);
  return width;
}

function sameWidth(name: string, operands: number, fold?: Fold): Signature {
  return {
    name,
    indices: 0,
    operands: [operands],
    ...(fold === undefined ? {} : { fold }),
    sort: (call) => call.sorts.bits(widthOf(call)),
  };
}

function predicate(name: string, operands: number): Signature {
  return {
    name,
    indices: 0,
    operands: [operands],
    sort: (call) => {
      widthOf(call);
      return call.sorts.plain("Bool");
    },
  };
}

function comparison(): Signature {
  return {
    name: "bvcomp",
    indices: 0,
    operands: [2],
    sort: (call) => {
      widthOf(call);
      return call.sorts.bits(1);
    },
  };
}

function joining(): Signature {
  return {
    name: "concat",
    indices: 0,
    operands: [2],
    fold: "left",
    sort: (call) => call.sorts.bits(call.width(0) + call.width(1)),
  };
}

function extraction(): Signature {
  return {
    name: "extract",
    indices: 2,
    operands: [1],
    sort: (call) => {
      const width = call.width(0);
      const [high = 0, low = 0] = call.indices;
      if (high >= width) return call.badIndex(`bit ${high} of ${width} bits`);
      if (low > high) return call.badIndex(`from bit ${high} down to ${low}`);
      return call.sorts.bits(high - low + 1);
    },
  };
}

function repetition(): Signature {
  return {
    name: "repeat",
    indices: 1,
    operands: [1],
    sort: (call) => {
      const [times = 0] = call.indices;
      if (times === 0) return call.badIndex("at least once");
      return call.sorts.bits(call.width(0) * times);
    },
  };
}

function extension(name: string): Signature {
  return {
    name,
    indices: 1,
    operands: [1],
    sort: (call) => call.sorts.bits(call.width(0) + (call.indices[0] ?? 0)),
  };
}

function rotation(name: string): Signature {
  return { name, indices: 1, operands: [1], sort: (call) => call.sorts.bits(call.width(0)) };
}

/**
 * Returns the signature of a conversion to an integer. Its name is that of SMT-LIB 2.7;
 * `extensions.ts` has the older names.
 */
function toInteger(name: string): Signature {
  return {
    name,
    indices: 0,
    operands: [1],
    sort: (call) => {
      call.width(0);
      return call.sorts.plain("Int");
    },
  };
}

/** Returns the signature of a conversion from an integer, modulo 2^width. */
function fromInteger(name: string): Signature {
  return {
    name,
    indices: 1,
    operands: [1],
    sort: (call) => {
      const [width = 0] = call.indices;
      if (width === 0) return call.badIndex("a bit vector has at least one bit");
      call.plain(0, "Int");
      return call.sorts.bits(width);
    },
  };
}
