import type { Span } from "../../obligation.ts";
import type { TypedClause, TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import type { CallRun, RunMemory } from "./call-run.ts";
import { compileArguments } from "./compile-arguments.ts";
import { compileExpression } from "./compile-expression.ts";
import { CompileScope } from "./compile-scope.ts";
import { compileLet, compileStatement } from "./compile-statement.ts";
import { counted, truthIn } from "./part.ts";

/** Intent of a contract, compiled to code that runs without names. */
export interface CompiledCall {
  readonly checkArguments: (run: CallRun) => void;
  /** `let`s and conditions, in the order in which they run. */
  readonly guard: readonly CompiledClause[];
  readonly effect: readonly ((run: CallRun) => void)[];
  readonly memory: RunMemory;
  /** Units that no run exceeds whose state and clock are in the ranges of their types. */
  readonly unitsMost: number;
}

/** Compiled `let` or condition. `holds` returns true for a `let`. */
interface CompiledClause {
  readonly holds: (run: CallRun) => boolean;
  readonly span: Span;
}

/** Compiled intents. Each is kept as long as the intent that it was compiled from. */
const compiled = new WeakMap<TypedIntent, CompiledCall>();

/** Returns the compiled form of an intent of a contract; compiles it at the first call. */
export function compiledCall(contract: TypedContract, intent: TypedIntent): CompiledCall {
  const known = compiled.get(intent);
  if (known !== undefined) return known;
  const call = compileCall(contract, intent);
  compiled.set(intent, call);
  return call;
}

function compileCall(contract: TypedContract, intent: TypedIntent): CompiledCall {
  const scope = new CompileScope(contract);
  const checkArguments = compileArguments(intent, scope);
  let most = 0;
  const guard = [...intent.lets, ...intent.guard].map((clause) => {
    const { holds, most: own } = compileClause(clause, scope);
    most += own;
    return { holds, span: clause.span };
  });
  const effect = intent.effect.flatMap((statement) => {
    const step = compileStatement(statement, scope);
    most += step?.most ?? 0;
    return step?.run ?? [];
  });
  const unitsMost = most + scope.placeUnits;
  return { checkArguments, guard, effect, memory: scope.memory(), unitsMost };
}

function compileClause(
  clause: TypedClause,
  scope: CompileScope,
): { readonly holds: CompiledClause["holds"]; readonly most: number } {
  if (clause.type === "let") {
    const { run: bind, most } = compileLet(clause, scope);
    const holds: CompiledClause["holds"] = (run) => {
      bind(run);
      return true;
    };
    return { holds, most };
  }
  const part = compileExpression(clause.condition, scope);
  const code = counted(part);
  return { holds: (run) => truthIn(code(run)), most: part.lead + part.rest };
}
