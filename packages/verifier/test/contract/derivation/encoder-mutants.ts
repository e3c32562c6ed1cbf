import type { Change } from "./load-encoder.ts";

/** Change that makes an obligation weaker, or leaves one out. */
export interface Mutant extends Change {
  /** Fault that the change plants. */
  readonly plants: string;
}

function mutant(file: string, plants: string, [from, to]: readonly [string, string]): Mutant {
  return { file, plants, from, to };
}

/** Faults in the meaning of expressions, of states and of stores. */
const meanings: readonly Mutant[] = [
  mutant("encode-typed", "a signature of `none` counts", [
    "return and(not(equal(account, noneTerm)), select(signersTerm, account));",
    "return or(equal(account, noneTerm), select(signersTerm, account));",
  ]),
  mutant("encode-typed", "a message of `none` counts", [
    "return [and(not(equal(account, noneTerm)), isValid)];",
    "return [isValid];",
  ]),
  mutant("encode-typed", "`min` is `max`", [
    "return choose(atMost(first, second), first, second);",
    "return choose(atMost(second, first), first, second);",
  ]),
  mutant("encode-typed", "`<` is `<=`", [
    "return less(left, right);",
    "return atMost(left, right);",
  ]),
  mutant("encode-typed", "`>=` is the other way round", [
    `case ">=":
      return atMost(right, left);`,
    `case ">=":
      return atMost(left, right);`,
  ]),
  mutant("encode-typed", "records are equal if their first fields are", [
    'return operator === "==" ? and(...parts) : not(and(...parts));',
    'return operator === "==" ? and(...parts.slice(0, 1)) : not(and(...parts));',
  ]),
  mutant("encode-typed", "an `if` has its branches swapped", [
    "return chooseParts(condition, then, otherwise);",
    "return chooseParts(condition, otherwise, then);",
  ]),
  mutant("encode-typed", "`old` reads the state after the stores", [
    "const state = read.isOld ? encoding.before : encoding.now;",
    "const state = encoding.now;",
  ]),
  mutant("encode-typed", "a divisor is not checked", [
    "const goal = not(equal(divisor, integer(0n)));",
    'if (divisor.type !== "integer") return;\n  const goal = not(equal(divisor, integer(0n)));',
  ]),
  mutant("encode-typed", "keys are not checked", [
    "if (goal === undefined || isLiteralInRange(type, term)) return;",
    "return;",
  ]),
  mutant("encode-typed", "what `||` evaluates is checked where the left side holds", [
    'return operator === "||" ? within(walk, not(left)) : walk;',
    'return operator === "||" ? within(walk, left) : walk;',
  ]),
  mutant("encode-typed", "hashed numbers are not checked", [
    'if (goal === undefined) return;\n    const label = "a number that is hashed',
    'if (goal === undefined || at >= 0) return;\n    const label = "a number that is hashed',
  ]),
  mutant("encode-typed", "hashes of all records are one function", [
    'const name = of.kind === "record" ? `record.${of.name}` : of.kind;',
    "const name = of.kind;",
  ]),
  mutant("type-terms", "an amount has one bit less", [
    "return between(0n, term, amountMax);",
    "return between(0n, term, amountMax >> 1n);",
  ]),
  mutant("type-terms", "an `Int` is never negative", [
    "return between(-intMax, term, intMax);",
    "return between(0n, term, intMax);",
  ]),
  mutant("type-terms", "an enumeration lacks its last word", [
    "between(0n, term, BigInt(type.words.length - 1))",
    "between(0n, term, BigInt(type.words.length - 2))",
  ]),
  mutant("type-terms", "a cell is present if all fields differ from the default", [
    ": or(...differs);",
    ': { type: "and", operands: differs };',
  ]),
  mutant("symbolic-state", "a store of a field is one of all fields", [
    "const part = field === undefined ? value[at] : field === at ? only : undefined;",
    "const part = field === undefined ? value[at] : only;",
  ]),
  mutant("symbolic-state", "a store of the vault is forgotten", [
    "return { ...state, vaults: new Map(state.vaults).set(place.asset, only) };",
    "return state;",
  ]),
  mutant("symbolic-state", "two maps have one name", [
    "parts(`${prefix}.map.${name}`, value,",
    "parts(`${prefix}.map`, value,",
  ]),
  mutant("symbolic-store", "a sum moves by the cell as it was before the call", [
    "const old = cellAt(run.now, map, keys);",
    "const old = cellAt(run.before, map, keys);",
  ]),
  mutant("symbolic-store", "a sum of terms that may be negative is at least each of them", [
    "if (sum.isNatural) run.facts.push",
    "run.facts.push",
  ]),
  mutant("symbolic-store", "a sum is at least the new cell before it is stored", [
    "atMost(sumTerm(sum, keys, of, old), previous)",
    "atMost(sumTerm(sum, keys, of, now), previous)",
  ]),
  mutant("symbolic-store", "a store moves only the first sum over its map", [
    "if (sum?.map !== map) return total;",
    "if (sum?.map !== map || at > 0) return total;",
  ]),
  mutant("symbolic-store", "a stored number need not be in range", [
    "if (goal !== undefined) {\n      const place",
    "if (goal !== undefined) run.facts.push(goal);\n    if (goal !== undefined && at < 0) {\n      const place",
  ]),
  mutant("symbolic-store", "`none` may be paid", [
    `      demand(run, {
        kind: "defined",
        label: "nothing is stored for`,
    `      if (run.stores < 0) demand(run, {
        kind: "defined",
        label: "nothing is stored for`,
  ]),
  mutant("symbolic-store", "what the vault gains is not counted", [
    'if (place.type !== "holding" && place.type !== "vault") return;',
    'if (place.type !== "holding") return;',
  ]),
];

