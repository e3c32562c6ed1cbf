import type { ObligationKind } from "../../obligation.ts";
import type {
  Place,
  TypedClause,
  TypedIntent,
  TypedLet,
  TypedStatement,
} from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import { addFact, createHistory, type Demand, factsOf, type History } from "./demand.ts";
import { type Formula, present } from "./formulas.ts";
import {
  at,
  balanceOf,
  cellOf,
  clockBounds,
  elementOf,
  inRange,
  isSomebody,
  mapOf,
  type Parts,
  partTypes,
  type State,
  type Symbols,
  signed,
  withElement,
  within,
} from "./symbols.ts";
import {
  countOf,
  type Scope,
  scopeOf,
  translate,
  translateKeys,
  translateOne,
} from "./translate.ts";

/** Message whose signature a guard demands. */
export interface GuardMessage {
  readonly account: Formula;
  readonly types: readonly { readonly kind: string }[];
  readonly record: Parts;
}

/** Run of an intent from any state, statement by statement. */
export interface Run {
  readonly symbols: Symbols;
  readonly intent: TypedIntent;
  readonly locals: Map<string, Parts>;
  now: State;
  readonly history: History;
  readonly demands: Demand[];
  /**
   * Amounts that stores add to the holdings of accounts and of the vault, by asset. Has each asset
   * whose holdings or supply are stored.
   */
  readonly moved: Map<string, Formula[]>;
  /** Assets whose holdings of accounts are stored. */
  readonly paid: Set<string>;
  /** Keys of the cells that are read or stored, by map. */
  readonly cells: Map<string, Parts[]>;
  readonly messages: GuardMessage[];
  /** Number of facts that hold after the effects. */
  ended: number;
}

/** Runs an intent with any arguments of its parameters' types, where its guards hold. */
export function runIntent(symbols: Symbols, intent: TypedIntent): Run {
  const { formulas } = symbols;
  const locals = new Map<string, Parts>();
  const facts: Formula[] = [];
  for (const { name, type, isSigner, isOptional } of intent.parameters) {
    const argument = formulas.symbol(name, type.kind === "bool" ? "boolean" : "integer");
    locals.set(name, [argument]);
    facts.push(inRange(formulas, type, argument));
    if (type.kind !== "account") continue;
    if (isSigner) facts.push(signed(symbols, argument));
    else if (!isOptional) facts.push(isSomebody(formulas, argument));
  }
  const run = startRun(symbols, intent, locals, facts);
  demandWitness(run, { intent, exit: undefined });
  for (const clause of [...intent.lets, ...intent.guard]) {
    if (clause.type === "let") takeLet(run, clause);
    else addFact(run.history, valueOf(run, clause.condition));
  }
  finishRun(run);
  return run;
}

/**
 * Runs an intent with given arguments where `facts` hold. That the arguments are in range, that
 * signers signed and that the guards hold is demanded.
 */
export function runDemanded(
  symbols: Symbols,
  intent: TypedIntent,
  of: { readonly locals: ReadonlyMap<string, Parts>; readonly facts: readonly Formula[] },
): Run {
  const { formulas } = symbols;
  const run = startRun(symbols, intent, new Map(of.locals), of.facts);
  for (const { name, type, isSigner, isOptional } of intent.parameters) {
    const argument = present(at(run.locals, name)[0], "an argument has a value");
    const goals = [inRange(formulas, type, argument)];
    if (isSigner) goals.push(signed(symbols, argument));
    else if (type.kind === "account" && !isOptional) goals.push(isSomebody(formulas, argument));
    for (const goal of goals) demand(run, "exit", `argument ${name}`, goal);
  }
  for (const clause of [...intent.lets, ...intent.guard]) {
    if (clause.type === "let") takeLet(run, clause);
    else demand(run, "exit", "the guard holds", valueOf(run, clause.condition));
  }
  finishRun(run);
  return run;
}

function startRun(
  symbols: Symbols,
  intent: TypedIntent,
  locals: Map<string, Parts>,
  facts: readonly Formula[],
): Run {
  const { formulas } = symbols;
  const clock = [symbols.sequence, symbols.now].map((one) => within(formulas, clockBounds, one));
  return {
    symbols,
    intent,
    locals,
    now: symbols.before,
    history: createHistory([...facts, ...clock]),
    demands: [],
    moved: new Map(),
    paid: new Set(),
    cells: new Map(),
    messages: [],
    ended: 0,
  };
}

