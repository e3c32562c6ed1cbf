import { toHex } from "@aethel/models";

/**
 * Names values by numbers: equal values have equal names. The names of objects are remembered, so
 * the objects must not change.
 */
export interface Fingerprints {
  of(value: unknown): number;
}

/**
 * Fields of an engine's state that the names leave out. They hold times or counts, or serve only
 * evidence and events.
 */
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
/** Fields with lists whose order is the order of arrival and means nothing. */
const UNORDERED = new Set(["tally", "blocks", "soup"]);

/**
 * Creates names for plain data. Two values have one name if and only if they are equal, apart from
 * the `IGNORED` fields and the order of `UNORDERED` lists. Parts that states share are visited
 * once. `alias` replaces a byte string, in hex, by another before it is named. Two instances with
 * the same `names` map give comparable names.
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
