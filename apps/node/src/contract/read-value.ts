import { type ArgumentType, type FieldValue, nearestName } from "@aethel/verifier";
import type { AccountNames } from "./account-names.ts";

/** Facts that the meaning of a value can depend on. */
export interface ReadingContext {
  readonly accounts: AccountNames;
  /** Time of the head block in seconds, for `now`. */
  readonly now: bigint;
}

/** Value that was read, or the reason why the text is none. */
export type ReadValue =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly reason: string };

const AMOUNT_MAX = 2n ** 64n - 1n;
const INT_MAX = 2n ** 127n - 1n;

/**
 * Reads a value of a type from text that people write. A signature becomes its hexadecimal digits.
 */
export async function readValue(
  text: string,
  type: ArgumentType,
  { accounts, now }: ReadingContext,
): Promise<ReadValue> {
  switch (type.kind) {
    case "account":
      return await readAccount(text, accounts);
    case "amount":
      return inRange(amountOf(text), { min: 0n, max: AMOUNT_MAX, form: AMOUNT_FORM });
    case "int":
      return inRange(intOf(text, now), { min: -INT_MAX, max: INT_MAX, form: INT_FORM });
    case "bool":
      if (text === "true" || text === "yes") return { ok: true, value: true };
      if (text === "false" || text === "no") return { ok: true, value: false };
      return { ok: false, reason: "is not `true` or `false`" };
    case "digest":
      return readHex(text, 32);
    case "signature":
      return readHex(text, 64);
    case "enum":
      return readWord(text, type.words);
  }
}

const AMOUNT_FORM = "is no amount: write 5000000, 5tokens or 10micro-tokens";
const INT_FORM =
  "is no whole number: write 7 or -7, or a time in seconds as now+90s, now+7d or 2027-01-31T12:00Z";

async function readAccount(text: string, accounts: AccountNames): Promise<ReadValue> {
  if (text === "none") return { ok: true, value: "0".repeat(64) };
  const value = await accounts(text);
  if (value !== undefined) return { ok: true, value };
  const forms = "64 hex digits, the path of a key file, `me`, or a name";
  const where = "whose key file NAME.json stands beside that of --account";
  return { ok: false, reason: `names no account: write ${forms} ${where}` };
}

function readHex(text: string, bytes: number): ReadValue {
  const digits = text.replace(/^0x/, "").toLowerCase();
  if (new RegExp(`^[0-9a-f]{${2 * bytes}}$`).test(digits)) return { ok: true, value: digits };
  return { ok: false, reason: `is not ${2 * bytes} hex digits` };
}

function readWord(text: string, words: readonly string[]): ReadValue {
  const at = words.indexOf(text);
  if (at >= 0) return { ok: true, value: BigInt(at) };
  const near = nearestName(text, words);
  const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
  return { ok: false, reason: `is none of ${words.join(", ")}${hint}` };
}

function inRange(
  value: bigint | undefined,
  { min, max, form }: { readonly min: bigint; readonly max: bigint; readonly form: string },
): ReadValue {
  if (value === undefined) return { ok: false, reason: form };
  if (value >= min && value <= max) return { ok: true, value };
  return { ok: false, reason: `is not in ${min} .. ${max}` };
}

/**
 * Reads an amount: a whole number of the smallest unit, or a number of tokens or micro-tokens.
 * Undefined for another form, or for a part of a micro-token.
 */
export function amountOf(text: string): bigint | undefined {
  const match = /^(\d(?:_?\d){0,29})(?:\.(\d{1,6}))? ?(tokens?|micro-tokens?)?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", decimals = "", unit = ""] = match;
  const digits = whole.replaceAll("_", "");
  if (unit.startsWith("token")) return BigInt(digits + decimals.padEnd(6, "0"));
  return decimals === "" ? BigInt(digits) : undefined;
}

const SECONDS = { s: 1n, min: 60n, h: 3_600n, d: 86_400n } as const;

/** Reads a whole number, or a time in seconds since 1970. Undefined for another form. */
function intOf(text: string, now: bigint): bigint | undefined {
  if (/^-?\d(?:_?\d){0,39}$/.test(text)) return BigInt(text.replaceAll("_", ""));
  const time = /^now(?: ?([+-]) ?(\d{1,12}) ?(s|min|h|d))?$/.exec(text);
  if (time !== null) {
    const [, sign, count = "0", unit] = time;
    const span = BigInt(count) * (isTimeUnit(unit) ? SECONDS[unit] : 1n);
    return sign === "-" ? now - span : now + span;
  }
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isSafeInteger(ms) ? BigInt(Math.floor(ms / 1_000)) : undefined;
}

function isTimeUnit(unit: string | undefined): unit is keyof typeof SECONDS {
  return unit !== undefined && unit in SECONDS;
}