function finishRun(run: Run): void {
  const { intent } = run;
  for (const clause of intent.guard) {
    if (clause.type === "condition") noteMessages(run, clause.condition);
  }
  for (const statement of intent.effect) runStatement(run, statement);
  run.ended = run.history.length;
  for (const clause of intent.verify) runVerify(run, clause);
}

/** Demands that `goal` holds here. All that follows may assume it. */
function demand(run: Run, kind: ObligationKind, rule: string, goal: Formula): void {
  const { demands, history, intent } = run;
  demands.push({
    kind,
    intent: intent.name,
    rule,
    goal,
    facts: factsOf(history),
    assumes: "state",
  });
  addFact(history, goal);
}

/** Demands that a run of the interpreter shows that a call can happen. */
function demandWitness(run: Run, witness: NonNullable<Demand["witness"]>): void {
  run.demands.push(witnessDemand(run.symbols, witness));
}

export function witnessDemand(symbols: Symbols, witness: NonNullable<Demand["witness"]>): Demand {
  const { intent, exit } = witness;
  return {
    kind: "satisfiable",
    intent: intent.name,
    rule: exit === undefined ? "a call can run" : `\`${exit.name}\` can be owed`,
    goal: symbols.formulas.truth,
    facts: factsOf(createHistory()),
    assumes: "state",
    witness,
  };
}

function scopeAt(run: Run): Scope {
  return {
    ...scopeOf(run.symbols, run.now, run.locals, run.symbols.before),
    cells: run.cells,
  };
}

/** Demands each check of a scope under its path, and adds it to the facts. */
function takeChecks(run: Run, { checks }: Scope): void {
  const { formulas } = run.symbols;
  for (const { what, path, goal } of checks) {
    run.demands.push({
      kind: "defined",
      intent: run.intent.name,
      rule: what,
      goal,
      facts: factsOf(run.history, path),
      assumes: "state",
    });
    addFact(run.history, formulas.implies(path, goal));
  }
}

function partsOf(run: Run, typed: Typed): Parts {
  const scope = scopeAt(run);
  const parts = translate(typed, scope);
  takeChecks(run, scope);
  return parts;
}

function valueOf(run: Run, typed: Typed): Formula {
  return present(partsOf(run, typed)[0], "an expression has a value");
}

function takeLet(run: Run, { name, value }: TypedLet): void {
  run.locals.set(name, partsOf(run, value));
}

function runStatement(run: Run, statement: TypedStatement): void {
  switch (statement.type) {
    case "let":
      return takeLet(run, statement);
    case "assert":
      return demand(run, "assertion", "the assertion holds", valueOf(run, statement.condition));
    case "emit": {
      const parts = partsOf(run, statement.event);
      if (statement.event.type === "record") {
        demandRanges(run, "the event", partTypes(statement.event.of), parts);
      }
      return;
    }
    case "store":
      return runStore(run, statement.target, statement.value);
  }
}

/**
 * Demands that numbers are in the ranges of the types of what stores them. Accounts, digests and
 * truth values have no range, and every expression of an enumeration is one of its words.
 */
function demandRanges(
  run: Run,
  what: string,
  types: readonly { readonly kind: string }[],
  parts: Parts,
): void {
  parts.forEach((part, place) => {
    const { kind } = present(types[place], "a stored value is of its type");
    if (kind !== "amount" && kind !== "int") return;
    const goal = inRange(run.symbols.formulas, { kind }, part);
    demand(run, "range", `${what} stays in its range`, goal);
  });
}

