import { equivalentMutant, type Mutant, mutant } from "./mutant.ts";

/** Wrong steps: congruence (rule 5), reads, fresh indexes, arithmetic lemmas (rule 6), bytes. */
export const stepMutants: readonly Mutant[] = [
  mutant("lemma", "unknowns may be left in the sum", "lemmas", [
    "const total = constantOf(sumProducts(problem.meter, products));",
    'const sum = sumProducts(problem.meter, products); const total = constantOf(sum) ?? (sum.monomials[0] === "" ? (sum.coefficients[0] ?? 0n) : 0n);',
  ]),
  mutant("lemma", "negative unknowns may be left in the sum", "lemmas", [
    "const total = constantOf(sumProducts(problem.meter, products));",
    "const sum = sumProducts(problem.meter, products); const total = sum.coefficients.every((one) => one <= 0n) ? (sum.coefficients[0] ?? 0n) : undefined;",
  ]),
  mutant("lemma", "a product is its last hypothesis", "certificates", [
    "product = multiply(problem.meter, product, hypothesis.polynomial)",
    "product = multiply(problem.meter, factor, hypothesis.polynomial)",
  ]),
  equivalentMutant(
    "lemma",
    "a product loses its factor",
    "every summand is then a product of hypotheses, which is at least 0",
    [
      "let [product, strict, equation] = [factor, true, false]",
      "let [product, strict, equation] = [one, true, false]",
    ],
  ),

  mutant("steps", "congruence of two operators", "certificates", [
    "a.operator === b.operator && a.detail",
    "a.detail",
  ]),
  mutant("steps", "congruence of two names", "certificates", [
    "a.operator === b.operator && a.detail === b.detail",
    "a.operator === b.operator",
  ]),
  mutant("steps", "congruence of two signatures", "certificates", [
    'demand(alike[0] === alike[1], "congruence of two signatures")',
    "",
  ]),
  equivalentMutant(
    "steps",
    "congruence of other results",
    "arrays of two sorts are never compared, so one number may stand for one of each",
    ["[sort, ...operands.map", "[0, ...operands.map"],
  ),
  mutant("steps", "congruence by the first operand", "certificates", [
    "const unequal = a.operands.map(",
    "const unequal = a.operands.slice(0, 1).map(",
  ]),
  mutant("steps", "congruence whatever the operands", "certificates", [
    "[...unequal, equalLiteral(problem, left, right)]",
    "[equalLiteral(problem, left, right)]",
  ]),
  mutant("steps", "functions are one to one", "certificates", [
    "[...unequal, equalLiteral(problem, left, right)]",
    "[...unequal.map(negate), negate(equalLiteral(problem, left, right))]",
  ]),
  mutant("steps", "all arrays read alike", "certificates", [
    "negate(equalLiteral(problem, ...arrays)),",
    "",
  ]),
  mutant("steps", "different arrays read alike", "certificates", [
    "negate(equalLiteral(problem, ...arrays)),",
    "equalLiteral(problem, ...arrays),",
  ]),
  mutant("steps", "a read at an index of another sort", "certificates", [
    'demand(sort === arraySort(problem, arrays).index, "read: sort of the index")',
    "",
  ]),
  mutant("steps", "reads of arrays of two sorts", "certificates", [
    'demand(nodeAt(problem, left).sort === nodeAt(problem, right).sort, "arrays of two sorts")',
    "",
  ]),
  mutant("steps", "all arrays differ", "certificates", [
    "[equalLiteral(problem, left, right), negate(elements)]",
    "[negate(elements)]",
  ]),
  mutant("steps", "arrays that are equal somewhere are equal", "certificates", [
    "[equalLiteral(problem, left, right), negate(elements)]",
    "[equalLiteral(problem, left, right), elements]",
  ]),
  mutant("steps", "one index tells all arrays apart", "certificates", [
    "`${left} ${right}`);",
    '"");',
  ]),
  mutant("steps", "one index tells all that differ from an array apart", "certificates", [
    "`${left} ${right}`);",
    "`${left} ${left}`);",
  ]),
  mutant("steps", "a fresh index is the first node of its sort", "certificates", [
    'addNode(problem, "fresh", sort, [], `${left} ${right}`)',
    "problem.nodes.findIndex((node) => node.sort === sort)",
  ]),

  mutant("lemma", "any factor of any hypothesis", "lemmas", [
    'demand(positive || equation, "a factor that is no positive number, but no equation")',
    "",
  ]),
  mutant("lemma", "a sum of 0 contradicts", "lemmas", ["(total === 0n && above)", "total === 0n"]),
  mutant("lemma", "a weak hypothesis makes a strict sum", "lemmas", [
    "above ||= positive && strict",
    "above ||= positive",
  ]),
  mutant("lemma", "one strict hypothesis makes a product strict", "lemmas", [
    "strict &&= hypothesis.strict",
    "strict ||= hypothesis.strict",
  ]),
  mutant("lemma", "a product is strict if the last one is", "lemmas", [
    "strict &&= hypothesis.strict",
    "strict = hypothesis.strict",
  ]),
  equivalentMutant(
    "lemma",
    "a strict hypothesis with a factor makes the sum strict",
    "only an equation has such a factor, and an equation with a strict half contradicts itself",
    ["above ||= positive && strict", "above ||= strict"],
  ),
  mutant("lemma", "every hypothesis is an equation", "lemmas", [
    "equation ||= isOpposite(hypothesis.polynomial, hypotheses[index + 1]?.polynomial)",
    "equation ||= true",
  ]),
  mutant("lemma", "an opposite may have other coefficients", "lemmas", [
    " &&\n    left.coefficients.every((coefficient, at) => coefficient === -(right.coefficients[at] ?? 0n))",
    "",
  ]),
  mutant("lemma", "an opposite may have coefficients of the same sign", "lemmas", [
    "=> coefficient === -(right",
    "=> coefficient === (right",
  ]),
  mutant("lemma", "an opposite may have other monomials", "lemmas", [
    "left.monomials.every((monomial, at) => monomial === right.monomials[at]) &&",
    "",
  ]),
  mutant("lemma", "an opposite may have more monomials", "lemmas", [
    "left.monomials.length === right?.monomials.length &&",
    "right !== undefined &&",
  ]),
  mutant("lemma", "an opposite is any but for its constant", "lemmas", [
    "=> coefficient === -(right.coefficients[at] ?? 0n))",
    '=> left.monomials[at] === "" || coefficient === -(right.coefficients[at] ?? 0n))',
  ]),
  mutant("lemma", "a summand may be without hypotheses", "lemmas", [
    'demand(indexes.length > 0, "a summand without hypotheses")',
    "",
  ]),
  mutant("lemma", "a sum of 1 contradicts", "lemmas", [
    "demand(total < 0n ||",
    "demand(total <= 1n ||",
  ]),

  mutant("certify", "a lemma says that its hypotheses hold", "lemmas", [
    "addClause(problem, literals.map(negate));",
    "addClause(problem, literals);",
  ]),
  mutant("certify", "a lemma denies its first hypothesis", "laws", [
    "addClause(problem, literals.map(negate));",
    "addClause(problem, literals.slice(0, 1).map(negate));",
  ]),
  mutant("certify", "a clause need not be shown", "certificates", [
    'demand(implies(check.propagation, literals), "a clause that propagation does not show")',
    "",
  ]),
  mutant("certify", "a clause is its first literal", "certificates", [
    "return addClause(problem, literals);",
    "return addClause(problem, literals.slice(0, 1));",
  ]),
  equivalentMutant(
    "certify",
    "hypotheses may descend",
    "the product is the same; only the encoding is not unique",
    ['demand(index >= (hypotheses.at(-1) ?? 0), "hypotheses that descend")', ""],
  ),

  mutant("reader", "a monomial may occur twice", "certificates", [
    '(monomials[at - 1] ?? "") < monomial',
    '(monomials[at - 1] ?? "") <= monomial',
  ]),
  mutant("reader", "monomials in any order", "certificates", [
    'demand(ascending, "monomials that do not ascend")',
    "",
  ]),
  mutant("reader", "unknowns that do not exist", "certificates", [
    "readBelow(reader, end - unknown)",
    "readBelow(reader, 65_000)",
  ]),
  mutant("reader", "numbers beyond their range", "certificates", [
    'demand(value < end, "a number beyond its range")',
    "",
  ]),
];
