import { type Twin, twin } from "./twin.ts";

/** Wrong if-then-else and arrays (rule 3), Euclid (rule 4), polynomials. */
export const numberTwins: readonly Twin[] = [
  twin("arrays", "a read of a store is what was stored", "formulas", [
    "if (at === index) return value;",
    "return value;",
  ]),
  twin("arrays", "a read of a store has its branches exchanged", "formulas", [
    "[hit, value, ...elements]",
    "[hit, ...elements, value]",
  ]),
  twin("arrays", "a read of a choice reads the first", "formulas", [
    'return addNode(problem, "if", element, [first, ...elements])',
    "return elements[0]",
  ]),
  twin("arrays", "a read of a constant array is the index", "formulas", [
    'if (operator === "constant-array") return first',
    'if (operator === "constant-array") return index',
  ]),
  twin("arrays", "reads at all indexes are one", "formulas", [
    "problem.reads.get(index)",
    "problem.reads.values().next().value",
  ]),
  twin("arrays", "what is read does not depend on the index", "formulas", [
    "[id, index])",
    "[id])",
  ]),
  twin("arrays", "a read looks through a store at an equal sort", "formulas", [
    'const hit = addNode(problem, "equal", booleanSort, [at, index]);',
    'const hit = addNode(problem, "equal", booleanSort, [at, at]);',
  ]),

  twin("numbers", "x mod 0 is x", "formulas", [
    "if (isZero === falsehood) return rest;",
    "return rest;",
  ]),
  twin("numbers", "a remainder equals the rest for 0 too", "formulas", [
    "addEquation(problem, isZero, value, rest)",
    "addEquation(problem, falsehood, value, rest)",
  ]),
  twin("numbers", "a rest is not negative for 0 too", "formulas", [
    "[zeroLiteral(problem, b), atomLiteral(problem, rest, false)]",
    "[atomLiteral(problem, rest, false)]",
  ]),
  twin("numbers", "a rest is positive", "formulas", [
    "atomLiteral(problem, rest, false)]",
    "atomLiteral(problem, rest, true)]",
  ]),
  twin("numbers", "a rest is below the divisor less one", "formulas", [
    "minus(problem, size, rest), true)",
    "minus(problem, minus(problem, size, one), rest), true)",
  ]),
  twin("numbers", "a negative divisor bounds like a positive one", "formulas", [
    "minus(problem, size, rest), true)",
    "minus(problem, b, rest), true)",
  ]),
  twin("numbers", "a divisor from 0 on is positive", "formulas", [
    "negate(atomLiteral(problem, size, true)), below",
    "negate(atomLiteral(problem, size, false)), below",
  ]),
  twin("numbers", "a rest has the sign of its divisor", "formulas", [
    "const rest = minus(problem, a, multiply(meter, b, q));\n  // `b = 0 or",
    "const rest = multiply(meter, b, minus(problem, a, multiply(meter, b, q)));\n  // `b = 0 or",
  ]),
  twin("numbers", "x / 0 times 0 is x", "formulas", [
    "addEquation(problem, zeroLiteral(problem, b), a,",
    "addEquation(problem, falsehood, a,",
  ]),
  twin("numbers", "a quotient by a negative constant loses the sign", "formulas", [
    "constant(sign * b.denominator, sign * number)",
    "constant(b.denominator, sign * number)",
  ]),
  twin("numbers", "a quotient by a fraction forgets its denominator", "formulas", [
    "constant(sign * b.denominator, sign * number)",
    "constant(sign, sign * number)",
  ]),
  twin("numbers", "a quotient by 0 is one by 1", "formulas", [
    "const number = constantOf(b) ?? 0n;",
    "const number = constantOf(b) || 1n;",
  ]),
  twin("numbers", "a fraction of integers is an integer", "formulas", [
    "r.denominator === 1n && isInteger",
    "isInteger",
  ]),
  twin("numbers", "a real is its floor", "formulas", [
    "r.denominator === 1n && isInteger(problem, r)",
    "r.denominator === 1n",
  ]),
  twin("numbers", "a floor is less, even of an integer", "formulas", [
    "minus(problem, r, n), false)",
    "minus(problem, r, n), true)",
  ]),
  twin("numbers", "a floor is rounded up", "formulas", [
    "minus(problem, r, n), false)",
    "minus(problem, n, r), false)",
  ]),
  twin("numbers", "a floor is within a half", "formulas", [
    "minus(problem, next, r), true)",
    "minus(problem, minus(problem, next, r), constant(1n, 2n)), true)",
  ]),
  twin("numbers", "a choice without its condition", "formulas", [
    "addEquation(problem, negate(condition), value, at(1))",
    "addEquation(problem, falsehood, value, at(1))",
  ]),
  twin("numbers", "a choice with its branches exchanged", "formulas", [
    "addEquation(problem, negate(condition), value, at(1));",
    "addEquation(problem, condition, value, at(1));",
  ]),
  twin("numbers", "a choice with a known condition takes the other branch", "formulas", [
    "if (condition === falsehood) return at(2)",
    "if (condition === falsehood) return at(1)",
  ]),
  twin("numbers", "unknown reals are integers", "formulas", [
    "integer: node.sort !== realSort",
    "integer: true",
  ]),
  twin("numbers", "a fraction is its numerator", "formulas", [
    "constant(BigInt(above), BigInt(below))",
    "constant(BigInt(above))",
  ]),
  twin("numbers", "a difference is a sum", "formulas", [
    "addScaled(meter, at(0), -1n, at(1))",
    "addScaled(meter, at(0), 1n, at(1))",
  ]),
  twin("numbers", "a difference is the other way round", "formulas", [
    "addScaled(meter, at(0), -1n, at(1))",
    "addScaled(meter, at(1), -1n, at(0))",
  ]),
  twin("numbers", "a sum leaves out its first operand", "formulas", [
    "addScaled(meter, sum, 1n, at(operand)), zero)",
    "operand === 0 ? sum : addScaled(meter, sum, 1n, at(operand)), zero)",
  ]),

  twin("polynomial", "a monomial's factors stand as they came", "formulas", [
    'split("").sort().join("")',
    'split("").join("")',
  ]),
  twin("polynomial", "a product forgets like monomials", "formulas", [
    "(sum.get(monomial) ?? 0n) + product",
    "product",
  ]),
  twin("polynomial", "a product forgets a denominator", "formulas", [
    "left.denominator * right.denominator,\n  );",
    "left.denominator,\n  );",
  ]),
  twin("polynomial", "a sum of fractions scales one of them", "formulas", [
    "numerator(meter, right, factors[1])",
    "numerator(meter, right, 1n)",
  ]),
  twin("polynomial", "a sum forgets the factor of what is new", "formulas", [
    "coefficient += factor * (",
    "coefficient += (takesLeft ? factor : 1n) * (",
  ]),
  twin("polynomial", "a sum takes like monomials once", "formulas", ["a <= b);", "a < b);"]),
  twin("polynomial", "the constant is any monomial alone", "formulas", [
    'monomials.length === 1 && monomials[0] === ""',
    "monomials.length === 1",
  ]),
  twin("polynomial", "lowest terms forget the denominator", "formulas", [
    "denominator: denominator / divisor",
    "denominator",
  ]),
  twin("polynomial", "a numerator is not scaled", "formulas", [
    "addScaled(meter, zero, factor,",
    "addScaled(meter, zero, 1n,",
  ]),
  twin("polynomial", "degree without bound", "pinned", [
    'bound(meter, "degree", a.length + b.length);',
    "",
  ]),
];
