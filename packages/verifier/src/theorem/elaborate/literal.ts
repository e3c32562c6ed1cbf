import type { Environment } from "../environment/environment.ts";
import type { TypedTerm } from "../graph/typed-term.ts";
import { wordsOf } from "../growth/size.ts";
import { type Atom, ScreenError } from "../syntax/s-expression.ts";

/** Reads a numeral, decimal, bit pattern or string. */
export function readLiteral(environment: Environment, atom: Atom): TypedTerm {
  switch (atom.type) {
    case "numeral":
      return numeral(environment, atom.text, atom.at);
    case "decimal":
      return decimal(environment, atom.text, atom.at);
    case "bits":
      return bits(environment, atom);
    case "string":
      return text(environment, atom);
    default:
      throw new ScreenError("shape", `${atom.text} where a term is needed`, atom.at);
  }
}

/**
 * Reads `-5` and `-0.5`, which are symbols in SMT-LIB. Tools write them for `(- 5)` and `(- 0.5)`.
 * Undefined for any other symbol.
 */
export function readNegative(environment: Environment, atom: Atom): TypedTerm | undefined {
  const digits = /^-([0-9]+(?:\.[0-9]+)?)$/.exec(atom.text)?.[1];
  if (digits === undefined || atom.type !== "symbol") return undefined;
  const type = digits.includes(".") ? "decimal" : "numeral";
  return negative(environment, readLiteral(environment, { type, text: digits, at: atom.at }));
}

/**
 * Returns a numeric literal with the opposite sign. Undefined if the term is no numeric literal.
 */
export function negative(
  environment: Environment,
  { operator, sort }: TypedTerm,
  at = 0,
): TypedTerm | undefined {
  const { graph } = environment;
  if (operator.type === "integer") {
    graph.spend(Math.floor(wordsOf(operator.value)), at);
    return graph.make({ ...operator, value: -operator.value }, [], sort, at);
  }
  if (operator.type !== "real") return undefined;
  graph.spend(Math.floor(wordsOf(operator.numerator) + wordsOf(operator.denominator)), at);
  return graph.make({ ...operator, numerator: -operator.numerator }, [], sort, at);
}

/**
 * Returns the quotient of two real literals. A short script could build ever longer literals from
 * named ones, so the result must not have more digits than a literal may.
 *
 * @throws ScreenError `numeral`.
 */
export function quotient(
  environment: Environment,
  dividend: RealLiteral,
  divisor: RealLiteral,
  at: number,
): TypedTerm {
  const digits = Math.max(
    hexDigits(dividend.numerator) + hexDigits(divisor.denominator),
    hexDigits(dividend.denominator) + hexDigits(divisor.numerator),
  );
  if (digits > environment.limits.numeralDigits) {
    throw new ScreenError(
      "numeral",
      `this quotient has ${digits} digits; at most ${environment.limits.numeralDigits} are allowed`,
      at,
    );
  }
  environment.graph.spend(Math.floor(digits / 16), at);
  const sign = divisor.numerator < 0n ? -1n : 1n;
  const numerator = sign * dividend.numerator * divisor.denominator;
  return rational(environment, numerator, sign * dividend.denominator * divisor.numerator, at);
}

type RealLiteral = { readonly numerator: bigint; readonly denominator: bigint };

function hexDigits(value: bigint): number {
  return value.toString(16).length;
}

/** Returns the term of a real constant. */
export function rational(
  { graph, sorts }: Environment,
  numerator: bigint,
  denominator: bigint,
  at: number,
): TypedTerm {
  return graph.make({ type: "real", numerator, denominator }, [], sorts.plain("Real"), at);
}

function numeral(environment: Environment, digits: string, at: number): TypedTerm {
  requireDigits(environment, digits, at);
  const value = BigInt(digits);
  if (environment.numeralsAreReal) return rational(environment, value, 1n, at);
  const { graph, sorts } = environment;
  return graph.make({ type: "integer", value }, [], sorts.plain("Int"), at);
}

function decimal(environment: Environment, digits: string, at: number): TypedTerm {
  requireDigits(environment, digits, at);
  const [whole = "", decimals = ""] = digits.split(".");
  let places = decimals.length;
  while (places > 0 && decimals.charAt(places - 1) === "0") places--;
  const fraction = decimals.slice(0, places);
  return rational(environment, BigInt(whole + fraction), 10n ** BigInt(fraction.length), at);
}

function requireDigits({ limits }: Environment, digits: string, at: number): void {
  if (digits.length <= limits.numeralDigits) return;
  throw new ScreenError(
    "numeral",
    `this numeral has ${digits.length} digits; at most ${limits.numeralDigits} are allowed`,
    at,
  );
}

function bits({ graph, sorts, limits }: Environment, atom: Atom): TypedTerm {
  const perDigit = atom.text.startsWith("#x") ? 4 : 1;
  const width = (atom.text.length - 2) * perDigit;
  if (width > limits.bitWidth) {
    throw new ScreenError(
      "index",
      `this literal has ${width} bits; at most ${limits.bitWidth} are allowed`,
      atom.at,
    );
  }
  const value = BigInt(`0${atom.text.slice(1)}`);
  return graph.make({ type: "bits", value }, [], sorts.bits(width), atom.at);
}

const CODE_POINT_MAX = 0x2ffff;
const escape = /\\u(?:\{([0-9a-fA-F]{1,5})\}|([0-9a-fA-F]{4}))/g;

/**
 * Reads a string with the escapes of theory UnicodeStrings. Any other backslash is itself a
 * character.
 */
function text({ graph, sorts }: Environment, atom: Atom): TypedTerm {
  if (!/^[\x20-\x7e]*$/.test(atom.text)) {
    throw new ScreenError(
      "character",
      "this string has characters outside ASCII; write them as \\u{...}",
      atom.at,
    );
  }
  const characters: number[] = [];
  let from = 0;
  for (const match of atom.text.matchAll(escape)) {
    const code = Number.parseInt(match[1] ?? match[2] ?? "", 16);
    if (code > CODE_POINT_MAX) continue;
    pushAscii(characters, atom.text.slice(from, match.index));
    characters.push(code);
    from = match.index + match[0].length;
  }
  pushAscii(characters, atom.text.slice(from));
  return graph.make({ type: "string", characters }, [], sorts.plain("String"), atom.at);
}

function pushAscii(characters: number[], text: string): void {
  for (let at = 0; at < text.length; at++) characters.push(text.charCodeAt(at));
}