/** Faults in what is assumed. */
const assumptions: readonly Mutant[] = [
  mutant("assumptions", "all accounts are signers", [
    "if (isSigner) return [signedTerm(term)];",
    "return [signedTerm(term)];",
  ]),
  mutant("assumptions", "an optional account is not `none`", [
    "return isOptional ? [] : [not(equal(term, noneTerm))];",
    "return [not(equal(term, noneTerm))];",
  ]),
  mutant("assumptions", "the time is the sequence", [
    "return [sequenceRange(sequenceTerm), sequenceRange(nowTerm)];",
    "return [sequenceRange(sequenceTerm), sequenceRange(nowTerm), equal(nowTerm, sequenceTerm)];",
  ]),
  mutant("assumptions", "accounts that are equal count twice in a supply", [
    "return first === undefined || at === 0 ? all : choose(first, all, integer(0n));",
    "return first === undefined ? all : all;",
  ]),
  mutant("assumptions", "the vault counts twice in a supply", [
    "atMost(add(vault, ...held), supply)",
    "atMost(add(vault, vault, ...held), supply)",
  ]),
  mutant("assumptions", "an invariant is assumed at keys that are out of range", [
    "return under(inRange, instanceOf(rule, keys, before, touch));",
    "return instanceOf(rule, keys, before, touch);",
  ]),
  mutant("assumptions", "an invariant is assumed at a fresh key that nothing bounds", [
    "const isBound = bound.some((one) => one.isInRange !== false &&",
    "const isBound = bound.some((one) => true ||",
  ]),
  mutant("assumptions", "the second key of an invariant is the first", [
    "const key = keys[at]?.[place];",
    "const key = keys[at]?.[0];",
  ]),
  mutant("assumptions", "a sum of terms that may be negative is bounded", [
    "if ((!sum.isNatural && !isShown) || total === undefined) return [];",
    "if (total === undefined) return [];",
  ]),
  mutant("assumptions", "equal keys count twice in the bound of a sum", [
    "terms.map((term, place) => countIf(isFirst[place], term, place));",
    "terms.map((term, place) => countIf(undefined, term, place));",
  ]),
  mutant("assumptions", "a sum is more than its cells", [
    "return [atMost(add(integer(0n), ...counted), total)];",
    "return [atMost(add(integer(1n), ...counted), total)];",
  ]),
  mutant("assumptions", "cells of other rows count in a row", [
    "first === undefined || place === 0 ? inRow : and(inRow, first),",
    "first === undefined || place === 0 ? equal(row, row) : first,",
  ]),
  mutant("assumptions", "a store moves a sum the wrong way", [
    "return subtract(sumTerm(sum, keys, before, change.now), sumTerm(sum, keys, before, change.old));",
    "return subtract(sumTerm(sum, keys, before, change.old), sumTerm(sum, keys, before, change.now));",
  ]),
  mutant("sums", "sums over one map are one", [
    'return `${sum.map} ${isRow ? "row" : "all"} ${describe(sum.term, names)}`;',
    "return `${sum.map} ${isRow}`;",
  ]),
  mutant("touched", "a key counts once although another may equal it", [
    "lists.slice(0, at).map((earlier) => not(conjunction(sameKeys(keys, earlier))));",
    "lists.slice(0, Math.min(at, 1)).map((earlier) => not(conjunction(sameKeys(keys, earlier))));",
  ]),
  mutant("touched", "only the first key of a map is touched", [
    "if (!known.has(key)) known.set(key, keys);",
    "if (known.size === 0) known.set(key, keys);",
  ]),
  mutant("contract-obligation", "invariants are assumed of the cells of the state after", [
    "const facts = invariantFacts(before, rules.touch);",
    'const facts = invariantFacts({ ...before, bound: before.bound.map((one) => ({ ...one, keys: one.keys.map(() => symbol(".anyone", "integer")) })) }, rules.touch);',
  ]),
];

