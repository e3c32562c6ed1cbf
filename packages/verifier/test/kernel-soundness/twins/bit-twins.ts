import { harmless, type Twin, twin } from "./twin.ts";

/** Wrong circuits of bit vectors, wrong values of booleans, wrong readings of terms. */
export const bitTwins: readonly Twin[] = [
  twin("bits", "less is at most", "formulas", [
    "right.map(negate), truth).at(-1)",
    "right.map(negate), falsehood).at(-1)",
  ]),
  twin("bits", "signed order is unsigned", "formulas", [
    "less(problem, flipSign(a), flipSign(b))",
    "less(problem, a, b)",
  ]),
  twin("bits", "signed order flips the lowest bit", "formulas", [
    "at === bits.length - 1 ?",
    "at === 0 ?",
  ]),
  twin("bits", "an order is the other way round", "formulas", [
    "[less(problem, a, b)]",
    "[less(problem, b, a)]",
  ]),
  twin("bits", "a product is not shifted", "formulas", [
    "left[at - i] ?? falsehood",
    "left[at] ?? falsehood",
  ]),
  twin("bits", "a product rotates", "formulas", [
    "left[at - i] ?? falsehood",
    "left.at(at - i) ?? falsehood",
  ]),
  twin("bits", "a product forgets what it has", "formulas", [
    "add(problem, product, row, falsehood)",
    "add(problem, row, row, falsehood)",
  ]),
  twin("bits", "a quotient is the other way round", "formulas", [
    "quotient[at] = fits",
    "quotient[left.length - 1 - at] = fits",
  ]),
  twin("bits", "a divisor is read one bit too wide", "formulas", [
    "[...right.map(negate), truth]",
    "[...right.map(negate), falsehood]",
  ]),
  twin("bits", "a remainder keeps what was taken", "formulas", [
    "fits, difference.slice(0, -1), doubled)",
    "fits, doubled, difference.slice(0, -1))",
  ]),
  twin("bits", "a division looks at its bits from the lowest", "formulas", [
    "[...left.keys()].reverse()",
    "[...left.keys()]",
  ]),
  twin("bits", "a carry is lost", "formulas", [
    "carry = majority(problem, a, b, carry)",
    "carry = falsehood",
  ]),
  twin("bits", "a sum forgets its carry", "formulas", [
    "exclusiveOr(problem, exclusiveOr(problem, a, b), carry)",
    "exclusiveOr(problem, a, b)",
  ]),
  twin("bits", "a sum carries in", "formulas", [
    "add(problem, a, b, falsehood).slice(0, -1)]",
    "add(problem, a, b, truth).slice(0, -1)]",
  ]),
  twin("bits", "a shift by 2^k is one by k", "formulas", [
    "shifted[at + direction * 2 ** k]",
    "shifted[at + direction * k]",
  ]),
  twin("bits", "a shift beyond the width is none", "formulas", [
    "const beyond = or(problem, by.slice(stages.length))",
    "const beyond = falsehood",
  ]),
  twin("bits", "a shift by the width is one beyond it", "formulas", [
    "by.slice(stages.length)",
    "by.slice(stages.length + 1)",
  ]),
  twin("bits", "a constant is read from the other end", "formulas", [
    "truth : falsehood)).reverse()",
    "truth : falsehood))",
  ]),
  twin("bits", "a choice takes the other", "formulas", [
    "choose(problem, condition, a, b)",
    "choose(problem, condition, b, a)",
  ]),
  twin("bits", "a shift keeps no sign", "formulas", ["a.at(-1) ?? -1)", "falsehood)"]),
  twin("bits", "shifts are the other way round", "formulas", [
    "shift(problem, a, by, -1, falsehood)",
    "shift(problem, a, by, 1, falsehood)",
  ]),
  twin("bits", "joining is the other way round", "formulas", ["[...b, ...a]", "[...a, ...b]"]),
  twin("bits", "a remainder is a quotient", "formulas", [
    "divide(problem, a, b)[1]",
    "divide(problem, a, b)[0]",
  ]),
  twin("bits", "exclusive or is or", "formulas", [
    "exclusiveOr(problem, a, b)),\n  ],",
    "or(problem, [a, b])),\n  ],",
  ]),
  twin("bits", "a disjunction is a conjunction", "formulas", [
    "(bits) => or(problem, bits)",
    "(bits) => and(problem, bits)",
  ]),
  twin("bits", "not is nothing", "formulas", ["a.map(negate)]", "a]"]),
  twin("bits", "a gate looks at the first bit only", "formulas", [
    "gate(lists.map((bits) => bitAt(bits, at)))",
    "gate(lists.map((bits) => bitAt(bits, 0)))",
  ]),
  twin("bits", "an empty conjunction has no value", "formulas", [
    "lists[0] ?? [truth]",
    "lists[0] ?? []",
  ]),

  twin("values", "a part starts at the lowest bit", "formulas", [
    "slice(Number(detail), Number(detail) + width)",
    "slice(0, width)",
  ]),
  twin("values", "vectors are equal if all bits differ", "formulas", [
    "negate(exclusiveOr(problem, c, d))",
    "exclusiveOr(problem, c, d)",
  ]),
  twin("values", "vectors are equal if their first bits are", "formulas", [
    "eachBit([a, b], ([c",
    "eachBit([a.slice(0, 1), b], ([c",
  ]),
  twin("values", "the bits of a symbol are one", "formulas", [
    "Array.from({ length: width }, () => addVariable(problem))",
    "Array.from({ length: width }).fill(addVariable(problem))",
  ]),

  twin("terms", "an implication is a disjunction", "formulas", [
    '[addNode(problem, "not", result, [first]), second]',
    "[first, second]",
  ]),
  twin("terms", "an implication is turned round", "formulas", [
    '[addNode(problem, "not", result, [first]), second]',
    '[addNode(problem, "not", result, [second]), first]',
  ]),
  twin("terms", "an equality may be of two sorts", "terms", [
    '["left right", "xx", "b", "equal"]',
    '["left right", "xy", "b", "equal"]',
  ]),
  harmless(
    "terms",
    "a formula may be of any sort",
    "the literal of a node that is not boolean is refused",
    ['demand(problem.nodes[node]?.sort === booleanSort, "a formula is not boolean")', ""],
  ),
  twin("terms", "a letter may be two sorts", "terms", [
    "if ((known.get(letter) ?? id) !== id) return undefined;",
    "",
  ]),
  twin("terms", "a letter may be any sort", "terms", [
    "if (!(kinds.get(letter) ?? [sort.type]).includes(sort.type)) return undefined;",
    "",
  ]),
  twin("terms", "operands may be missing", "terms", [
    "if (sorts.length < least || sorts.length > most) return undefined;",
    "",
  ]),
  twin("terms", "a value may be wider than its vector", "terms", [
    "&& value < end",
    "&& value <= end",
  ]),
  twin("terms", "a value may be negative", "terms", ["&& 0n <= value &&", "&&"]),
  twin("terms", "a denominator may be zero or negative", "terms", [
    'demand(/^[1-9]/.test(parts[1] ?? ""), "a denominator is not positive")',
    "",
  ]),
  twin("terms", "a store may be at another sort", "terms", [
    '["array index value", "ake", "a", "store"]',
    '["array index value", "axe", "a", "store"]',
  ]),
  twin("terms", "a type may be a list", "terms", [
    'if (typeof type !== "string" || type.includes(" ")) return undefined;',
    "",
  ]),
  twin("terms", "a function may be without operands", "terms", [
    'demand(type === "symbol" || operands.length > 0, "a function without operands")',
    "",
  ]),
  twin("terms", "names are no text", "terms", [
    'demand(typeof name === "string", "a name is not a text")',
    "",
  ]),
  twin("fold", "a term may contain itself", "terms", [
    'demand(known.has(operand) || !open.has(operand), "a term or sort contains itself");',
    "if (open.has(operand) && !known.has(operand)) known.set(operand, 0 as Result);",
  ]),

  twin("values", "less is at most", "formulas", ['operator === "less")', "false)"]),
  twin("values", "at most is less", "formulas", ['operator === "less")', "true)"]),
  twin("values", "orders are the other way round", "formulas", [
    "difference(problem, right, left), operator",
    "difference(problem, left, right), operator",
  ]),

  twin("terms", "a name may have two signatures", "terms", [
    'demand(known.signature === signature, "a name with two signatures")',
    "",
  ]),
  twin("terms", "names are one", "formulas", [
    "{ index: names.size, signature }",
    "{ index: 0, signature }",
  ]),
  twin("terms", "a part's lowest bit is its highest", "formulas", [
    "operands, `${low}`)",
    "operands, `${high}`)",
  ]),
];
