import { assert, sha256, toHex, UNITS } from "@aethel/models/primitives";
import type { Call } from "../../language/syntax/syntax.ts";
import { encodeChecked, encodedSize, hashUnits } from "../evaluate/encode-value.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";
import { equalValues, fieldOf, none } from "../typed/values.ts";
import type { CallRun } from "./call-run.ts";
import { compileBinary } from "./compile-binary.ts";
import { compilePlace } from "./compile-place.ts";
import type { CompileScope } from "./compile-scope.ts";
import {
  type Code,
  counted,
  fieldIn,
  inOrder,
  numberIn,
  type Part,
  textIn,
  truthIn,
} from "./part.ts";
import type { PlaceKind, Slot } from "./slot.ts";
import {
  amountWidth,
  callWidth,
  clockWidth,
  either,
  noNumber,
  recordWidth,
  type ValueWidth,
  widthOfNumber,
  widthOfType,
} from "./value-width.ts";

type PlaceRead = Exclude<StateRead, { type: "sum" }>;

/**
 * Compiles an expression of a guard, effect or `let` to code that runs without names. Its value,
 * its units and the step at which it stops are those of `evaluateTyped`.
 */
export function compileExpression(typed: Typed, scope: CompileScope): Part {
  const compile = (operand: Typed): Part => compileExpression(operand, scope);
  switch (typed.type) {
    case "literal": {
      const { value } = typed;
      const width = typeof value === "bigint" ? widthOfNumber(value) : noNumber;
      return leaf(() => value, width, `#${typeof value}${String(value)}`);
    }
    case "local": {
      const { at, width } = scope.local(typed.name);
      return leaf((run) => run.local(at), width, `${at}`);
    }
    case "sequence":
      return leaf((run) => run.call.sequence, clockWidth, "sequence");
    case "now":
      return leaf((run) => run.call.now, clockWidth, "now");
    case "negate": {
      const operand = compile(typed.operand);
      const { code, width } = operand;
      return around(operand, (run) => -numberIn(code(run)), { ...width, isNatural: false });
    }
    case "not": {
      const operand = compile(typed.operand);
      const { code } = operand;
      return around(operand, (run) => !truthIn(code(run)), noNumber);
    }
    case "if":
      return compileChoice(compile(typed.condition), [
        compile(typed.consequent),
        compile(typed.alternative),
      ]);
    case "call":
      return compileCall(typed, compile);
    case "binary":
      return compileBinary(typed, compile(typed.left), compile(typed.right));
    case "project":
      return compileProjection(compile(typed.record), typed.at);
    case "record": {
      const fields = typed.fields.map(compile);
      const { codes, ...ordered } = inOrder(fields, UNITS.node);
      const code: Code = (run) => codes.map((field) => fieldIn(field(run)));
      const width = recordWidth(fields.map((field) => field.width));
      return { ...ordered, code, width, sameAs: undefined };
    }
    case "signed": {
      const account = compile(typed.account);
      const { code } = account;
      return around(account, (run) => isSigner(run.call.signers, textIn(code(run))), noNumber);
    }
    case "signed-message":
      return compileSignedMessage(typed, compile);
    case "sha256":
      return compileHash(typed, compile(typed.operand));
    case "sum":
      throw new Error("no statement that runs has a sum");
    default:
      return compileRead(typed, scope);
  }
}

function leaf(code: Code, width: ValueWidth, sameAs: string): Part {
  return { lead: UNITS.node, code, rest: 0, isPure: true, width, sameAs };
}

/** Returns a node around one operand that adds nothing but its own unit. */
function around(operand: Part, code: Code, width: ValueWidth): Part {
  return { ...operand, lead: UNITS.node + operand.lead, code, width, sameAs: undefined };
}

function compileProjection(record: Part, at: number): Part {
  const { code, width, sameAs } = record;
  const part = around(record, (run) => fieldOf(code(run), at), width.fields[at] ?? noNumber);
  return sameAs === undefined ? part : { ...part, sameAs: `${sameAs}.${at}` };
}

function compileChoice(condition: Part, branches: readonly [Part, Part]): Part {
  const { code: test } = condition;
  const [then, otherwise] = [counted(branches[0]), counted(branches[1])];
  const most = branches.map(({ lead, rest }) => lead + rest);
  return {
    lead: UNITS.node + condition.lead,
    code: (run) => (truthIn(test(run)) ? then(run) : otherwise(run)),
    rest: condition.rest + Math.max(...most),
    isPure: false,
    width: either(branches[0].width, branches[1].width),
    sameAs: undefined,
  };
}

