/** Sorts that the table speaks of, and a constant of each. */
export const universe = {
  Bool: "p",
  Int: "i",
  Real: "r",
  String: "s",
  RegLan: "g",
  RoundingMode: "m",
  "(_ BitVec 1)": "b1",
  "(_ BitVec 4)": "b4",
  "(_ BitVec 8)": "b8",
  "(_ FloatingPoint 4 4)": "f8",
  "(_ FloatingPoint 5 11)": "f16",
  "(Array Int Real)": "a",
  U: "u",
  D: "d",
} as const;

export type SortText = keyof typeof universe;

/** One accepted use: sorts of the operands, sort of the result. */
export interface Use {
  readonly operands: readonly SortText[];
  readonly result: string;
}

/** An operator as it stands in a script, and all its uses over the universe. */
export interface Row {
  readonly name: string;
  readonly head: string;
  readonly uses: readonly Use[];
}

const sorts = Object.keys(universe) as SortText[];
const bits: readonly SortText[] = ["(_ BitVec 1)", "(_ BitVec 4)", "(_ BitVec 8)"];
const floats: readonly SortText[] = ["(_ FloatingPoint 4 4)", "(_ FloatingPoint 5 11)"];
const numbers: readonly SortText[] = ["Int", "Real"];
const mode: SortText = "RoundingMode";

const widthOf = (sort: SortText): number => Number(/[0-9]+/.exec(sort)?.[0]);
const bitsOf = (width: number): string => `(_ BitVec ${width})`;

function row(name: string, uses: readonly Use[], head = name): Row {
  return { name, head, uses };
}

function plain(name: string, operands: readonly SortText[], result: string): Row {
  return row(name, [{ operands, result }]);
}

/** For each sort of a list: `count` operands of it, behind `first`. */
function same(
  of: readonly SortText[],
  count: number,
  result?: string,
  first: readonly SortText[] = [],
): readonly Use[] {
  return of.map((sort) => ({
    operands: [...first, ...Array.from({ length: count }, () => sort)],
    result: result ?? sort,
  }));
}

const strings = (count: number): readonly SortText[] =>
  Array.from({ length: count }, () => "String");
const words = (text: string): readonly string[] => text.split(" ");

/** SMT-LIB's operators: theories Core, Ints, Reals, Reals_Ints, ArraysEx. */
const numeric: readonly Row[] = [
  plain("not", ["Bool"], "Bool"),
  ...words("and or xor =>").map((name) => plain(name, ["Bool", "Bool"], "Bool")),
  ...words("= distinct").map((name) => row(name, same(sorts, 2, "Bool"))),
  row("ite", same(sorts, 2, undefined, ["Bool"])),
  ...words("+ *").map((name) => row(name, same(numbers, 2))),
  row("-", [...same(numbers, 1), ...same(numbers, 2)]),
  ...words("< <= > >=").map((name) => row(name, same(numbers, 2, "Bool"))),
  ...words("div mod").map((name) => plain(name, ["Int", "Int"], "Int")),
  plain("abs", ["Int"], "Int"),
  row("divisible", [{ operands: ["Int"], result: "Bool" }], "(_ divisible 3)"),
  plain("/", ["Real", "Real"], "Real"),
  plain("to_real", ["Int"], "Real"),
  plain("to_int", ["Real"], "Int"),
  plain("is_int", ["Real"], "Bool"),
  plain("select", ["(Array Int Real)", "Int"], "Real"),
  plain("store", ["(Array Int Real)", "Int", "Real"], "(Array Int Real)"),
];

/** Theory FixedSizeBitVectors, with what QF_BV and SMT-LIB 2.7 add. */
const bitwise: readonly Row[] = [
  row(
    "concat",
    bits.flatMap((left) =>
      bits.map((right) => ({
        operands: [left, right],
        result: bitsOf(widthOf(left) + widthOf(right)),
      })),
    ),
  ),
  ...words("bvnot bvneg").map((name) => row(name, same(bits, 1))),
  ...words(
    "bvand bvor bvxor bvnand bvnor bvxnor bvadd bvsub bvmul bvudiv bvurem bvsdiv bvsrem bvsmod " +
      "bvshl bvlshr bvashr",
  ).map((name) => row(name, same(bits, 2))),
  ...words(
    "bvult bvule bvugt bvuge bvslt bvsle bvsgt bvsge bvuaddo bvsaddo bvumulo bvsmulo bvusubo " +
      "bvssubo bvsdivo",
  ).map((name) => row(name, same(bits, 2, "Bool"))),
  row("bvnego", same(bits, 1, "Bool")),
  row("bvcomp", same(bits, 2, bitsOf(1))),
  row("extract", [{ operands: ["(_ BitVec 8)"], result: bitsOf(3) }], "(_ extract 6 4)"),
  ...words("rotate_left rotate_right").map((name) => row(name, same(bits, 1), `(_ ${name} 2)`)),
  ...words("zero_extend sign_extend").map((name) =>
    row(
      name,
      bits.map((sort) => ({ operands: [sort], result: bitsOf(widthOf(sort) + 3) })),
      `(_ ${name} 3)`,
    ),
  ),
  row(
    "repeat",
    bits.map((sort) => ({ operands: [sort], result: bitsOf(widthOf(sort) * 3) })),
    "(_ repeat 3)",
  ),
  ...words("ubv_to_int sbv_to_int").map((name) => row(name, same(bits, 1, "Int"))),
  row("int_to_bv", [{ operands: ["Int"], result: bitsOf(5) }], "(_ int_to_bv 5)"),
];

