import { harmless, type Twin, twin } from "./twin.ts";

/** Wrong circuits of bit vectors, wrong values of booleans, wrong readings of terms. */
export const bitTwins: readonly Twin[] = [
  twin("bits", "less is at most", "formulas", [
    "right.map(negate)], truth).carry",
    "right.map(negate)], falsehood).carry",
  ]),
  twin("bits", "signed order is unsigned", "formulas", [
    "at === bits.length - 1 ? negate(bit) : bit",
    "bit",
  ]),
  twin("bits", "signed order flips the lowest bit", "formulas", [
    "at === bits.length - 1 ?",
    "at === 0 ?",
  ]),
  twin("bits", "a product is not shifted", "formulas", [
    "bitAt(left, at - shift)",
    "bitAt(left, at)",
  ]),
  twin("bits", "a product ignores its lowest bit", "formulas", [
    "at < shift ? falsehood",
    "at <= shift ? falsehood",
  ]),
  twin("bits", "a product forgets what it has", "formulas", [
    "addBits(problem, [product, row], falsehood).sum",
    "addBits(problem, [row, row], falsehood).sum",
  ]),
  twin("bits", "a quotient is the other way round", "formulas", [
    "quotient[at] = carry",
    "quotient[left.length - 1 - at] = carry",
  ]),
  twin("bits", "a divisor is read one bit too wide", "formulas", [
    "[...right.map(negate), truth]",
    "[...right.map(negate), falsehood]",
  ]),
  twin("bits", "a remainder keeps what was taken", "formulas", [
    "carry, [sum, doubled])",
    "carry, [doubled, sum])",
  ]),
  twin("bits", "a carry is lost", "formulas", [
    "carry = majority(problem, a, b, carry)",
    "carry = falsehood",
  ]),
  twin("bits", "a sum forgets its carry", "formulas", [
    "exclusiveOr(problem, exclusiveOr(problem, a, b), carry)",
    "exclusiveOr(problem, a, b)",
  ]),
  twin("bits", "a shift by 2^k is one by k", "formulas", [
    "shifted[at + direction * 2 ** k]",
    "shifted[at + direction * k]",
  ]),
  twin("bits", "a shift beyond the width is none", "formulas", [
    "[bits.map(() => fill), shifted]",
    "[shifted, shifted]",
  ]),
  twin("bits", "a shift by the width is one beyond it", "formulas", [
    "2 ** k < bits.length",
    "2 ** k <= bits.length",
  ]),
  twin("bits", "a constant is read from the other end", "formulas", [".reverse()", ""]),
  twin("bits", "a choice takes the second", "formulas", [
    "choose(problem, condition, then, otherwise)",
    "choose(problem, condition, otherwise, then)",
  ]),

  twin("values", "a shift keeps no sign", "formulas", [
    'shift(1, at(left).at(-1) ?? refuse("no bit"))',
    "shift(1, falsehood)",
  ]),
  twin("values", "shifts are the other way round", "formulas", [
    "return shift(-1, falsehood)",
    "return shift(1, falsehood)",
  ]),
  twin("values", "joining is the other way round", "formulas", [
    "[...at(right), ...at(left)]",
    "[...at(left), ...at(right)]",
  ]),
  twin("values", "a part starts at the lowest bit", "formulas", [
    "slice(Number(detail), Number(detail) + width)",
    "slice(0, width)",
  ]),
  twin("values", "a remainder is a quotient", "formulas", [
    "at(right)).remainder",
    "at(right)).quotient",
  ]),
  twin("values", "a sum carries in", "formulas", [
    "addBits(problem, [at(left), at(right)], falsehood)",
    "addBits(problem, [at(left), at(right)], truth)",
  ]),
  twin("values", "exclusive or is equality", "formulas", [
    "negate(same(problem, bits))",
    "same(problem, bits)",
  ]),
  twin("values", "less is at most", "formulas", ['operator === "less")', "false)"]),
  twin("values", "at most is less", "formulas", ['operator === "less")', "true)"]),
  twin("values", "orders are the other way round", "formulas", [
    "difference(problem, right, left), operator",
    "difference(problem, left, right), operator",
  ]),
  twin("values", "vectors are equal if their first bits are", "formulas", [
    "circuits.eachBit([a, b], a.length,",
    "circuits.eachBit([a, b], 1,",
  ]),
  twin("values", "vectors are equal if all bits differ", "formulas", [
    "return negate(exclusiveOr(problem, left, right))",
    "return exclusiveOr(problem, left, right)",
  ]),
  twin("values", "symbols of bits have one variable", "formulas", [
    "Array.from({ length: width }, () => addVariable(problem))",
    "Array.from({ length: width }).fill(addVariable(problem))",
  ]),
  twin("values", "a disjunction is a conjunction", "formulas", [
    "each((bits) => or(problem, bits))",
    "each((bits) => and(problem, bits))",
  ]),
  twin("values", "not is nothing", "formulas", ["return at(left).map(negate)", "return at(left)"]),

  twin("terms", "an implication is a disjunction", "formulas", [
    'const premise = addNode(problem, "not", booleanSort, operands.slice(0, 1))',
    "const [premise = -1] = operands",
  ]),
  twin("terms", "an equality may be of two sorts", "terms", [
    '["equal", ["xx", "b", "equal"]]',
    '["equal", ["xy", "b", "equal"]]',
  ]),
  twin("terms", "a formula may be of any sort", "terms", [
    'demand(problem.nodes[node]?.sort === booleanSort, "a formula is not boolean")',
    "",
  ]),
  twin("terms", "a name may have two signatures", "terms", [
    'demand(known.signature === signature, "a name with two signatures")',
    "",
  ]),
  twin("terms", "names are one", "formulas", [
    "{ index: names.size, signature }",
    "{ index: 0, signature }",
  ]),
  twin("terms", "a value may be wider than its vector", "terms", [
    "&& value < 2n ** BigInt",
    "&& value < 3n ** BigInt",
  ]),
  twin("terms", "a part may be beyond its vector", "terms", [
    "&& high < made.width",
    "&& high <= made.width",
  ]),
  twin("terms", "a part's lowest bit is its highest", "formulas", [
    "operands, `${low}`)",
    "operands, `${high}`)",
  ]),
  twin("terms", "a denominator may be zero or negative", "terms", [
    'demand(/^[1-9]/.test(below), "a denominator is not positive")',
    "",
  ]),
  twin("terms", "a store may be at another sort", "terms", [
    'demand(made?.type === "array" && made.index === sorts[1], "store: sort of the index")',
    'demand(made?.type === "array", "")',
  ]),
  twin("terms", "a comparison takes anything", "terms", [
    'if (letter === "n") demand(',
    'if (letter === "n") void (',
  ]),
  harmless("terms", "an integer may be a fraction", "fractions have no type that carries one", [
    'demand(typeof value === "boolean", "a truth value is not a boolean");',
    'demand(typeof value === "boolean" || value === undefined, "");',
  ]),
];
