import { sha256 } from "@aethel/models/primitives";
import { parseSource } from "../../language/parse/parse.ts";
import { printContract } from "../../language/print/print-contract.ts";
import type { Contract } from "../../language/syntax/contract.ts";
import type { Diagnostic } from "../../language/syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../../language/syntax/limits.ts";
import type { TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import { canonicalContract } from "./canonical.ts";
import { checkContractIntent } from "./check-intent.ts";
import { assetOf, checkExit, checkRule } from "./check-rules.ts";
import { checkState } from "./check-state.ts";
import { checkTyped } from "./check-typed.ts";
import { contractAsset, type Declarations, declare, isBasicType } from "./declare.ts";
import { fold } from "./fold.ts";
import { type ContractScope, type Declared, type Message, PLACES, type Report } from "./scope.ts";

/** Checked contract, or all its diagnostics. */
export type ContractCheck =
  | { readonly ok: true; readonly contract: TypedContract }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Checks a contract: resolves its names and types, evaluates its constants and its initial state,
 * and derives its canonical text and digest. Faults are reported in the order of the source.
 */
export function checkContract(contract: Contract): ContractCheck {
  const faults: (Omit<Diagnostic, "message"> & { readonly message: Message })[] = [];
  const report: Report = (code, span, message) => {
    faults.push({ code, span, message });
  };
  const declarations = declare(contract, report);
  foldConstants(contract, declarations.declared, report);
  const typed = checkMembers(contract, declarations, report);
  if (faults.length === 0) checkCanonical(typed, contract, report);
  if (faults.length === 0) return { ok: true, contract: typed };
  const diagnostics = faults
    .toSorted((a, b) => a.span.start.offset - b.span.start.offset)
    .slice(0, LANGUAGE_LIMITS.diagnostics)
    .map(({ code, span, message }) => ({
      code,
      span,
      message: typeof message === "string" ? message : message(),
    }));
  return { ok: false, diagnostics };
}

/**
 * Reports a contract whose canonical text exceeds a limit of the language. In that text constants
 * are replaced by their values, so it can exceed a limit that the source meets.
 */
function checkCanonical({ canonical }: TypedContract, { name }: Contract, report: Report): void {
  const read = parseSource(canonical);
  if (read.ok) return;
  const reason = read.diagnostics[0]?.message ?? "";
  report(
    "limit",
    name.span,
    `with its constants written out \`${name.text}\` is too large: ${reason}`,
  );
}

/** Evaluates the constants in their order; each may use earlier ones. Adds them to `declared`. */
function foldConstants(contract: Contract, declared: Map<string, Declared>, report: Report): void {
  const scope: ContractScope = {
    declared,
    locals: new Map(),
    permissions: PLACES.constant,
    report,
    check: checkTyped,
  };
  for (const member of contract.members) {
    if (member.type !== "constant") continue;
    const { name, value, span } = member;
    const folded = fold(value, scope);
    const isRepeated = declared.has(name.text) || isBasicType(name.text);
    if (folded === undefined || isRepeated) declared.set(name.text, { type: "faulty" });
    else if (typeof folded.value === "object" || folded.of.kind === "record") {
      report("unsupported", span, "a constant is no record: give each field a constant");
      declared.set(name.text, { type: "faulty" });
    } else declared.set(name.text, { type: "constant", value: folded.value, of: folded.of });
  }
}

function checkMembers(
  contract: Contract,
  declarations: Declarations,
  report: Report,
): TypedContract {
  const { declared } = declarations;
  const { members } = contract;
  const locals = new Map<string, never>();
  const outer: ContractScope = {
    declared,
    locals,
    permissions: PLACES.initial,
    report,
    check: checkTyped,
  };
  const states = members.filter((member) => member.type === "state");
  for (const extra of states.slice(1)) {
    report("duplicate", extra.span, "the contract has a `state` block already");
  }
  const entries = states[0]?.entries ?? [];
  checkCounts(contract, entries.length, report);
  const rules = (type: "invariant" | "transition"): TypedContract["invariants"] =>
    members.flatMap((one) => (one.type === type ? (checkRule(one, outer) ?? []) : []));
  const intents = checkIntents(contract, declarations, outer);
  const canonical = printContract(canonicalContract(contract, declared));
  const digest = sha256(new TextEncoder().encode(canonical));
  const assets = [...declared.values()]
    .flatMap((one) => (one.type === "asset" ? [one.asset] : []))
    .map((asset) => (asset.isOwn ? { ...contractAsset(asset.name, digest), isOwn: true } : asset))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return {
    name: contract.name.text,
    contract: canonicalContract(contract, declared),
    canonical,
    digest,
    assets,
    ...checkState(entries, outer),
    invariants: rules("invariant"),
    transitions: rules("transition"),
    exits: members.flatMap((one) => (one.type === "exit" ? (checkExit(one, outer) ?? []) : [])),
    uncovered: checkUncovered(contract, outer),
    intents,
  };
}

function checkCounts(contract: Contract, entries: number, report: Report): void {
  const { name, members } = contract;
  const limits = LANGUAGE_LIMITS;
  if (entries > limits.entries) {
    report("limit", name.span, `a contract has at most ${limits.entries} scalars and maps`);
  }
  const constants = members.filter(({ type }) => type === "constant" || type === "asset").length;
  if (constants > limits.constants) {
    report("limit", name.span, `a contract has at most ${limits.constants} constants and assets`);
  }
  const intents = members.filter(({ type }) => type === "intent").length;
  if (intents > limits.intents) {
    report("limit", name.span, `a contract has at most ${limits.intents} intents`);
  }
}

function checkUncovered(contract: Contract, outer: ContractScope): TypedContract["uncovered"] {
  const seen = new Set<string>();
  return contract.members.flatMap((member) => {
    if (member.type !== "uncovered") return [];
    const asset = assetOf(member.balance, outer);
    if (asset === undefined) return [];
    if (seen.has(asset)) {
      outer.report("duplicate", member.balance.span, "these holdings are named already");
    }
    seen.add(asset);
    return [{ asset, reason: member.reason.text }];
  });
}

function checkIntents(
  contract: Contract,
  { parametersOf }: Declarations,
  outer: ContractScope,
): readonly TypedIntent[] {
  const intents = contract.members.filter((member) => member.type === "intent");
  if (intents.length === 0) {
    const message = `\`${contract.name.text}\` has no intent, so nobody can call it`;
    outer.report("missing", contract.name.span, message);
  }
  return intents.map((intent) =>
    checkContractIntent(intent, parametersOf.get(intent) ?? [], outer),
  );
}
