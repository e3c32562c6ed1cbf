import { count } from "@aethel/terminal";
import type { ObligationReport } from "@aethel/verifier";
import { paintVerdict } from "../terminal/colour.ts";
import { type Column, GAP, layOut, screenWidth } from "../terminal/columns.ts";
import { wrap } from "../terminal/format.ts";
import { visible } from "../terminal/visible.ts";
import type { JudgedFile } from "./report.ts";
import { MARKS } from "./summary-table.ts";

/** Kinds of obligations that only contracts have. */
const OF_CONTRACTS: ReadonlySet<string> = new Set(
  "ground initial invariant transition claim assertion exit coverage".split(" "),
);

/** Tells whether a report is on a contract. */
export function isOfContract({ obligations = [] }: JudgedFile): boolean {
  return obligations.some(({ kind }) => OF_CONTRACTS.has(kind));
}

/** Column of obligations about states, without a call. */
const STATE = "any state";

/**
 * Formats the obligations of a contract as a matrix: a line for each rule and kind, and a column for
 * each intent. Lines with failures come first. A cell has the worst verdict of its obligations, and
 * how many there are, or how many of them fail.
 */
export function contractMatrix(report: JudgedFile, width: number): readonly string[] {
  const { obligations = [] } = report;
  const columnOf = columnsOf(obligations);
  const rows = new Map<string, ObligationReport[]>();
  for (const one of obligations) {
    const name = one.subject ?? one.kind;
    rows.set(name, [...(rows.get(name) ?? []), one]);
  }
  const isFailed = (all: readonly ObligationReport[]): boolean =>
    all.some(({ verdict }) => verdict !== "valid");
  const sorted = [
    ...[...rows].filter(([, all]) => isFailed(all)),
    ...[...rows].filter(([, all]) => !isFailed(all)),
  ];
  const columns = [...new Set(obligations.map(columnOf))];
  const intents = [
    ...columns.filter((name) => name !== STATE),
    ...columns.filter((name) => name === STATE),
  ];
  const nameWidth = Math.min(
    Math.max(...sorted.map(([name]) => screenWidth(name))),
    Math.floor(width / 2),
  );
  const blocks = inBlocks(
    intents.map((name) => ({
      name,
      width: widthOf(
        name,
        sorted.map(([, all]) => all.filter((one) => columnOf(one) === name)),
      ),
    })),
    width - nameWidth,
  );
  const lines = blocks.flatMap((block, at) => {
    const head = ["", ...block.map(({ name }) => visible(name))];
    const body = sorted.map(([name, all]) => {
      const cells = block.map((column) =>
        cellOf(all.filter((one) => columnOf(one) === column.name)),
      );
      const isBad = isFailed(all);
      return [isBad ? paintVerdict(worstOf(all), visible(name)) : visible(name), ...cells];
    });
    const layout: readonly Column[] = [
      { align: "left", width: nameWidth },
      ...block.map((column): Column => ({ align: "left", width: column.width })),
    ];
    return [...(at === 0 ? [] : [""]), ...layOut(layout, [head, ...body])];
  });
  return [...lines, ...wrap(sumOf(obligations), width)];
}

/**
 * Returns a function from an obligation to its column: the intent, or that of obligations about
 * states, which have the name of the contract for an intent.
 */
function columnsOf(obligations: readonly ObligationReport[]): (one: ObligationReport) => string {
  const isOfState = ({ kind }: ObligationReport): boolean =>
    kind === "initial" || kind === "ground" || kind === "coverage";
  const contract = obligations.find(isOfState)?.intent;
  return ({ intent }) => (intent === contract ? STATE : intent);
}

function cellOf(all: readonly ObligationReport[]): string {
  if (all.length === 0) return "";
  const verdict = worstOf(all);
  const failed = all.filter((one) => one.verdict !== "valid").length;
  const number = failed === 0 ? String(all.length) : `${failed} of ${all.length}`;
  const text = all.length === 1 ? MARKS[verdict] : `${MARKS[verdict]} ${number}`;
  return paintVerdict(verdict, text);
}

function worstOf(all: readonly ObligationReport[]): ObligationReport["verdict"] {
  const verdicts = new Set(all.map(({ verdict }) => verdict));
  if (verdicts.has("refuted")) return "refuted";
  return verdicts.has("unknown") ? "unknown" : "valid";
}

/** Returns the width of a column with the given obligations in its cells. */
function widthOf(name: string, cells: readonly (readonly ObligationReport[])[]): number {
  const widths = cells.map((own) => {
    const failed = own.filter(({ verdict }) => verdict !== "valid").length;
    return 2 + (failed === 0 ? String(own.length) : `${failed} of ${own.length}`).length;
  });
  return Math.max(screenWidth(name), ...widths);
}

/** Divides columns into blocks that fit the width. Each block has at least one column. */
function inBlocks<One extends { readonly width: number }>(
  columns: readonly One[],
  width: number,
): readonly (readonly One[])[] {
  const blocks: One[][] = [];
  let left = 0;
  for (const column of columns) {
    const needed = column.width + GAP;
    const last = blocks.at(-1);
    if (last === undefined || needed > left) {
      blocks.push([column]);
      left = width - needed;
    } else {
      last.push(column);
      left -= needed;
    }
  }
  return blocks;
}

/** Says how many obligations there are, and how those that hold were shown. */
function sumOf(obligations: readonly ObligationReport[]): string {
  const valid = obligations.filter(({ verdict }) => verdict === "valid");
  const evaluated = valid.filter(({ kind }) => kind === "initial").length;
  const run = valid.filter(({ kind }) => kind === "satisfiable").length;
  const proved = valid.length - evaluated - run;
  const failed = obligations.length - valid.length;
  const parts = [
    `${proved} proved`,
    `${run} shown by a run`,
    `${evaluated} evaluated at publication`,
    ...(failed === 0 ? [] : [`${failed} not shown`]),
  ];
  return `${count(obligations.length, "obligation")}: ${parts.join(", ")}; --obligations shows each`;
}
