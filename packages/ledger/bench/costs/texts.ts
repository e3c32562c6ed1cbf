/** Arithmetic repeated until an intent has no room for more. */
export interface Arithmetic {
  /**
   * Bits of the number `w` from which the others are made; `y` and `z` have up to four times as
   * many.
   */
  readonly bits: number;
  /** The operation, in `a` (an amount), `w`, `y`, `z` (wide numbers), `p` and `q` (accounts). */
  readonly term: string;
  /** Between the terms. Default: `+`. */
  readonly joined?: "+" | "&&";
}

/** Nodes that the terms of one intent may have together, a little under the language's bound. */
const NODES = 1_900;
const STATEMENTS = 56;

/** A source that does nothing but arithmetic, as much of it as one intent can hold. */
export function arithmeticSource(of: Arithmetic): string {
  return arithmeticIntent("heavy", of);
}

/** An intent of this name that does nothing but arithmetic. */
export function arithmeticIntent(name: string, { bits, term, joined = "+" }: Arithmetic): string {
  const nodes = 1 + (term.match(/[-+*/%=<>&|]+|\b\w+\b/g)?.length ?? 1);
  const each = Math.max(1, Math.floor(NODES / nodes / STATEMENTS));
  const lets = Array.from({ length: STATEMENTS }, (_, at) => {
    const terms = Array.from({ length: each }, () => `(${term})`).join(` ${joined} `);
    return `let q${at} = ${terms};`;
  });
  return `intent ${name}(signer p: Account, q: Account, a: Amount) {
    effect { ${wideNumbers(bits)} ${lets.join(" ")} }
    verify { true; }
  }`;
}

/** `w` of so many bits, `y` about twice and `z` four times as wide. */
export function wideNumbers(bits: number): string {
  const digits = `1${"0".repeat(Math.max(1, Math.floor(bits / 3.33) - 1))}`;
  return `let w = ${digits}; let y = w * w + a; let z = y * w * w - a;`;
}

/** Texts of published intents, by what makes them dear to compile or to record. */
export const TEXTS = ["terms", "brackets", "constants", "small"] as const;

/** A source of so many intents, whose names begin with a word that no other source has. */
export function publishedSource(
  kind: number,
  { word, intents }: { readonly word: string; readonly intents: number },
): string {
  const names = Array.from({ length: intents }, (_, at) => `${word}_${at}`);
  switch (TEXTS[kind]) {
    case "brackets":
      return names.map(deepIntent).join(" ");
    case "constants":
      return `const K = 1${"0".repeat(70)}; ${names.map(wideIntent).join(" ")}`;
    case "small":
      return names
        .map((name) => `intent ${name}(signer p: Account) { verify { true; } }`)
        .join(" ");
    default:
      return names.map((name) => arithmeticIntent(name, { bits: 64, term: "a" })).join(" ");
  }
}

/** An intent whose expressions are as deep as they may be. */
export function deepIntent(name: string): string {
  const term = `${"(-".repeat(45)}a${")".repeat(45)}`;
  const lets = Array.from({ length: 20 }, (_, at) => `let q${at} = ${term};`).join("");
  return `intent ${name}(signer p: Account, a: Amount) { effect { ${lets} } verify { true; } }`;
}

/** An intent that names a constant often; its canonical text has the constant's digits instead. */
export function wideIntent(name: string): string {
  const sum = Array.from({ length: 15 }, () => "K").join("+");
  const lets = Array.from({ length: 60 }, (_, at) => `let q${at}=${sum};`).join("");
  return `intent ${name}(signer p: Account) { effect { ${lets} } verify { true; } }`;
}