/** Faults in what is shown of a call. */
const calls: readonly Mutant[] = [
  mutant("symbolic-run", "a check is assumed and not shown", [
    "run.goals.push(definedGoal(check, [...run.facts, ...assumed]));",
    "",
  ]),
  mutant("symbolic-run", "a check assumes itself", [
    'return { kind: "defined", label, span, facts: [...facts, ...path], goal };',
    'return { kind: "defined", label, span, facts: [...facts, ...path, goal], goal };',
  ]),
  mutant("symbolic-run", "a demand assumes itself", [
    "run.goals.push({ ...what, facts: [...run.facts] });",
    "run.goals.push({ ...what, facts: [...run.facts, what.goal] });",
  ]),
  mutant("symbolic-run", "a check holds everywhere, not only in its branch", [
    "run.facts.push(under(check.path, check.goal));",
    "run.facts.push(check.goal);",
  ]),
  mutant("symbolic-run", "a `let` equals what is stored next", [
    "run.facts.push(equal(local, part));",
    "run.facts.push(equal(local, part), equal(part, parts[0] ?? part));",
  ]),
  mutant("symbolic-call", "a condition of `verify` is not shown", [
    '    run.goals.push({\n      kind: "postcondition",',
    '    if (run.stores < 0) run.goals.push({\n      kind: "postcondition",',
  ]),
  mutant("symbolic-call", "a condition of `verify` assumes itself", [
    "facts: [...run.facts],\n      goal: claim,",
    "facts: [...run.facts, claim],\n      goal: claim,",
  ]),
  mutant("symbolic-call", "an assertion is assumed and not shown", [
    '      demand(run, {\n        kind: "assertion",',
    '      run.facts.push(condition);\n      if (run.stores < 0) demand(run, {\n        kind: "assertion",',
  ]),
  mutant("symbolic-call", "numbers of events are not checked", [
    "if (goal === undefined) return;\n        const label = `\\`${field.name}\\` of the event",
    "if (goal === undefined || at >= 0) return;\n        const label = `\\`${field.name}\\` of the event",
  ]),
  mutant("symbolic-call", "the guards of an exit's call are assumed", [
    '    demand(run, { kind: "exit", label: "the guard holds", span: clause.span, goal });',
    "    run.facts.push(goal);",
  ]),
  mutant("symbolic-call", "arguments of an exit's call may be `none`", [
    '} else if (type.kind === "account" && !isOptional) {',
    '} else if (type.kind === "account" && !isOptional && run.stores < 0) {',
  ]),
  mutant("symbolic-call", "a signer of an exit's call need not sign", [
    "const goal = signedTerm(term);\n      demand",
    "const goal = signedTerm(term);\n      run.facts.push(goal);\n      if (run.stores < 0) demand",
  ]),
  mutant("call-goals", "the last store is not conserved", [
    "goal: equal(add(integer(0n), ...(deltas ?? [])), change),",
    "goal: equal(add(integer(0n), ...(deltas ?? []).slice(0, -1)), change),",
  ]),
  mutant("call-goals", "a supply that is issued is not counted", [
    "subtract(supplyAfter, supplyBefore)",
    "add(integer(0n), ...(deltas ?? []))",
  ]),
  mutant("call-goals", "nobody's holdings are looked at", [
    "if (after === array) return [];",
    "return [];",
  ]),
  mutant("call-goals", "authority of everybody but one", [
    "facts: [...call.facts, not(signedTerm(anyone))],\n        goal: atMost",
    "facts: [...call.facts, not(signedTerm(anyone)), equal(anyone, noneTerm)],\n        goal: atMost",
  ]),
  mutant("call-goals", "a debt may rise and not fall", [
    "isDebt ? atMost(now, old) : atMost(old, now)",
    "isDebt ? atMost(old, now) : atMost(old, now)",
  ]),
  mutant("call-goals", "a claim rises by what the holdings lose", [
    "subtract(cell(call.before, map), cell(call.after, map))",
    "subtract(cell(call.after, map), cell(call.before, map))",
  ]),
  mutant("call-goals", "a claim is kept by intents that are not exempt", [
    "promise !== undefined && !promise.unless.includes(call.intent.name)",
    "promise !== undefined && promise.unless.length === 0",
  ]),
  mutant("call-goals", "an invariant is shown of the state before", [
    "before: call.before,\n      now: call.after,",
    "before: call.before,\n      now: call.before,",
  ]),
  mutant("call-goals", "an invariant has a value without proof", [
    "goals: [...defined, { kind, label",
    "goals: [{ kind, label",
  ]),
  mutant("call-goals", "an invariant assumes itself", [
    "{ kind, label, span: rule.span, facts: call.facts, goal }",
    "{ kind, label, span: rule.span, facts: [...call.facts, goal], goal }",
  ]),
  mutant("obligations", "the first invariant is not shown", [
    "...rulesOf(terms, call).flatMap(",
    "...rulesOf(terms, call).slice(1).flatMap(",
  ]),
  mutant("obligations", "exits pay without proof", [
    "...contract.exits.flatMap((exit) => exitObligations(terms, payment(terms, exit))),",
    "",
  ]),
  mutant("obligations", "the second intent is not looked at", [
    "...contract.intents.flatMap((intent) => intentObligations(terms, intent, spend)),",
    "...contract.intents.slice(0, 1).flatMap((intent) => intentObligations(terms, intent, spend)),",
  ]),
  mutant("obligations", "a call need not be able to run", [
    "...complete([satisfiable, ...call.goals,",
    "...complete([...call.goals,",
  ]),
  mutant("obligations", "what holds after the call is assumed before it", [
    "const own: Before = { ...before, bound, touched };",
    "const own: Before = { ...before, bound, touched, state: call.after };",
  ]),
];