function compileCall({ callee, operands }: Call<Typed>, compile: (one: Typed) => Part): Part {
  const parts = operands.map(compile);
  const { codes, ...ordered } = inOrder(parts, UNITS.node);
  const [first = zero, second = zero] = codes;
  const width = callWidth(
    callee,
    parts.map((part) => part.width),
  );
  return { ...ordered, code: codeOfCall(callee, first, second), width, sameAs: undefined };
}

function codeOfCall(callee: "min" | "max" | "abs", first: Code, second: Code): Code {
  switch (callee) {
    case "abs":
      return (run) => {
        const value = numberIn(first(run));
        return value < 0n ? -value : value;
      };
    case "min":
      return (run) => {
        const [a, b] = [numberIn(first(run)), numberIn(second(run))];
        return a <= b ? a : b;
      };
    case "max":
      return (run) => {
        const [a, b] = [numberIn(first(run)), numberIn(second(run))];
        return a >= b ? a : b;
      };
  }
}

const zero: Code = () => 0n;

function isSigner(signers: ReadonlySet<string>, account: string): boolean {
  return account !== none && signers.has(account);
}

function compileSignedMessage(
  typed: Extract<Typed, { type: "signed-message" }>,
  compile: (one: Typed) => Part,
): Part {
  const parts = [typed.account, typed.record, typed.signature].map(compile);
  const { codes, lead, rest } = inOrder(parts, UNITS.node);
  const [accountOf, recordOf, signatureOf] = codes;
  assert(
    accountOf !== undefined && recordOf !== undefined && signatureOf !== undefined,
    "a message has three parts",
  );
  const { of, span } = typed;
  return {
    lead,
    code: (run) => {
      const account = textIn(accountOf(run));
      const record = recordOf(run);
      const signature = textIn(signatureOf(run));
      run.spend(UNITS.signature);
      const bytes = encodeChecked(record, of, span);
      if (account === none) return false;
      if (run.call.isNewKey?.(account) === true) run.spend(UNITS.newKey);
      return run.call.isSignature({ account, name: of.name, bytes, signature });
    },
    rest: rest + UNITS.signature + UNITS.newKey,
    isPure: false,
    width: noNumber,
    sameAs: undefined,
  };
}

function compileHash({ of, span }: Extract<Typed, { type: "sha256" }>, operand: Part): Part {
  const { code, lead, rest } = operand;
  return {
    lead: UNITS.node + lead,
    code: (run) => {
      const bytes = encodeChecked(code(run), of, span);
      run.spend(hashUnits(bytes.length));
      return toHex(sha256(bytes));
    },
    rest: rest + hashUnits(encodedSize(of)),
    isPure: false,
    width: noNumber,
    sameAs: undefined,
  };
}

function compileRead(typed: PlaceRead, scope: CompileScope): Part {
  const compile = (operand: Typed): Part => compileExpression(operand, scope);
  const { kind, keys, width } = placeOfRead(typed, scope, compile);
  const { slotOf, keysOf, lead, rest, name } = compilePlace(kind, keys, {
    scope,
    span: typed.span,
  });
  const slot =
    name === undefined
      ? (run: CallRun): Slot => slotOf(run, keysOf(run))
      : (run: CallRun): Slot => run.named[name] ?? slotOf(run, keysOf(run));
  const before: Code = (run) => slot(run).before;
  const current: Code = (run) => {
    const { before: old, after } = slot(run);
    return after === undefined ? old : after;
  };
  const value = typed.isOld ? before : current;
  const absent = kind.type === "cell" ? kind.absent : undefined;
  const isThere: Code = (run) => absent === undefined || !equalValues(value(run), absent);
  const code = typed.type === "has" ? isThere : value;
  return { lead: UNITS.node + lead, code, rest, isPure: false, width, sameAs: undefined };
}

function placeOfRead(
  typed: PlaceRead,
  scope: CompileScope,
  compile: (one: Typed) => Part,
): { readonly kind: PlaceKind; readonly keys: readonly Part[]; readonly width: ValueWidth } {
  switch (typed.type) {
    case "holding": {
      const kind = scope.holdingKind(typed.field, typed.asset);
      return { kind, keys: [compile(typed.account)], width: amountWidth };
    }
    case "supply":
      return { kind: scope.supplyKind(typed.asset), keys: [], width: amountWidth };
    case "vault":
      return { kind: scope.vaultKind(typed.asset), keys: [], width: amountWidth };
    case "scalar": {
      const width = widthOfType(scope.scalar(typed.name).type);
      return { kind: scope.scalarKind(typed.name), keys: [], width };
    }
    case "cell":
    case "has": {
      const width = typed.type === "cell" ? widthOfType(scope.map(typed.map).value) : noNumber;
      return { kind: scope.cellKind(typed.map), keys: typed.keys.map(compile), width };
    }
  }
}