/** Theory FloatingPoint. */
const floating: readonly Row[] = [
  row("fp", [
    {
      operands: ["(_ BitVec 1)", "(_ BitVec 4)", "(_ BitVec 4)"],
      result: "(_ FloatingPoint 4 5)",
    },
    {
      operands: ["(_ BitVec 1)", "(_ BitVec 4)", "(_ BitVec 8)"],
      result: "(_ FloatingPoint 4 9)",
    },
    {
      operands: ["(_ BitVec 1)", "(_ BitVec 8)", "(_ BitVec 4)"],
      result: "(_ FloatingPoint 8 5)",
    },
    {
      operands: ["(_ BitVec 1)", "(_ BitVec 8)", "(_ BitVec 8)"],
      result: "(_ FloatingPoint 8 9)",
    },
  ]),
  ...words("fp.abs fp.neg").map((name) => row(name, same(floats, 1))),
  ...words("fp.min fp.max").map((name) => row(name, same(floats, 2))),
  ...words("fp.sqrt fp.roundToIntegral").map((name) =>
    row(name, same(floats, 1, undefined, [mode])),
  ),
  ...words("fp.add fp.sub fp.mul fp.div").map((name) =>
    row(name, same(floats, 2, undefined, [mode])),
  ),
  ...words("fp.leq fp.lt fp.geq fp.gt fp.eq").map((name) => row(name, same(floats, 2, "Bool"))),
  ...words(
    "fp.isNormal fp.isSubnormal fp.isZero fp.isInfinite fp.isNaN fp.isNegative fp.isPositive",
  ).map((name) => row(name, same(floats, 1, "Bool"))),
  row("fp.to_real", same(floats, 1, "Real")),
  ...words("fp.to_ubv fp.to_sbv").map((name) =>
    row(name, same(floats, 1, bitsOf(7), [mode]), `(_ ${name} 7)`),
  ),
  row(
    "to_fp",
    [
      { operands: ["(_ BitVec 8)"], result: "(_ FloatingPoint 4 4)" },
      ...same([...bits, ...floats], 1, "(_ FloatingPoint 4 4)", [mode]),
    ],
    "(_ to_fp 4 4)",
  ),
  row("to_fp_unsigned", same(bits, 1, "(_ FloatingPoint 4 4)", [mode]), "(_ to_fp_unsigned 4 4)"),
];

/** Theory UnicodeStrings. */
const textual: readonly Row[] = [
  plain("str.++", strings(2), "String"),
  plain("str.len", strings(1), "Int"),
  ...words("str.< str.<= str.prefixof str.suffixof str.contains").map((name) =>
    plain(name, strings(2), "Bool"),
  ),
  plain("str.at", ["String", "Int"], "String"),
  plain("str.substr", ["String", "Int", "Int"], "String"),
  plain("str.indexof", ["String", "String", "Int"], "Int"),
  ...words("str.replace str.replace_all").map((name) => plain(name, strings(3), "String")),
  ...words("str.replace_re str.replace_re_all").map((name) =>
    plain(name, ["String", "RegLan", "String"], "String"),
  ),
  plain("str.is_digit", strings(1), "Bool"),
  ...words("str.to_code str.to_int").map((name) => plain(name, strings(1), "Int")),
  ...words("str.from_code str.from_int").map((name) => plain(name, ["Int"], "String")),
  plain("str.to_re", strings(1), "RegLan"),
  plain("str.in_re", ["String", "RegLan"], "Bool"),
  plain("re.range", strings(2), "RegLan"),
  ...words("re.++ re.union re.inter re.diff").map((name) =>
    plain(name, ["RegLan", "RegLan"], "RegLan"),
  ),
  ...words("re.* re.+ re.opt re.comp").map((name) => plain(name, ["RegLan"], "RegLan")),
  row("re.^", [{ operands: ["RegLan"], result: "RegLan" }], "(_ re.^ 3)"),
  row("re.loop", [{ operands: ["RegLan"], result: "RegLan" }], "(_ re.loop 1 3)"),
];

/** Constants of the theories: nothing but their sort can be wrong. */
const constants: readonly Row[] = [
  ...words("true false").map((name) => plain(name, [], "Bool")),
  ...words(
    "roundNearestTiesToEven roundNearestTiesToAway roundTowardPositive roundTowardNegative " +
      "roundTowardZero",
  ).map((name) => plain(name, [], mode)),
  ...words("re.none re.all re.allchar").map((name) => plain(name, [], "RegLan")),
  ...words("+oo -oo +zero -zero NaN").map((name) =>
    row(name, [{ operands: [], result: "(_ FloatingPoint 4 4)" }], `(_ ${name} 4 4)`),
  ),
];

/** Every operator of the standard with every use that it has over the universe. */
export const table: readonly Row[] = [
  ...numeric,
  ...bitwise,
  ...floating,
  ...textual,
  ...constants,
];
