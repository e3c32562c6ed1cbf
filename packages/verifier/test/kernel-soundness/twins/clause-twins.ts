import { harmless, noLostProof, type Twin, twin } from "./twin.ts";

/** Wrong atoms (rule 1), gates and clauses (rule 2), propagation (rule 7). */
export const clauseTwins: readonly Twin[] = [
  twin("atoms", "p > 0 over integers is p >= 0", "formulas", [
    "isWhole && strict ? subtract(meter, numerator, one) : numerator",
    "numerator",
  ]),
  twin("atoms", "bounds are rounded towards zero", "formulas", [
    "((offset % divisor) + divisor) % divisor",
    "offset % divisor",
  ]),
  twin("atoms", "bounds are rounded up", "formulas", [
    "((offset % divisor) + divisor) % divisor",
    "((offset % divisor) - divisor) % divisor",
  ]),
  twin("atoms", "bounds are not divided, only the rest", "formulas", [
    "rest === 0n ? given : subtract(meter, given, constant(rest))",
    "given",
  ]),
  twin("atoms", "the constant of reals is rounded too", "formulas", [
    '= isWhole && monomials[0] === "" ? coefficients',
    '= monomials[0] === "" ? coefficients',
  ]),
  twin("atoms", "strict atoms of reals are weak", "formulas", [
    "strict: strict && !isWhole",
    "strict: false",
  ]),
  twin("atoms", "the negation over integers is off by one", "formulas", [
    "subtract(problem.meter, minusOne, polynomial)",
    "subtract(problem.meter, constant(-2n), polynomial)",
  ]),
  twin("atoms", "the negation over integers leaves no gap", "formulas", [
    "subtract(problem.meter, minusOne, polynomial)",
    "negative(polynomial)",
  ]),
  twin("atoms", "the negation of what is whole is that of a real", "lemmas", [
    "if (!isWhole) return { polynomial: negative(polynomial), strict: !strict };",
    "return { polynomial: negative(polynomial), strict: false };",
  ]),
  twin("atoms", "an equation is one inequality", "formulas", [
    "const signs = [polynomial, negative(polynomial)]",
    "const signs = [polynomial]",
  ]),

  twin("gates", "a conjunction implies the negation of its parts", "formulas", [
    "push([negate(gate), input])",
    "push([negate(gate), negate(input)])",
  ]),
  twin("gates", "a conjunction is true", "formulas", [
    "push([gate, ...inputs.map(negate)])",
    "push([gate])",
  ]),
  twin("gates", "a conjunction follows from one of its parts", "formulas", [
    "push([gate, ...inputs.map(negate)])",
    "push([gate, negate(first)])",
  ]),
  twin("gates", "a conjunction of opposites is true", "formulas", [
    "if (inputs === undefined) return falsehood",
    "if (inputs === undefined) return truth",
  ]),
  twin("gates", "an empty conjunction is false", "formulas", [
    "[first = truth, second = truth]",
    "[first = falsehood, second = truth]",
  ]),
  twin("gates", "a conjunction of two is shared by all", "formulas", [
    "inputs.length === 2 ? gateKey(first, second, 0) : -1",
    "gateKey(first, second, 0)",
  ]),
  twin("gates", "exclusive or is equality where both hold", "formulas", [
    "[off, a, b], [off, notA, notB]",
    "[off, a, b], [gate, notA, notB]",
  ]),
  harmless("gates", "a conjunction need not be true", noLostProof, [
    "problem.clauses.push([gate, ...inputs.map(negate)]);",
    "",
  ]),

  twin("problem", "a clause with opposites is empty", "certificates", [
    "if (kept !== undefined) problem.clauses.push(kept)",
    "problem.clauses.push(kept ?? [])",
  ]),
  twin("problem", "a literal cancels its opposite", "certificates", [
    "kept.at(-1) === negate(literal)) return undefined",
    "false) return undefined; if (kept.at(-1) === negate(literal)) { kept.pop(); continue; }",
  ]),
  twin("problem", "what is true is left out of a clause", "certificates", [
    "if (literal === negate(neutral) || kept.at(-1)",
    "if (literal === negate(neutral)) continue; if (kept.at(-1)",
  ]),
  twin("problem", "neighbours are one literal", "formulas", [
    "kept.at(-1) !== literal) kept",
    "kept.at(-1) !== literal - 2) kept",
  ]),
  twin("problem", "a clause has at most three literals", "laws", [
    "if (kept !== undefined) problem.clauses.push(kept)",
    "if (kept !== undefined) problem.clauses.push(kept.slice(0, 3))",
  ]),

  twin("atoms", "reals are cut like integers", "formulas", [
    "?.integer !== true) return false",
    "?.integer === undefined) return false",
  ]),
  twin("atoms", "a polynomial is of integers whatever its unknowns", "formulas", [
    "at < monomial.length; at++",
    "at < 0; at++",
  ]),
  twin("atoms", "the negation of >= over reals is >=", "formulas", [
    "strict: !strict }",
    "strict }",
  ]),
  twin("atoms", "0 > 0 is true", "formulas", ["(number === 0n && !strict)", "number === 0n"]),
  twin("atoms", "0 >= 0 is false", "formulas", ["(number === 0n && !strict)", "false"]),
  twin("atoms", "a literal's sign is lost", "formulas", [
    "return negated ? 2 * variable + 1 : 2 * variable",
    "return 2 * variable",
  ]),
  twin("atoms", "strict and weak atoms share a variable", "formulas", ['strict ? ">" : ""', '""']),
  twin("atoms", "monomials are written without their length", "pinned", [
    "${monomial.length}${monomial}",
    "${monomial}",
  ]),
  twin("atoms", "coefficients are not part of an atom's name", "formulas", [
    "${polynomial.coefficients[at]?.toString(36)}",
    "",
  ]),
  twin("atoms", "an equation is a strict inequality and a weak one", "formulas", [
    "atomLiteral(problem, sign, false)),",
    "atomLiteral(problem, sign, sign === polynomial)),",
  ]),
  twin("atoms", "a literal's atom is not negated", "lemmas", [
    "literal % 2 === 0 ? atom : negateAtom(problem, atom)",
    "literal % 2 === 0 ? atom : atom",
  ]),
  twin("atoms", "the atom of a negation is strict over integers", "lemmas", [
    "literal % 2 === 0 ? atom : negateAtom(problem, atom)",
    "literal % 2 === 0 ? atom : { ...negateAtom(problem, atom), strict: true }",
  ]),
  twin("atoms", "reals are divided by more than their divisor", "formulas", [
    "(coefficient) => coefficient / divisor",
    "(coefficient) => coefficient / (divisor + 1n)",
  ]),

  twin("gates", "a disjunction does not negate its parts", "formulas", [
    "negate(and(problem, literals.map(negate)))",
    "negate(and(problem, literals))",
  ]),
  twin("gates", "exclusive or ignores a negated input", "formulas", [
    "return gate ^ odd",
    "return gate",
  ]),
  twin("gates", "exclusive or of equals is true", "formulas", [
    "return falsehood ^ odd",
    "return truth ^ odd",
  ]),
  twin("gates", "exclusive or with a constant is the other operand", "formulas", [
    "return negate(a ^ b ^ odd)",
    "return a ^ b ^ odd",
  ]),
  twin("gates", "gates of two kinds are one", "formulas", ["* 2 + kind", "* 2"]),
  twin("gates", "gates are one if their lower inputs are", "formulas", [
    "+ Math.max(left, right)) * 2",
    "+ 0) * 2",
  ]),
  twin("gates", "a choice always takes its second branch if the first is false", "formulas", [
    "and(problem, [negate(condition), otherwise])",
    "otherwise",
  ]),
  twin("gates", "a majority is a disjunction", "formulas", [
    "and(problem, [c, or(problem, [a, b])])",
    "c",
  ]),

  twin("problem", "the negation of a literal is itself", "formulas", [
    "return literal ^ 1",
    "return literal",
  ]),
  twin("problem", "nodes of one operator and operands are one", "formulas", [";${detail}`", ";`"]),
  twin("problem", "nodes of two sorts are one", "terms", [
    "return `${operator} ${sort} ",
    "return `${operator} ",
  ]),
  twin("problem", "nodes are one whatever their operands", "formulas", [
    '${operands.join(" ")};',
    "${operands.length};",
  ]),
  twin("problem", "operands are joined without a blank", "formulas", [
    '${operands.join(" ")};',
    '${operands.join("")};',
  ]),
  twin("problem", "sorts are one whatever their elements", "terms", [
    'Object.values(sort).join(" ")',
    'Object.values(sort).slice(0, 2).join(" ")',
  ]),
  twin("problem", "uninterpreted sorts are one", "terms", [
    'Object.values(sort).join(" ")',
    '(sort.type === "uninterpreted" ? "one" : Object.values(sort).join(" "))',
  ]),
  twin("problem", "unknowns without bound", "pinned", [
    'bound(problem.meter, "unknowns", problem.unknowns.length);',
    "",
  ]),

  twin("propagation", "a clause is shown by its literals, not their negations", "certificates", [
    "else assign(propagation, negate(literal))",
    "else assign(propagation, literal)",
  ]),
  twin("propagation", "what was assumed stays", "certificates", [
    "of trail.splice(start))",
    "of trail.slice(trail.length))",
  ]),
  twin("propagation", "a contradiction under assumptions stays", "certificates", [
    "propagation.looked = start;\n  propagation.contradiction = false;",
    "propagation.looked = start;",
  ]),
  twin("propagation", "a literal that is false shows a clause", "certificates", [
    "if (values[literal] === 1) propagation",
    "if (values[literal] === -1) propagation",
  ]),
  twin("propagation", "open literals of a clause are passed over", "formulas", [
    "values[clause[next] ?? truth] === -1) next++",
    "values[clause[next] ?? truth] !== 1) next++",
  ]),
  twin("propagation", "a new clause loses what is not known", "formulas", [
    "propagation.values[literal] !== -1",
    "propagation.values[literal] === 1",
  ]),
  twin("propagation", "a new clause is its first literal", "formulas", [
    "else if (second === undefined) assign",
    "else if (first !== undefined) assign",
  ]),
  twin("propagation", "an open literal contradicts", "formulas", [
    "if (values[other] === -1) propagation",
    "if (values[other] !== 1) propagation",
  ]),
  harmless("propagation", "a clause that is settled is left", noLostProof, [
    "watching[kept++] = clause;\n",
    "if (!settled) watching[kept++] = clause;\n",
  ]),
];