/** Faults in what is shown of exits and of a contract as a whole. */
const exits: readonly Mutant[] = [
  mutant("exit-terms", "an exit is read for other keys", [
    "return key === undefined ? [] : [[name, [key]]];",
    "return key === undefined ? [] : [[name, [keys[0] ?? key]]];",
  ]),
  mutant("exit-terms", "an exit owes nothing", [
    "amount: exit.keeping === undefined ? zero : encode(exit.keeping.amount),",
    "amount: zero,",
  ]),
  mutant("exit-payment", "an exit is called after second 9 alone", [
    "less(own.after, nowTerm)",
    'less(own.after, nowTerm), less({ type: "integer", value: 9n }, nowTerm)',
  ]),
  mutant("exit-payment", "everybody signs the call of an exit", [
    'exit.who === "by" ? [signedTerm(beneficiary)] : []',
    "true ? [signedTerm(beneficiary)] : []",
  ]),
  mutant("exit-payment", "an exit pays any account", [
    "select(lookUp(call.after.holdings, key), beneficiary),",
    'select(lookUp(call.after.holdings, key), locals.get("to")?.[0] ?? noneTerm),',
  ]),
  mutant("exit-payment", "a beneficiary may be `none`", [
    "goal: not(equal(beneficiary, noneTerm)),",
    "goal: truth,",
  ]),
  mutant("exit-stability", "the intents under `unless` are always exempt", [
    "before.after === undefined ? not(truth) : atMost(nowTerm, before.after)",
    "truth",
  ]),
  mutant("exit-stability", "a claim that changes its owner stands", [
    "return and(after.condition, equal(after.beneficiary, before.beneficiary), ...isDue);",
    "return and(after.condition, ...isDue);",
  ]),
  mutant("exit-stability", "a claim that is put off stands", [
    ": [atMost(after.after, before.after)];",
    ": [];",
  ]),
  mutant("exit-stability", "a claim that ends loses nothing", [
    "choose(stands(claim), whileStanding, whole)",
    "choose(stands(claim), whileStanding, zero)",
  ]),
  mutant("exit-stability", "untouched keys are not looked at", [
    "exit.forEach === undefined\n      ? []\n      : [",
    "exit.forEach !== undefined\n      ? []\n      : [",
  ]),
  mutant("exit-stability", "every touched key differs from the fresh one twice", [
    "facts: [...call.facts, ...differs],",
    "facts: [...call.facts, ...differs, ...keys.map((key) => not(equal(key, nowTerm)))],",
  ]),
  mutant("exit-stability", "a claim that rises is not new", [
    "less(before.amount, after.amount),\n  );",
    "not(truth),\n  );",
  ]),
  mutant("exit-stability", "a claim may be due a second later", [
    "atMost(now, add(nowTerm, after.within ?? zero))",
    'atMost(now, add(nowTerm, after.within ?? zero, zero, { type: "integer", value: 1n }))',
  ]),
  mutant("exit-stability", "all claims that rise pay together", [
    "...rises.map((rise) => atMost(all, add(paid, rise))),",
    "atMost(all, add(paid, ...rises)),",
  ]),
  mutant("exit-stability", "a claim is paid by one that is due later", [
    "atMost(claim.after, other.after);",
    "truth;",
  ]),
  mutant("exit-stability", "claims of the owner alone are looked at", [
    "facts: [...call.facts, not(equal(owner, noneTerm))],",
    "facts: [...call.facts, signedTerm(owner)],",
  ]),
  mutant("coverage", "no asset is held", [
    'statement.type === "store" && statement.target.type === "vault"',
    'statement.type === "store" && statement.target.type === "supply"',
  ]),
  mutant("coverage", "an exit owes any amount", [
    "return and(claim.condition, atMost(amount, claim.amount));",
    "return claim.condition;",
  ]),
  mutant("coverage", "what is counted may be negative", [
    "goal: atMost(zero, part),",
    "goal: truth,",
  ]),
  mutant("coverage", "one exit covers several scalars", [
    '...(several ? [{ type: "together", asset, rule, parts: scalars } as const] : []),',
    "",
  ]),
  mutant("coverage", "exits owe less than nothing to cover scalars", [
    "return choose(condition, choose(less(amount, zero), zero, amount), zero);",
    "return choose(condition, choose(less(amount, zero), amount, amount), zero);",
  ]),
  mutant("coverage", "any exit covers", [
    "return second === undefined ? only : or(...ways);",
    "return truth;",
  ]),
  mutant("ground", "a rule is shown of cells that are present", [
    "return part === undefined ? array : writeCell(array, keys, part);",
    "return array;",
  ]),
  mutant("ground", "invariants are assumed where they justify themselves", [
    "const obligation = completed(goal, boundFacts(before), contract.name);",
    "const obligation = completed(goal, knownOf(before), contract.name);",
  ]),
  mutant("ground", "a sum counts absent cells", [
    "const goal = equal(term, integer(0n));",
    "const goal = atMost(integer(0n), term);",
  ]),
  mutant("ground", "a sum counts at least minus one", [
    "goal: atMost(integer(0n), sumTerm(",
    "goal: atMost(integer(-1n), sumTerm(",
  ]),
];

/** Mutants of the encoder. */
export const mutants: readonly Mutant[] = [...meanings, ...assumptions, ...calls, ...exits];
