import { type ExactOperation, type ExactValue, operation } from "./exact-operations.ts";

/** Operations of the theory FixedSizeBitVectors on one width. */
export function bitOperations(width: number): readonly ExactOperation[] {
  const sort = `BV${width}` as const;
  const size = BigInt(width);
  const modulus = 1n << size;
  const wrap = (value: bigint): bigint => BigInt.asUintN(width, value);
  const signed = (value: bigint): bigint => BigInt.asIntN(width, value);
  const two =
    (compute: (left: bigint, right: bigint) => bigint) =>
    ([left, right]: readonly ExactValue[]): bigint =>
      wrap(compute(left as bigint, right as bigint));
  const truth =
    (compute: (left: bigint, right: bigint) => boolean) =>
    ([left, right]: readonly ExactValue[]): boolean =>
      compute(left as bigint, right as bigint);
  const binary: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
    bvadd: (left, right) => left + right,
    bvsub: (left, right) => left - right,
    bvmul: (left, right) => left * right,
    bvand: (left, right) => left & right,
    bvor: (left, right) => left | right,
    bvxor: (left, right) => left ^ right,
    bvnand: (left, right) => ~(left & right),
    bvnor: (left, right) => ~(left | right),
    bvxnor: (left, right) => ~(left ^ right),
    bvudiv: (left, right) => (right === 0n ? modulus - 1n : left / right),
    bvurem: (left, right) => (right === 0n ? left : left % right),
    bvsdiv: (left, right) => {
      if (right === 0n) return signed(left) < 0n ? 1n : modulus - 1n;
      return signed(left) / signed(right);
    },
    bvsrem: (left, right) => (right === 0n ? left : signed(left) % signed(right)),
    bvsmod: (left, right) => signedModulo(signed(left), signed(right)),
    bvshl: (left, right) => (right >= size ? 0n : left << right),
    bvlshr: (left, right) => (right >= size ? 0n : left >> right),
    bvashr: (left, right) => signed(left) >> (right >= size ? size : right),
  };
  const order: Readonly<Record<string, (left: bigint, right: bigint) => boolean>> = {
    bvult: (left, right) => left < right,
    bvule: (left, right) => left <= right,
    bvslt: (left, right) => signed(left) < signed(right),
    bvsge: (left, right) => signed(left) >= signed(right),
  };
  return [
    ...Object.entries(binary).map(([name, compute]) =>
      operation(name, [[sort, sort], sort], two(compute)),
    ),
    ...Object.entries(order).map(([name, compute]) =>
      operation(name, [[sort, sort], "Bool"], truth(compute)),
    ),
    ...overflows(width),
    operation("ubv_to_int", [[sort], "Int"], ([value]) => value),
    operation("sbv_to_int", [[sort], "Int"], ([value]) => signed(value as bigint)),
    operation(`(_ int_to_bv ${width})`, [["Int"], sort], ([value]) => wrap(value as bigint)),
    operation("(_ zero_extend 2)", [[sort], `BV${width + 2}`], ([value]) => value),
    operation("(_ repeat 2)", [[sort], `BV${2 * width}`], ([value]) => {
      const bits = value as bigint;
      return (bits << size) | bits;
    }),
    operation("bvneg", [[sort], sort], ([value]) => wrap(-(value as bigint))),
    operation("bvnot", [[sort], sort], ([value]) => wrap(~(value as bigint))),
    operation("bvcomp", [[sort, sort], "BV1"], ([left, right]) => (left === right ? 1n : 0n)),
    operation(
      "concat",
      [[sort, sort], `BV${2 * width}`],
      ([left, right]) => ((left as bigint) << size) | (right as bigint),
    ),
    operation("(_ sign_extend 3)", [[sort], `BV${width + 3}`], ([value]) =>
      BigInt.asUintN(width + 3, signed(value as bigint)),
    ),
    operation("(_ rotate_left 1)", [[sort], sort], ([value]) => {
      const bits = value as bigint;
      return wrap((bits << 1n) | (bits >> (size - 1n)));
    }),
    operation(
      `(_ extract ${width - 1} ${width >> 1})`,
      [[sort], `BV${width - (width >> 1)}`],
      ([value]) => (value as bigint) >> BigInt(width >> 1),
    ),
  ];
}

/** Predicates that say whether a result does not fit, after SMT-LIB 2.7. */
function overflows(width: number): readonly ExactOperation[] {
  const sort = `BV${width}` as const;
  const [least, most] = [-(1n << BigInt(width - 1)), (1n << BigInt(width - 1)) - 1n];
  const signed = (value: ExactValue | undefined): bigint => BigInt.asIntN(width, value as bigint);
  const unfit = (value: bigint): boolean => value < least || value > most;
  const unsignedUnfit = (value: bigint): boolean => value < 0n || value >= 1n << BigInt(width);
  const pair = (
    name: string,
    unsigned: string | undefined,
    compute: (left: bigint, right: bigint) => bigint,
  ): readonly ExactOperation[] => {
    const ofSigned = operation(name, [[sort, sort], "Bool"], ([left, right]) =>
      signed(right) === 0n && name === "bvsdivo"
        ? false
        : unfit(compute(signed(left), signed(right))),
    );
    if (unsigned === undefined) return [ofSigned];
    const ofUnsigned = operation(unsigned, [[sort, sort], "Bool"], ([left, right]) =>
      unsignedUnfit(compute(left as bigint, right as bigint)),
    );
    return [ofSigned, ofUnsigned];
  };
  return [
    ...pair("bvsaddo", "bvuaddo", (left, right) => left + right),
    ...pair("bvssubo", "bvusubo", (left, right) => left - right),
    ...pair("bvsmulo", "bvumulo", (left, right) => left * right),
    ...pair("bvsdivo", undefined, (left, right) => left / right),
    operation("bvnego", [[sort], "Bool"], ([value]) => signed(value) === least),
  ];
}

/** The sign follows the divisor; by 0 it is the dividend. */
function signedModulo(left: bigint, right: bigint): bigint {
  if (right === 0n) return left;
  const rest = left % right;
  return rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest;
}
