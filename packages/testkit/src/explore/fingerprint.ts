import { toHex } from "@aethel/models";

/** Gives equal names to equal values, and keeps the names of objects, which never change. */
export interface Fingerprints {
  of(value: unknown): number;
}

/** Fields of an engine's state that hold times or counts, or serve only evidence and complaints. */
const IGNORED = new Set([
  "block",
  "committing",
  "preparedAt",
  "pace",
  "measures",
  "evidence",
  "early",
  "late",
  "ahead",
  "logs",
  "own",
  "requests",
  "toldProposals",
  "closedOffences",
]);
/** Lists in the order of arrival, which means nothing. */
const UNORDERED = new Set(["tally", "blocks", "soup"]);

/**
 * Creates names for plain data: two values get one name if and only if they are equal, except for
 * the fields above. Parts that states share are looked at once. `alias` may give some bytes the
 * name of others; two of these with the same `names` can be compared.
 */
export function createFingerprints(
  names: Map<string, number>,
  alias: (hex: string) => string = (hex) => hex,
): Fingerprints {
  const known = new WeakMap<object, number>();
  const nameOf = (text: string): number => {
    const name = names.get(text) ?? names.size;
    names.set(text, name);
    return name;
  };
  const ofObject = (value: object): number => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const name = nameOf(describe(value));
    known.set(value, name);
    return name;
  };
  const describe = (value: object): string => {
    if (value instanceof Uint8Array) return `b${alias(toHex(value))}`;
    if (Array.isArray(value)) return `l${value.map((item) => of(item)).join()}`;
    if (value instanceof Map) {
      return `m${[...value]
        .map(([key, item]) => `${of(key)}:${of(item)}`)
        .toSorted(byText)
        .join()}`;
    }
    const fields = Object.entries(value)
      .filter(([field, content]) => !IGNORED.has(field) && content !== undefined)
      .map(([field, content]) => `${field}:${UNORDERED.has(field) ? ofBag(content) : of(content)}`);
    return `o${fields.toSorted(byText).join()}`;
  };
  const ofBag = (content: unknown): number =>
    Array.isArray(content)
      ? nameOf(
          `s${content
            .map((item) => of(item))
            .toSorted((a, b) => a - b)
            .join()}`,
        )
      : of(content);
  const of = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? ofObject(value)
      : nameOf(`${typeof value}${String(value)}`);
  return { of };
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
