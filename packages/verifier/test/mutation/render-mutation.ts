import type { survivors as explained, Score } from "./explained.ts";

/** The text of docs/mutation.md. */
export function renderMutation(scores: readonly Score[], survivors: typeof explained): string {
  const sum = (key: Exclude<keyof Score, "intent">): number =>
    scores.reduce((total, score) => total + score[key], 0);
  const wrong = sum("refuted") + sum("undecided") + sum("survived");
  const rate = ((100 * sum("refuted")) / wrong).toFixed(1);
  const claims = sum("claimsRefuted");
  const columns: readonly (readonly [string, Exclude<keyof Score, "intent">])[] = [
    ["refuted", "refuted"],
    ["undecided", "undecided"],
    ["survived", "survived"],
    ["harmless", "harmless"],
    ["claims refuted", "claimsRefuted"],
    ["claims still true", "claimsTrue"],
  ];
  return `# Mutants of the library

Of every intent in \`library/\` all variants that are one change away are made mechanically, on the syntax tree: a guard
dropped or negated, a store forgotten, done twice, or with another sign, account, field or asset, a signer dropped or
exchanged, each constant off by one, each comparison one off, reversed or replaced, each operator, operand and name
replaced (\`test/mutation/mutants.ts\`). The Judge must refute every one that is wrong.

**Of ${wrong} wrong programs the Judge refutes ${sum("refuted")}: ${rate} %.** Of ${claims + sum("claimsTrue")} changed claims ${claims} are
false and refuted, ${sum("claimsTrue")} are still true, so proved. None that was proved is shown wrong by any of 3,000 random worlds.

${table([
  ["intent", ...columns.map(([title]) => title)],
  ...scores.map((score) => [`\`${score.intent}\``, ...columns.map(([, key]) => `${score[key]}`)]),
])}

_harmless_: valid, and in 3,000 random worlds each run of the variant is a run of the original, or changes nothing: a
stricter guard, or a guard against doing nothing (\`amount > 0\`) that is gone. These are not counted as wrong. Variants that
do not compile (a supply that moves against its word) are left out.

## Survivors

${survivors.length === 0 ? noSurvivors : tableOf(survivors)}

\`AETHEL_SLOW=1 npm run unit -- --project @aethel/verifier test/mutation\` judges all of them and compares with this page; the
normal run judges each twentieth, and every one that is about a signer.
`;
}

const noSurvivors = `None. Until \`fee_transfer\` claimed its tariff, 17 variants of it with another tariff were valid: they kept
every claim, and what they did differently nothing in it spoke of. A claim fixes what it says and no more.`;

function tableOf(rows: typeof explained): string {
  return table([
    ["intent", "change", "why it is valid"],
    ...rows.map(({ intent, change, why }) => [`\`${intent}\``, change.replaceAll("|", "\\|"), why]),
  ]);
}

/** A table whose columns are as wide as their widest cell, as the formatter of this repository has it. */
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
