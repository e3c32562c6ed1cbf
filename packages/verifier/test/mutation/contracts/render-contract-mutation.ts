import type { Explained, Score } from "./explained-contracts.ts";

/** Returns the text of docs/contracts-mutation.md. */
export function renderContractMutation(
  scores: readonly Score[],
  survivors: readonly Explained[],
): string {
  const sum = (key: Exclude<keyof Score, "contract">): number =>
    scores.reduce((total, score) => total + score[key], 0);
  const all = sum("refuted") + sum("undecided") + sum("stricter") + sum("survived");
  const keys = ["refuted", "undecided", "stricter", "survived"] as const;
  return `# Mutants of the library of contracts

Of every intent in \`library/contracts/\` all variants that are one change away are made mechanically, on the syntax tree: a
signer or a guard dropped, a statement forgotten, a store with another sign, each number off by one, each comparison one
off, reversed or replaced, each operator replaced, and each parameter or field replaced by the next of its type
(\`test/mutation/contracts/\`). Invariants, transitions, exits and \`verify\` blocks stay: they say what is wrong.

**Of ${all} variants the Judge finds ${sum("refuted")} wrong, with a state and a call that show it.** ${sum("undecided")} it cannot decide, so it refuses them
too; of most of these the changed guard is never true. ${sum("stricter")} are stricter: their guards are shown to imply the original
ones, so they do the same or nothing. ${sum("survived")} are valid and explained below.

${table([
  ["contract", ...keys],
  ...scores.map((score) => [`\`${score.contract}\``, ...keys.map((key) => `${score[key]}`)]),
])}

Variants that do not check (a comparison of an account with an amount) are left out.

## Survivors

${table([
  ["contract", "intent", "change", "why it is valid"],
  ...survivors.map(({ contract, intent, change, why }) => [
    `\`${contract}\``,
    `\`${intent}\``,
    change.replaceAll("|", "\\|"),
    why,
  ]),
])}

Earlier versions of these contracts had more survivors, and each said what the contract did not: anybody could approve for
an owner of the treasury, a release could pay the payer, a withdrawal could pay nothing. No obligation that comes unasked
speaks of these; a transition or a \`verify\` block does, and was added.

\`AETHEL_SLOW=1 npm run unit -- --project @aethel/verifier test/contract/library-mutants\` judges all of them and compares with
this page; the normal run judges each fortieth.
`;
}

/** Returns a table whose columns are as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((cell, column) => cell.padEnd(width(column), fill)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  const rule = line(
    head.map(() => "-"),
    "-",
  );
  return [line(head, " "), rule, ...body.map((row) => line(row, " "))].join("\n");
}