function runStore(run: Run, target: Place, value: Typed): void {
  const { symbols } = run;
  const { formulas, contract } = symbols;
  switch (target.type) {
    case "holding": {
      const account = valueOf(run, target.account);
      demand(run, "defined", "nothing is stored for `none`", isSomebody(formulas, account));
      const stored = valueOf(run, value);
      demandRanges(run, "the balance", [{ kind: "amount" }], [stored]);
      const name = balanceOf(target.asset);
      const array = at(run.now.holdings, name);
      addMoved(run, target.asset, formulas.subtract(stored, formulas.select(array, account)));
      run.paid.add(target.asset);
      const holdings = new Map(run.now.holdings);
      run.now = {
        ...run.now,
        holdings: holdings.set(name, formulas.store(array, account, stored)),
      };
      return;
    }
    case "vault": {
      const stored = valueOf(run, value);
      demandRanges(run, "the vault", [{ kind: "amount" }], [stored]);
      addMoved(run, target.asset, formulas.subtract(stored, at(run.now.vaults, target.asset)));
      run.now = { ...run.now, vaults: new Map(run.now.vaults).set(target.asset, stored) };
      return;
    }
    case "supply": {
      const stored = valueOf(run, value);
      demandRanges(run, "the supply", [{ kind: "amount" }], [stored]);
      if (!run.moved.has(target.asset)) run.moved.set(target.asset, []);
      run.now = { ...run.now, supplies: new Map(run.now.supplies).set(target.asset, stored) };
      return;
    }
    case "scalar": {
      const { name, field } = target;
      const stored = partsOf(run, value);
      const scalar = present(
        contract.scalars.find((one) => one.name === name),
        "a checked scalar is declared",
      );
      const parts = withField(at(run.now.scalars, name), field, stored);
      demandRanges(run, `\`${name}\``, fieldTypes(partTypes(scalar.type), field), stored);
      run.now = { ...run.now, scalars: new Map(run.now.scalars).set(name, parts) };
      return;
    }
    case "cell":
      return runCellStore(run, target, value);
  }
}

function addMoved(run: Run, asset: string, amount: Formula): void {
  run.moved.set(asset, [...(run.moved.get(asset) ?? []), amount]);
}

function fieldTypes<T>(types: readonly T[], field: number | undefined): readonly T[] {
  return field === undefined ? types : types.slice(field, field + 1);
}

function withField(parts: Parts, field: number | undefined, stored: Parts): Parts {
  if (field === undefined) return stored;
  return parts.with(field, present(stored[0], "a stored field has a value"));
}

/** Stores a cell: the cell as it stands at this store is what the sums lose. */
function runCellStore(run: Run, target: Extract<Place, { type: "cell" }>, value: Typed): void {
  const { symbols } = run;
  const { formulas, contract } = symbols;
  const { map, field } = target;
  const scope = scopeAt(run);
  const keys = translateKeys(target, scope);
  takeChecks(run, scope);
  const stored = partsOf(run, value);
  const types = partTypes(mapOf(contract, map).value);
  demandRanges(run, `\`${map}\``, fieldTypes(types, field), stored);
  const old = cellOf(symbols, run.now, map, keys);
  const cell = withField(old, field, stored);
  const arrays = at(run.now.maps, map).map((array, place) =>
    field === undefined || field === place
      ? withElement(formulas, array, keys, present(cell[place], "a cell has its fields"))
      : array,
  );
  const sums = run.now.sums.map((total, index) => {
    const { sum, isNatural } = present(symbols.sums[index], "each sum has a symbol");
    if (sum.map !== map) return total;
    const row = keys.slice(0, sum.row === undefined ? 0 : 1);
    const previous = elementOf(formulas, total, row);
    const [lost, gained] = [old, cell].map(
      (one) => countOf(symbols, sum, { keys, cell: one }).count,
    );
    const [less, more] = [present(lost, "an old cell"), present(gained, "a new cell")];
    // A sum of terms that are never negative is at least each of them.
    if (isNatural) addFact(run.history, formulas.atMost(less, previous));
    const next = formulas.add([previous, formulas.subtract(more, less)]);
    return row.length === 0 ? next : withElement(formulas, total, row, next);
  });
  run.now = { ...run.now, maps: new Map(run.now.maps).set(map, arrays), sums };
}

function runVerify(run: Run, clause: TypedClause): void {
  if (clause.type === "let") return takeLet(run, clause);
  const goal = valueOf(run, clause.condition);
  demand(run, "postcondition", "the condition of `verify` holds", goal);
}

/** Notes the messages that a guard cannot hold without. */
function noteMessages(run: Run, condition: Typed): void {
  if (condition.type === "binary" && condition.operator === "&&") {
    noteMessages(run, condition.left);
    noteMessages(run, condition.right);
  }
  if (condition.type !== "signed-message") return;
  const scope = scopeOf(run.symbols, run.symbols.before, run.locals);
  run.messages.push({
    account: translateOne(condition.account, scope),
    types: partTypes(condition.of),
    record: translate(condition.record, scope),
  });
}
