import type { Counterexample, TheoremCounterexample } from "@aethel/verifier";
import { colour } from "../terminal/colour.ts";
import { type Column, GAP, layOut, screenWidth } from "../terminal/columns.ts";
import { wrap } from "../terminal/format.ts";
import { visible } from "../terminal/visible.ts";
import { contractCase } from "./contract-case.ts";

/**
 * Draws a counterexample with the names of the source: arguments, and the state before and after.
 */
export function counterexampleTable(
  counterexample: Counterexample | TheoremCounterexample,
  width: number,
): readonly string[] {
  if ("values" in counterexample) {
    return counterexample.values.flatMap(({ name, value }) =>
      wrap(visible(`${name} = ${value.replaceAll(/\s+/g, " ")}`), width),
    );
  }
  const { contract, kind } = counterexample;
  const given = givenOf(counterexample);
  const isState = contract !== undefined && contract.signers === undefined;
  const stops = STOPPING.has(kind) && counterexample.contract === undefined;
  const lines = stateLines(changesOf(counterexample), { width, isState, stops });
  if (contract !== undefined) return [...contractCase(counterexample, width), ...lines];
  return [...(given === "" ? [] : wrap(given, width)), ...lines];
}

/** Formats the arguments that are not accounts, and the sequence: `amount = 1, sequence = 7`. */
function givenOf({ arguments: all, sequence }: Counterexample): string {
  const scalars = all
    .filter(({ type }) => type !== "Account")
    .map(({ name, value }) => `${name} = ${value}`);
  if (sequence !== undefined) scalars.push(`sequence = ${sequence}`);
  return scalars.join(", ");
}

/** Value of one field before and after. `owner` is empty if it is the same as in the row above. */
interface Change {
  readonly owner: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

function changesOf({ accounts, supplies = [], contract }: Counterexample): readonly Change[] {
  const held = accounts.flatMap(({ name, signs, before, after }) => {
    const now = new Map(Object.entries(after));
    const owner = `${describeAlias(name)}${signs ? ", signs" : ""}`;
    const fields = Object.entries(before);
    // An account that is only compared has no field, and is shown too.
    if (fields.length === 0) return [{ owner, field: "", before: "", after: "" }];
    return fields.map(([field, value], at) => ({
      owner: at === 0 ? owner : "",
      field,
      before: value ?? "",
      after: now.get(field) ?? value ?? "",
    }));
  });
  const issued = supplies.map(({ asset, before, after }, at) => ({
    owner: at === 0 ? "supply" : "",
    field: asset,
    before,
    after,
  }));
  const stored = (contract?.places ?? []).map(({ place, before, after }, at) => ({
    owner: at === 0 ? "contract" : "",
    field: place,
    before,
    after,
  }));
  return [...held, ...issued, ...stored];
}

/**
 * Explains a name such as `from = to`. The Judge gives such a name to parameters that are the same
 * account.
 */
function describeAlias(name: string): string {
  return name.includes(" = ") ? `${name} (one account)` : name;
}

/** Kinds of obligations that stop a run before its end if they fail. */
const STOPPING: ReadonlySet<string> = new Set(["range", "defined"]);

function stateLines(
  changes: readonly Change[],
  of: { readonly width: number; readonly isState: boolean; readonly stops: boolean },
): readonly string[] {
  const { width, isState, stops } = of;
  if (changes.length === 0) return [];
  if (isState) return inState(changes, width);
  const rows = changes.map(({ owner, field, before, after }) => [
    owner,
    field,
    before,
    after,
    difference(before, after),
  ]);
  const head = ["", "", "before", stops ? "where it stops" : "after", "change"];
  const widths = head.map((word, at) =>
    rows.reduce((most, row) => Math.max(most, screenWidth(row[at] ?? "")), word.length),
  );
  const total = (count: number): number =>
    widths.slice(0, count).reduce((sum, one) => sum + one, 0) + GAP * (count - 1);
  if (total(4) > width) return stacked(changes, width);
  const columns = total(5) > width ? COLUMNS.slice(0, 4) : COLUMNS;
  const painted = rows.map(([owner = "", field = "", before = "", after = "", change = ""]) => [
    owner,
    field,
    before,
    change === "" ? colour.dim(after) : colour.bold(after),
    change,
  ]);
  const headed = head.map((word) => (word === "" ? word : colour.dim(word)));
  return layOut(
    columns,
    [headed, ...painted].map((row) => row.slice(0, columns.length)),
  );
}

/** Formats a state without a call. */
function inState(changes: readonly Change[], width: number): readonly string[] {
  const rows = changes.map(({ owner, field, before }) => [owner, field, before]);
  const widths = [0, 1, 2].map((at) =>
    rows.reduce((most, row) => Math.max(most, screenWidth(row[at] ?? "")), 0),
  );
  const total = widths.reduce((sum, one) => sum + one, 0) + 2 * GAP;
  if (total > width) return rows.flatMap((row) => wrap(row.join(" ").trim(), width));
  return layOut(COLUMNS.slice(0, 3), rows);
}

const COLUMNS: readonly Column[] = [
  { align: "left" },
  { align: "left" },
  { align: "right" },
  { align: "right" },
  { align: "right" },
];

/** Formats the changes without columns, for a terminal that is too narrow for the table. */
function stacked(changes: readonly Change[], width: number): readonly string[] {
  return changes.flatMap(({ owner, field, before, after }) => {
    const change = difference(before, after);
    const numbers =
      change === ""
        ? [`  ${field} ${before}`]
        : [`  ${field} ${before}`, `    -> ${after} (${change})`];
    return [...(owner === "" ? [] : wrap(owner, width)), ...(field === "" ? [] : numbers)];
  });
}

function difference(before: string, after: string): string {
  if (before === after) return "";
  if (!/^-?\d+$/.test(before) || !/^-?\d+$/.test(after)) return "changed";
  const change = BigInt(after) - BigInt(before);
  return change > 0n ? `+${change}` : String(change);
}
