import { equivalentMutant, type Mutant, mutant, noLostProof } from "./mutant.ts";

/** Wrong atoms (rule 1), gates and clauses (rule 2), propagation (rule 7). */
export const clauseMutants: readonly Mutant[] = [
  mutant("atoms", "p > 0 over integers is p >= 0", "formulas", [
    "isWhole && strict ? subtract(meter, numerator, one) : numerator",
    "numerator",
  ]),
  mutant("atoms", "bounds are rounded towards zero", "formulas", [
    "((offset % divisor) + divisor) % divisor",
    "offset % divisor",
  ]),
  mutant("atoms", "bounds are rounded up", "formulas", [
    "((offset % divisor) + divisor) % divisor",
    "((offset % divisor) - divisor) % divisor",
  ]),
  mutant("atoms", "bounds are not divided, only the rest", "formulas", [
    "rest === 0n ? given : subtract(meter, given, constant(rest))",
    "given",
  ]),
  mutant("atoms", "the constant of reals is rounded too", "formulas", [
    '= isWhole && monomials[0] === "" ? coefficients',
    '= monomials[0] === "" ? coefficients',
  ]),
  mutant("atoms", "strict atoms of reals are weak", "formulas", [
    "strict: strict && !isWhole",
    "strict: false",
  ]),
  mutant("atoms", "the negation over integers is off by one", "formulas", [
    "subtract(problem.meter, minusOne, polynomial)",
    "subtract(problem.meter, constant(-2n), polynomial)",
  ]),
  mutant("atoms", "the negation over integers leaves no gap", "formulas", [
    "subtract(problem.meter, minusOne, polynomial)",
    "negative(polynomial)",
  ]),
  mutant("atoms", "the negation of what is whole is that of a real", "lemmas", [
    "if (!isWhole) return { polynomial: negative(polynomial), strict: !strict };",
    "return { polynomial: negative(polynomial), strict: false };",
  ]),
  mutant("atoms", "an equation is one inequality", "formulas", [
    "const signs = [polynomial, negative(polynomial)]",
    "const signs = [polynomial]",
  ]),

  mutant("gates", "a conjunction implies the negation of its parts", "formulas", [
    "push([negate(gate), input])",
    "push([negate(gate), negate(input)])",
  ]),
  mutant("gates", "a conjunction is true", "formulas", [
    "push([gate, ...inputs.map(negate)])",
    "push([gate])",
  ]),
  mutant("gates", "a conjunction follows from one of its parts", "formulas", [
    "push([gate, ...inputs.map(negate)])",
    "push([gate, negate(first)])",
  ]),
  mutant("gates", "a conjunction of opposites is true", "formulas", [
    "if (inputs === undefined) return falsehood",
    "if (inputs === undefined) return truth",
  ]),
  mutant("gates", "an empty conjunction is false", "formulas", [
    "[first = truth, second = truth]",
    "[first = falsehood, second = truth]",
  ]),
  mutant("gates", "a conjunction of two is shared by all", "formulas", [
    "inputs.length === 2 ? gateKey(first, second, 0) : -1",
    "gateKey(first, second, 0)",
  ]),
  mutant("gates", "exclusive or is equality where both hold", "formulas", [
    "[off, a, b], [off, notA, notB]",
    "[off, a, b], [gate, notA, notB]",
  ]),
  equivalentMutant("gates", "a conjunction need not be true", noLostProof, [
    "problem.clauses.push([gate, ...inputs.map(negate)]);",
    "",
  ]),

  mutant("problem", "a clause with opposites is empty", "certificates", [
    "if (kept !== undefined) problem.clauses.push(kept)",
    "problem.clauses.push(kept ?? [])",
  ]),
  mutant("problem", "a literal cancels its opposite", "certificates", [
    "kept.at(-1) === negate(literal)) return undefined",
    "false) return undefined; if (kept.at(-1) === negate(literal)) { kept.pop(); continue; }",
  ]),
  mutant("problem", "what is true is left out of a clause", "certificates", [
    "if (literal === negate(neutral) || kept.at(-1)",
    "if (literal === negate(neutral)) continue; if (kept.at(-1)",
  ]),
  mutant("problem", "neighbours are one literal", "formulas", [
    "kept.at(-1) !== literal) kept",
    "kept.at(-1) !== literal - 2) kept",
  ]),
  mutant("problem", "a clause has at most three literals", "laws", [
    "if (kept !== undefined) problem.clauses.push(kept)",
    "if (kept !== undefined) problem.clauses.push(kept.slice(0, 3))",
  ]),

  mutant("atoms", "reals are cut like integers", "formulas", [
    "?.integer !== true) return false",
    "?.integer === undefined) return false",
  ]),
  mutant("atoms", "a polynomial is of integers whatever its unknowns", "formulas", [
    "at < monomial.length; at++",
    "at < 0; at++",
  ]),
  mutant("atoms", "the negation of >= over reals is >=", "formulas", [
    "strict: !strict }",
    "strict }",
  ]),
  mutant("atoms", "0 > 0 is true", "formulas", ["(number === 0n && !strict)", "number === 0n"]),
  mutant("atoms", "0 >= 0 is false", "formulas", ["(number === 0n && !strict)", "false"]),
  mutant("atoms", "a literal's sign is lost", "formulas", [
    "return negated ? 2 * variable + 1 : 2 * variable",
    "return 2 * variable",
  ]),
  mutant("atoms", "strict and weak atoms share a variable", "formulas", [
    'strict ? ">" : ""',
    '""',
  ]),
  mutant("atoms", "monomials are written without their length", "pinned", [
    "${monomial.length}${monomial}",
    "${monomial}",
  ]),
  mutant("atoms", "coefficients are not part of an atom's name", "formulas", [
    "${polynomial.coefficients[at]?.toString(36)}",
    "",
  ]),
  mutant("atoms", "an equation is a strict inequality and a weak one", "formulas", [
    "atomLiteral(problem, sign, false)),",
    "atomLiteral(problem, sign, sign === polynomial)),",
  ]),
  mutant("atoms", "a literal's atom is not negated", "lemmas", [
    "literal % 2 === 0 ? atom : negateAtom(problem, atom)",
    "literal % 2 === 0 ? atom : atom",
  ]),
  mutant("atoms", "the atom of a negation is strict over integers", "lemmas", [
    "literal % 2 === 0 ? atom : negateAtom(problem, atom)",
    "literal % 2 === 0 ? atom : { ...negateAtom(problem, atom), strict: true }",
  ]),
  mutant("atoms", "reals are divided by more than their divisor", "formulas", [
    "(coefficient) => coefficient / divisor",
    "(coefficient) => coefficient / (divisor + 1n)",
  ]),

  mutant("gates", "a disjunction does not negate its parts", "formulas", [
    "negate(and(problem, literals.map(negate)))",
    "negate(and(problem, literals))",
  ]),
  mutant("gates", "exclusive or ignores a negated input", "formulas", [
    "return gate ^ odd",
    "return gate",
  ]),
  mutant("gates", "exclusive or of equals is true", "formulas", [
    "return falsehood ^ odd",
    "return truth ^ odd",
  ]),
  mutant("gates", "exclusive or with a constant is the other operand", "formulas", [
    "return negate(a ^ b ^ odd)",
    "return a ^ b ^ odd",
  ]),
  mutant("gates", "gates of two kinds are one", "formulas", ["* 2 + kind", "* 2"]),
  mutant("gates", "gates are one if their lower inputs are", "formulas", [
    "+ Math.max(left, right)) * 2",
    "+ 0) * 2",
  ]),
  mutant("gates", "a choice always takes its second branch if the first is false", "formulas", [
    "and(problem, [negate(condition), otherwise])",
    "otherwise",
  ]),
  mutant("gates", "a majority is a disjunction", "formulas", [
    "and(problem, [c, or(problem, [a, b])])",
    "c",
  ]),

  mutant("problem", "the negation of a literal is itself", "formulas", [
    "return literal ^ 1",
    "return literal",
  ]),
  mutant("problem", "nodes of one operator and operands are one", "formulas", [
    ";${detail}`",
    ";`",
  ]),
  mutant("problem", "nodes of two sorts are one", "terms", [
    "return `${operator} ${sort} ",
    "return `${operator} ",
  ]),
  mutant("problem", "nodes are one whatever their operands", "formulas", [
    '${operands.join(" ")};',
    "${operands.length};",
  ]),
  mutant("problem", "operands are joined without a blank", "formulas", [
    '${operands.join(" ")};',
    '${operands.join("")};',
  ]),
  mutant("problem", "sorts are one whatever their elements", "terms", [
    'Object.values(sort).join(" ")',
    'Object.values(sort).slice(0, 2).join(" ")',
  ]),
  mutant("problem", "uninterpreted sorts are one", "terms", [
    'Object.values(sort).join(" ")',
    '(sort.type === "uninterpreted" ? "one" : Object.values(sort).join(" "))',
  ]),
  mutant("problem", "unknowns without bound", "pinned", [
    'bound(problem.meter, "unknowns", problem.unknowns.length);',
    "",
  ]),

  mutant("propagation", "a clause is shown by its literals, not their negations", "certificates", [
    "else assign(propagation, negate(literal))",
    "else assign(propagation, literal)",
  ]),
  mutant("propagation", "what was assumed stays", "certificates", [
    "of trail.splice(start))",
    "of trail.slice(trail.length))",
  ]),
  mutant("propagation", "a contradiction under assumptions stays", "certificates", [
    "propagation.looked = start;\n  propagation.contradiction = false;",
    "propagation.looked = start;",
  ]),
  mutant("propagation", "a literal that is false shows a clause", "certificates", [
    "if (values[literal] === 1) propagation",
    "if (values[literal] === -1) propagation",
  ]),
  mutant("propagation", "open literals of a clause are passed over", "formulas", [
    "values[clause[next] ?? truth] === -1) next++",
    "values[clause[next] ?? truth] !== 1) next++",
  ]),
  mutant("propagation", "a new clause loses what is not known", "formulas", [
    "propagation.values[literal] !== -1",
    "propagation.values[literal] === 1",
  ]),
  mutant("propagation", "a new clause is its first literal", "formulas", [
    "else if (second === undefined) assign",
    "else if (first !== undefined) assign",
  ]),
  mutant("propagation", "an open literal contradicts", "formulas", [
    "if (values[other] === -1) propagation",
    "if (values[other] !== 1) propagation",
  ]),
  equivalentMutant("propagation", "a clause that is settled is left", noLostProof, [
    "watching[kept++] = clause;\n",
    "if (!settled) watching[kept++] = clause;\n",
  ]),
];
