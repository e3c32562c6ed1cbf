import { equivalentMutant, type Mutant, mutant, noLostProof } from "./mutant.ts";

/** Wrong if-then-else and arrays (rule 3), Euclid (rule 4), polynomials. */
export const numberMutants: readonly Mutant[] = [
  mutant("terms", "x mod 0 is x", "formulas", [
    'make("if", isZero, make("modulo", a, b), rest)',
    "rest",
  ]),
  mutant("terms", "x mod 0 is 0", "formulas", ['make("modulo", a, b), rest)', "nought, rest)"]),
  mutant("terms", "x mod 0 is a constant", "formulas", [
    'make("modulo", a, b), rest)',
    'make("modulo", b, b), rest)',
  ]),
  mutant("terms", "a remainder is zero for any divisor but 0", "formulas", [
    'make("if", isZero, make("modulo", a, b), rest)',
    'make("if", isZero, rest, make("modulo", a, b))',
  ]),
  mutant("numbers", "a rest is below the divisor less one", "formulas", [
    "atomLiteral(problem, subtract(meter, size, rest), true)",
    "atomLiteral(problem, subtract(meter, subtract(meter, size, one), rest), true)",
  ]),
  mutant("numbers", "a negative divisor bounds like a positive one", "formulas", [
    "subtract(meter, size, rest), true)",
    "subtract(meter, b, rest), true)",
  ]),
  mutant("numbers", "a rest has the sign of its dividend", "formulas", [
    "atomLiteral(problem, rest, false)]",
    "atomLiteral(problem, multiply(meter, rest, a), false)]",
  ]),
  mutant("numbers", "a floor is less, even of an integer", "formulas", [
    "atomLiteral(problem, above, false)",
    "atomLiteral(problem, above, true)",
  ]),
  mutant("numbers", "a floor is rounded up", "formulas", [
    "atomLiteral(problem, above, false)",
    "atomLiteral(problem, negative(above), false)",
  ]),
  mutant("numbers", "a floor is within a half", "formulas", [
    "subtract(problem.meter, one, above), true)",
    "subtract(problem.meter, constant(1n, 2n), above), true)",
  ]),
  mutant("numbers", "a difference is the other way round", "formulas", [
    "return subtract(meter, at(0), at(1))",
    "return subtract(meter, at(1), at(0))",
  ]),
  mutant("numbers", "a sum leaves out its first operand", "formulas", [
    "operands.map((_, operand) => [at(operand), one])",
    "operands.slice(1).map((_, operand) => [at(operand + 1), one])",
  ]),
  equivalentMutant("numbers", "an equation is one inequality", noLostProof, [
    "of [difference, negative(difference)]",
    "of [difference, difference]",
  ]),
  mutant("numbers", "all arrays are one", "formulas", [
    'case "constant-array":\n',
    'case "constant-array": return constant(0n);\n',
  ]),

  equivalentMutant("polynomial", "a monomial's factors stand as they came", noLostProof, [
    '(left + right).split("").sort().join("")',
    "left + right",
  ]),
  mutant("polynomial", "a product forgets like monomials", "formulas", [
    "before === undefined ? product : before + product",
    "product",
  ]),
  mutant("polynomial", "a sum forgets its factors", "formulas", [
    "const scaled = factor * (left",
    "const scaled = (left",
  ]),
  mutant("polynomial", "a product forgets a denominator", "formulas", [
    "const below = left.denominator * right.denominator;",
    "const below = left.denominator;",
  ]),
  mutant("polynomial", "a common denominator is the last one", "formulas", [
    "(common / commonDivisor(meter, [common, below])) * below",
    "below",
  ]),
  mutant("polynomial", "lowest terms forget the denominator", "formulas", [
    "denominator: common / divisor }",
    "denominator: common }",
  ]),
  mutant("polynomial", "the constant is any monomial alone", "formulas", [
    'monomials.length > 1 || (monomials[0] ?? "") !== ""',
    "monomials.length > 1",
  ]),
  mutant("polynomial", "a difference is a sum", "formulas", [
    "[right, minusOne],",
    "[right, one],",
  ]),
  mutant("polynomial", "the negative of a polynomial has its constant", "formulas", [
    "coefficients.map((coefficient) => -coefficient)",
    'coefficients.map((coefficient, at) => (polynomial.monomials[at] === "" ? coefficient : -coefficient))',
  ]),
  mutant("polynomial", "a divisor is that of the last number", "formulas", [
    "if (divisor === 1n) return divisor;",
    "divisor = 0n;",
  ]),
  mutant("polynomial", "degree without bound", "pinned", [
    'bound(meter, "degree", left.length + right.length);',
    "",
  ]),

  mutant("arrays", "a read of a store is what was stored", "formulas", [
    "if (at === index) return value;",
    "return value;",
  ]),
  mutant("arrays", "a read of a store has its branches exchanged", "formulas", [
    "[hit, value, ...elements]",
    "[hit, ...elements, value]",
  ]),
  mutant("arrays", "a read of a choice reads the first", "formulas", [
    'return addNode(problem, "if", element, [first, ...elements])',
    "return elements[0]",
  ]),
  mutant("arrays", "a read of a constant array is the index", "formulas", [
    'if (operator === "constant-array") return first',
    'if (operator === "constant-array") return index',
  ]),
  mutant("arrays", "reads at all indexes are one", "formulas", [
    "problem.reads.get(index)",
    "problem.reads.values().next().value",
  ]),
  mutant("arrays", "what is read does not depend on the index", "formulas", [
    "[id, index])",
    "[id])",
  ]),
  mutant("arrays", "a read looks through a store at an equal sort", "formulas", [
    'const hit = addNode(problem, "equal", booleanSort, [at, index]);',
    'const hit = addNode(problem, "equal", booleanSort, [at, at]);',
  ]),

  mutant("numbers", "a rest is not negative for 0 too", "formulas", [
    "[zeroLiteral(problem, b), atomLiteral(problem, rest, false)]",
    "[atomLiteral(problem, rest, false)]",
  ]),
  mutant("numbers", "a rest is positive", "formulas", [
    "atomLiteral(problem, rest, false)]",
    "atomLiteral(problem, rest, true)]",
  ]),
  mutant("numbers", "a divisor from 0 on is positive", "formulas", [
    "negate(atomLiteral(problem, size, true)), below",
    "negate(atomLiteral(problem, size, false)), below",
  ]),
  mutant("numbers", "x / 0 times 0 is x", "formulas", [
    "addEquation(problem, zeroLiteral(problem, b), a,",
    "addEquation(problem, falsehood, a,",
  ]),
  mutant("numbers", "a quotient by a negative constant loses the sign", "formulas", [
    "constant(sign * b.denominator, sign * number)",
    "constant(b.denominator, sign * number)",
  ]),
  mutant("numbers", "a quotient by a fraction forgets its denominator", "formulas", [
    "constant(sign * b.denominator, sign * number)",
    "constant(sign, sign * number)",
  ]),
  mutant("numbers", "a quotient by 0 is one by 1", "formulas", [
    "const number = constantOf(b) ?? 0n;",
    "const number = constantOf(b) || 1n;",
  ]),
  mutant("numbers", "a fraction of integers is an integer", "formulas", [
    "r.denominator === 1n && isInteger",
    "isInteger",
  ]),
  mutant("numbers", "a real is its floor", "formulas", [
    "r.denominator === 1n && isInteger(problem, r)",
    "r.denominator === 1n",
  ]),
  mutant("numbers", "a choice without its condition", "formulas", [
    "addEquation(problem, negate(condition), value, at(1))",
    "addEquation(problem, falsehood, value, at(1))",
  ]),
  mutant("numbers", "a choice with its branches exchanged", "formulas", [
    "addEquation(problem, negate(condition), value, at(1));",
    "addEquation(problem, condition, value, at(1));",
  ]),
  mutant("numbers", "a choice with a known condition takes the other branch", "formulas", [
    "if (condition === falsehood) return at(2)",
    "if (condition === falsehood) return at(1)",
  ]),
  mutant("numbers", "unknown reals are integers", "formulas", [
    "integer: node.sort !== realSort",
    "integer: true",
  ]),
  mutant("numbers", "a fraction is its numerator", "formulas", [
    "constant(BigInt(above), BigInt(below))",
    "constant(BigInt(above))",
  ]),
];
