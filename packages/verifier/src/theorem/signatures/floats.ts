import { FLOAT_EXPONENT_MAX, FLOAT_SIGNIFICAND_MAX } from "../limits.ts";
import { floatFormatLeast } from "./refused-operators.ts";
import { type Call, fixed, type Signature } from "./signature.ts";

/** Theory FloatingPoint. */
export const floatSignatures: readonly Signature[] = [
  fixed("roundNearestTiesToEven", [], "RoundingMode"),
  fixed("roundNearestTiesToAway", [], "RoundingMode"),
  fixed("roundTowardPositive", [], "RoundingMode"),
  fixed("roundTowardNegative", [], "RoundingMode"),
  fixed("roundTowardZero", [], "RoundingMode"),
  literal(),
  ...["+oo", "-oo", "+zero", "-zero", "NaN"].map(constant),
  ...["fp.abs", "fp.neg"].map((name) => operation(name, 1)),
  ...["fp.rem", "fp.min", "fp.max"].map((name) => operation(name, 2)),
  ...["fp.sqrt", "fp.roundToIntegral"].map((name) => rounded(name, 1)),
  ...["fp.add", "fp.sub", "fp.mul", "fp.div"].map((name) => rounded(name, 2)),
  rounded("fp.fma", 3),
  ...["fp.leq", "fp.lt", "fp.geq", "fp.gt", "fp.eq"].map((name) => predicate(name, 2)),
  ...["fp.isNormal", "fp.isSubnormal", "fp.isZero", "fp.isInfinite"].map((n) => predicate(n, 1)),
  ...["fp.isNaN", "fp.isNegative", "fp.isPositive"].map((name) => predicate(name, 1)),
  conversion(),
  unsignedConversion(),
  toBits("fp.to_ubv"),
  toBits("fp.to_sbv"),
  {
    name: "fp.to_real",
    indices: 0,
    operands: [1],
    sort: (call) => {
      call.float(0);
      return call.sorts.plain("Real");
    },
  },
];

/** Short names of the rounding modes in the standard. */
export const roundingModes: ReadonlyMap<string, string> = new Map([
  ["RNE", "roundNearestTiesToEven"],
  ["RNA", "roundNearestTiesToAway"],
  ["RTP", "roundTowardPositive"],
  ["RTN", "roundTowardNegative"],
  ["RTZ", "roundTowardZero"],
]);

/** Returns the float sort that the two indices of a call give. */
function indexedFloat(call: Call): ReturnType<Call["sorts"]["float"]> {
  const [exponent = 0, significand = 0] = call.indices;
  const fault = findFormatFault(exponent, significand);
  if (fault !== undefined) return call.badIndex(fault);
  return call.sorts.float(exponent, significand);
}

/** Returns the reason why a float format is not admitted; undefined if it is admitted. */
export function findFormatFault(exponent: number, significand: number): string | undefined {
  const { exponentBits, significandBits } = floatFormatLeast;
  if (exponent < exponentBits || significand < significandBits) {
    return `a float has at least ${exponentBits} and ${significandBits} bits here`;
  }
  const [exponentMax, significandMax] = [FLOAT_EXPONENT_MAX, FLOAT_SIGNIFICAND_MAX];
  if (exponent > exponentMax || significand > significandMax) {
    return `a float has at most ${exponentMax} and ${significandMax} bits here`;
  }
  return undefined;
}

function literal(): Signature {
  return {
    name: "fp",
    indices: 0,
    operands: [3],
    sort: (call) => {
      call.expect(0, call.sorts.bits(1));
      const [exponent, significand] = [call.width(1), call.width(2) + 1];
      const fault = findFormatFault(exponent, significand);
      if (fault !== undefined) return call.badIndex(fault);
      return call.sorts.float(exponent, significand);
    },
  };
}

function constant(name: string): Signature {
  return { name, indices: 2, operands: [0], sort: indexedFloat };
}

/** Requires that all operands from index `from` on are floats of one sort. Returns the sort. */
function sameFloat(call: Call, from: number): ReturnType<Call["float"]> {
  const sort = call.float(from);
  for (let index = from + 1; index < call.operands.length; index++) call.expect(index, sort);
  return sort;
}

function operation(name: string, operands: number): Signature {
  return { name, indices: 0, operands: [operands], sort: (call) => sameFloat(call, 0) };
}

function rounded(name: string, operands: number): Signature {
  return {
    name,
    indices: 0,
    operands: [operands + 1],
    sort: (call) => {
      call.plain(0, "RoundingMode");
      return sameFloat(call, 1);
    },
  };
}

function predicate(name: string, operands: number): Signature {
  return {
    name,
    indices: 0,
    operands: [operands],
    ...(operands === 2 ? { fold: "chain" } : {}),
    sort: (call) => {
      sameFloat(call, 0);
      return call.sorts.plain("Bool");
    },
  };
}

/**
 * Returns the signature of conversions from bits, another float, a real, or a signed bit vector.
 */
function conversion(): Signature {
  return {
    name: "to_fp",
    indices: 2,
    // Three operands: Z3's form of a literal, a decimal and a power of two.
    operands: [1, 2, 3],
    sort: (call) => {
      const sort = indexedFloat(call);
      const [exponent = 0, significand = 0] = call.indices;
      if (call.operands.length === 1) {
        call.expect(0, call.sorts.bits(exponent + significand));
        return sort;
      }
      call.plain(0, "RoundingMode");
      if (call.operands.length === 3) {
        call.plain(1, "Real");
        call.number(2);
        return sort;
      }
      const from = call.operands[1]?.type;
      if (from === "float" || from === "Real" || from === "bits") return sort;
      return call.mismatch(1, "a floating-point number, Real or a bit vector");
    },
  };
}

function unsignedConversion(): Signature {
  return {
    name: "to_fp_unsigned",
    indices: 2,
    operands: [2],
    sort: (call) => {
      call.plain(0, "RoundingMode");
      call.width(1);
      return indexedFloat(call);
    },
  };
}

function toBits(name: string): Signature {
  return {
    name,
    indices: 1,
    operands: [2],
    sort: (call) => {
      const [width = 0] = call.indices;
      if (width === 0) return call.badIndex("a bit vector has at least one bit");
      call.plain(0, "RoundingMode");
      call.float(1);
      return call.sorts.bits(width);
    },
  };
}
