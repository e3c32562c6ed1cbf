import { type Recipe, TERMS } from "./recipe.ts";
import { wideNumbers } from "./texts.ts";

/** Parameters of an intent beside its signer and its amount, at most. */
const ACCOUNTS_MAX = 14;

/** Source of the program of a recipe; `at` tells the programs of one recipe apart. */
export function sourceOf(recipe: Recipe, at: number): string {
  const assets = Array.from({ length: recipe.assets }, (_, asset) => `G${asset}`);
  const declared = assets.map((name) => `asset ${name} issuer "${"22".repeat(32)}";`).join(" ");
  if (recipe.members === 1) return `${declared} ${intentOf(recipe, `m${at}`, assets)}`;
  const members = Array.from({ length: membersOf(recipe) }, (_, member) =>
    intentOf(recipe, `m${at}_${member}`, assets),
  );
  return `${declared} atomic_batch b${at} { ${members.join(" ")} }`;
}

/** Members of a batch: together they have 64 parameters at most. */
export function membersOf(recipe: Recipe): number {
  return Math.max(1, Math.min(recipe.members, Math.floor(64 / (2 + accountsOf(recipe)))));
}

/** Account parameters of each intent, those that are stored first. */
export function accountsOf({ stores, idle }: Recipe): number {
  return Math.min(ACCOUNTS_MAX, stores + idle);
}

function intentOf(recipe: Recipe, name: string, assets: readonly string[]): string {
  const { bits, end, stores } = recipe;
  const accounts = Array.from({ length: accountsOf(recipe) }, (_, at) => `c${at}`);
  const parameters = accounts.map((account) => `, ${account}: Account`).join("");
  const moves = accounts
    .slice(0, stores)
    .flatMap((account) => [
      `p.balance -= a; ${account}.balance += a;`,
      ...assets.map((asset) => `p.balance[${asset}] -= 0; ${account}.balance[${asset}] += 0;`),
    ]);
  const work = termsOf(recipe);
  // Statements of one block: 64, of which the wide numbers and the last take five.
  const kept = moves.slice(0, Math.floor((58 - work.length) / 2));
  const failing = end === "fault" ? "let f = 1 / (a - a);" : "";
  const guard =
    end === "guard-false" ? `guard { ${wideNumbers(bits)} ${work.join(" ")} a < 0; }` : "";
  const before = end === "guard-false" ? "" : `${wideNumbers(bits)} ${work.join(" ")}`;
  return `intent ${name}(signer p: Account, a: Amount${parameters}) {
    ${guard} effect { ${before} ${kept.join(" ")} ${failing} } verify { true; } }`;
}

/** The operation as often as the recipe says, in few statements, and within the bound on nodes. */
function termsOf({ term, repeats }: Recipe): readonly string[] {
  const text = TERMS[term] ?? "a";
  const nodes = 1 + (text.match(/[-+*/%=]+|\b\w+\b/g)?.length ?? 1);
  const count = Math.max(1, Math.min(repeats, Math.floor(1_500 / nodes)));
  const each = Math.ceil(count / 12);
  const statements = Math.ceil(count / each);
  const sum = Array.from({ length: Math.min(each, 90) }, () => `(${text})`).join(" + ");
  return Array.from({ length: statements }, (_, at) => `let q${at} = ${sum};`);
}
