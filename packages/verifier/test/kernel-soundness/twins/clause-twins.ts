import { harmless, type Twin, twin } from "./twin.ts";

const noLostProof = "says less than it may: proofs are lost, none is wrong";

/** Wrong atoms (rule 1), gates and clauses (rule 2), propagation (rule 7). */
export const clauseTwins: readonly Twin[] = [
  twin("atoms", "p > 0 over integers is p >= 0", "formulas", ["- (strict ? 1n : 0n)", "- 0n"]),
  twin("atoms", "bounds are rounded towards zero", "formulas", [
    "(offset % divisor < 0n ? 1n : 0n)",
    "0n",
  ]),
  twin("atoms", "bounds are rounded up", "formulas", [
    "- (offset % divisor < 0n ? 1n : 0n)",
    "+ (offset % divisor > 0n ? 1n : 0n)",
  ]),
  twin("atoms", "bounds lose one more where they divide", "formulas", [
    "offset % divisor < 0n",
    "offset % divisor <= 0n",
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
  twin("atoms", "the negation over integers is off by one", "formulas", [
    "addScaled(problem.meter, opposite, -1n, one)",
    "addScaled(problem.meter, opposite, -2n, one)",
  ]),
  harmless("atoms", "the negation over integers leaves no gap", noLostProof, [
    "addScaled(problem.meter, opposite, -1n, one)",
    "opposite",
  ]),
  twin("atoms", "0 > 0 is true", "formulas", ["(number === 0n && !strict)", "number === 0n"]),
  twin("atoms", "0 >= 0 is false", "formulas", ["(number === 0n && !strict)", "false"]),
  twin("atoms", "a literal's sign is lost", "formulas", [
    "return negated ? 2 * variable + 1 : 2 * variable",
    "return 2 * variable",
  ]),
  twin("atoms", "strict and weak atoms share a variable", "formulas", ['strict ? ">" : ""', '""']),
  twin("atoms", "monomials are written without their length", "formulas", [
    "${monomial.length}${monomial}",
    "${monomial}",
  ]),
  twin("atoms", "coefficients are not part of an atom's name", "formulas", [
    "${polynomial.coefficients[at]?.toString(36)}",
    "",
  ]),
  twin("atoms", "an equation is one inequality", "formulas", [
    "numerator(problem.meter, polynomial, -1n)];",
    "polynomial];",
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
  twin("atoms", "the constant of reals is dropped", "formulas", [
    "const first = integer && monomials",
    "const first = monomials",
  ]),

  twin("gates", "a conjunction implies the negation of its parts", "formulas", [
    "[negate(gate), input]",
    "[negate(gate), negate(input)]",
  ]),
  twin("gates", "a conjunction is true", "formulas", [
    "[gate, ...[...inputs].map(negate)]",
    "[gate]",
  ]),
  twin("gates", "a conjunction of opposites is true", "formulas", [
    "inputs.has(negate(literal))) return falsehood",
    "inputs.has(negate(literal))) return truth",
  ]),
  twin("gates", "an empty conjunction is false", "formulas", [
    "[first = truth, second = first]",
    "[first = falsehood, second = first]",
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
  twin("gates", "exclusive or is equality where both hold", "formulas", [
    "addClause(problem, [negate(gate), negate(a), negate(b)]);",
    "addClause(problem, [gate, negate(a), negate(b)]);",
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
  twin("problem", "a clause loses opposites instead of being true", "certificates", [
    "has(negate(literal))) return;",
    "false) return; if (has(negate(literal))) { kept.splice(kept.indexOf(negate(literal)), 1); continue; }",
  ]),
  twin("problem", "a clause loses what is true", "certificates", [
    "if (literal === truth || has(negate(literal))) return;",
    "if (has(negate(literal))) return; if (literal === truth) continue;",
  ]),
  twin("problem", "a clause has at most three literals", "formulas", [
    "problem.clauses.push(kept)",
    "problem.clauses.push(kept.slice(0, 3))",
  ]),
  twin("problem", "nodes of one operator and operands are one", "formulas", [";${detail}`", ";`"]),
  twin("problem", "nodes of two sorts are one", "formulas", [
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
  twin("problem", "sorts are one whatever their elements", "formulas", [
    'Object.values(sort).join(" ")',
    'Object.values(sort).slice(0, 2).join(" ")',
  ]),
  twin("problem", "uninterpreted sorts are one", "pinned", [
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
