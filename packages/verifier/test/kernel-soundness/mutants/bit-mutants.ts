import { equivalentMutant, type Mutant, mutant } from "./mutant.ts";

/** Wrong circuits of bit vectors, wrong values of booleans, wrong readings of terms. */
export const bitMutants: readonly Mutant[] = [
  mutant("bits", "less is at most", "formulas", [
    "right.map(negate), truth).at(-1)",
    "right.map(negate), falsehood).at(-1)",
  ]),
  mutant("bits", "signed order is unsigned", "formulas", [
    "less(problem, flipSign(a), flipSign(b))",
    "less(problem, a, b)",
  ]),
  mutant("bits", "signed order flips the lowest bit", "formulas", [
    "at === bits.length - 1 ?",
    "at === 0 ?",
  ]),
  mutant("bits", "an order is the other way round", "formulas", [
    "[less(problem, a, b)]",
    "[less(problem, b, a)]",
  ]),
  mutant("bits", "a product is not shifted", "formulas", [
    "left[at - i] ?? falsehood",
    "left[at] ?? falsehood",
  ]),
  mutant("bits", "a product rotates", "formulas", [
    "left[at - i] ?? falsehood",
    "left.at(at - i) ?? falsehood",
  ]),
  mutant("bits", "a product forgets what it has", "formulas", [
    "add(problem, product, row, falsehood)",
    "add(problem, row, row, falsehood)",
  ]),
  mutant("bits", "a quotient is the other way round", "formulas", [
    "quotient[at] = fits",
    "quotient[left.length - 1 - at] = fits",
  ]),
  mutant("bits", "a divisor is read one bit too wide", "formulas", [
    "[...right.map(negate), truth]",
    "[...right.map(negate), falsehood]",
  ]),
  mutant("bits", "a remainder keeps what was taken", "formulas", [
    "fits, difference.slice(0, -1), doubled)",
    "fits, doubled, difference.slice(0, -1))",
  ]),
  mutant("bits", "a division looks at its bits from the lowest", "formulas", [
    "[...left.keys()].reverse()",
    "[...left.keys()]",
  ]),
  mutant("bits", "a carry is lost", "formulas", [
    "carry = majority(problem, a, b, carry)",
    "carry = falsehood",
  ]),
  mutant("bits", "a sum forgets its carry", "formulas", [
    "exclusiveOr(problem, exclusiveOr(problem, a, b), carry)",
    "exclusiveOr(problem, a, b)",
  ]),
  mutant("bits", "a sum carries in", "formulas", [
    "add(problem, a, b, falsehood).slice(0, -1)]",
    "add(problem, a, b, truth).slice(0, -1)]",
  ]),
  mutant("bits", "a shift by 2^k is one by k", "formulas", [
    "shifted[at + direction * 2 ** k]",
    "shifted[at + direction * k]",
  ]),
  mutant("bits", "a shift beyond the width is none", "formulas", [
    "const beyond = or(problem, by.slice(stages.length))",
    "const beyond = falsehood",
  ]),
  mutant("bits", "a shift by the width is one beyond it", "formulas", [
    "by.slice(stages.length)",
    "by.slice(stages.length + 1)",
  ]),
  mutant("bits", "a constant is read from the other end", "formulas", [
    "truth : falsehood)).reverse()",
    "truth : falsehood))",
  ]),
  mutant("bits", "a choice takes the other", "formulas", [
    "choose(problem, condition, a, b)",
    "choose(problem, condition, b, a)",
  ]),
  mutant("bits", "a shift keeps no sign", "formulas", ["a.at(-1) ?? -1)", "falsehood)"]),
  mutant("bits", "shifts are the other way round", "formulas", [
    "shift(problem, a, by, -1, falsehood)",
    "shift(problem, a, by, 1, falsehood)",
  ]),
  mutant("bits", "joining is the other way round", "formulas", ["[...b, ...a]", "[...a, ...b]"]),
  mutant("bits", "a remainder is a quotient", "formulas", [
    "divide(problem, a, b)[1]",
    "divide(problem, a, b)[0]",
  ]),
  mutant("bits", "exclusive or is or", "formulas", [
    "exclusiveOr(problem, a, b)),\n  ],",
    "or(problem, [a, b])),\n  ],",
  ]),
  mutant("bits", "a disjunction is a conjunction", "formulas", [
    "(bits) => or(problem, bits)",
    "(bits) => and(problem, bits)",
  ]),
  mutant("bits", "not is nothing", "formulas", ["a.map(negate)]", "a]"]),
  mutant("bits", "a gate looks at the first bit only", "formulas", [
    "gate(lists.map((bits) => bitAt(bits, at)))",
    "gate(lists.map((bits) => bitAt(bits, 0)))",
  ]),
  mutant("bits", "an empty conjunction has no value", "formulas", [
    "lists[0] ?? [truth]",
    "lists[0] ?? []",
  ]),

  mutant("values", "a part starts at the lowest bit", "formulas", [
    "slice(Number(detail), Number(detail) + width)",
    "slice(0, width)",
  ]),
  mutant("values", "vectors are equal if all bits differ", "formulas", [
    "negate(exclusiveOr(problem, c, d))",
    "exclusiveOr(problem, c, d)",
  ]),
  mutant("values", "vectors are equal if their first bits are", "formulas", [
    "eachBit([a, b], ([c",
    "eachBit([a.slice(0, 1), b], ([c",
  ]),
  mutant("values", "the bits of a symbol are one", "formulas", [
    "Array.from({ length: width }, () => addVariable(problem))",
    "Array.from({ length: width }).fill(addVariable(problem))",
  ]),

  mutant("terms", "an implication is a disjunction", "formulas", [
    '[addNode(problem, "not", result, [first]), second]',
    "[first, second]",
  ]),
  mutant("terms", "an implication is turned round", "formulas", [
    '[addNode(problem, "not", result, [first]), second]',
    '[addNode(problem, "not", result, [second]), first]',
  ]),
  mutant("terms", "an equality may be of two sorts", "terms", [
    '["left right", "xx", "b", "equal"]',
    '["left right", "xy", "b", "equal"]',
  ]),
  equivalentMutant(
    "terms",
    "a formula may be of any sort",
    "the literal of a node that is not boolean is refused",
    ['demand(problem.nodes[node]?.sort === booleanSort, "a formula is not boolean")', ""],
  ),
  mutant("terms", "a letter may be two sorts", "terms", [
    "if ((known.get(letter) ?? id) !== id) return undefined;",
    "",
  ]),
  mutant("terms", "a letter may be any sort", "terms", [
    "if (!(kinds.get(letter) ?? [sort.type]).includes(sort.type)) return undefined;",
    "",
  ]),
  mutant("terms", "operands may be missing", "terms", [
    "if (sorts.length < least || sorts.length > most) return undefined;",
    "",
  ]),
  mutant("terms", "a value may be wider than its vector", "terms", [
    "&& value < end",
    "&& value <= end",
  ]),
  mutant("terms", "a value may be negative", "terms", ["&& 0n <= value &&", "&&"]),
  mutant("terms", "a denominator may be zero or negative", "terms", [
    'demand(/^[1-9]/.test(parts[1] ?? ""), "a denominator is not positive")',
    "",
  ]),
  mutant("terms", "a store may be at another sort", "terms", [
    '["array index value", "ake", "a", "store"]',
    '["array index value", "axe", "a", "store"]',
  ]),
  mutant("terms", "a type may be a list", "terms", [
    'if (typeof type !== "string" || type.includes(" ")) return undefined;',
    "",
  ]),
  mutant("terms", "a function may be without operands", "terms", [
    'demand(type === "symbol" || operands.length > 0, "a function without operands")',
    "",
  ]),
  mutant("terms", "names are no text", "terms", [
    'demand(typeof name === "string", "a name is not a text")',
    "",
  ]),
  mutant("fold", "a term may contain itself", "terms", [
    'demand(known.has(operand) || !open.has(operand), "a term or sort contains itself");',
    "if (open.has(operand) && !known.has(operand)) known.set(operand, 0 as Result);",
  ]),

  mutant("values", "less is at most", "formulas", ['operator === "less")', "false)"]),
  mutant("values", "at most is less", "formulas", ['operator === "less")', "true)"]),
  mutant("values", "orders are the other way round", "formulas", [
    "difference(problem, right, left), operator",
    "difference(problem, left, right), operator",
  ]),

  mutant("terms", "a name may have two signatures", "terms", [
    'demand(known.signature === signature, "a name with two signatures")',
    "",
  ]),
  mutant("terms", "names are one", "formulas", [
    "{ index: names.size, signature }",
    "{ index: 0, signature }",
  ]),
  mutant("terms", "a part's lowest bit is its highest", "formulas", [
    "operands, `${low}`)",
    "operands, `${high}`)",
  ]),
];
