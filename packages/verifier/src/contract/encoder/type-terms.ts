import { and, atMost, equal, integer, not, or } from "../../intent/build-term.ts";
import { amountMax, intMax } from "../../language/syntax/fields.ts";
import type { Term } from "../../term.ts";
import type { FieldValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { defaultOf } from "../typed/values.ts";
import { partsOf, type Terms } from "./symbolic-state.ts";

/**
 * Returns a value as a term. An account or digest is the number of its 32 bytes, big-endian, so
 * `none` is 0; a word of an enumeration is its index.
 */
export function valueTerm(value: FieldValue): Term {
  if (typeof value === "boolean") return { type: "boolean", value };
  return integer(typeof value === "bigint" ? value : BigInt(`0x${value}`));
}

/** Term of `none`, and of a digest of zeros. */
export const noneTerm: Term = integer(0n);

/** Returns the formula that a term is in the range of a type. Undefined if the type has none. */
export function rangeOf(type: { readonly kind: string }, term: Term): Term | undefined {
  switch (type.kind) {
    case "amount":
      return between(0n, term, amountMax);
    case "int":
      return between(-intMax, term, intMax);
    default:
      return undefined;
  }
}

/**
 * Returns the formula that a term of any type is one of its values, also for an enumeration.
 * Undefined if the type has no range.
 */
export function rangeOfScalar(type: ScalarType, term: Term): Term | undefined {
  return type.kind === "enum"
    ? between(0n, term, BigInt(type.words.length - 1))
    : rangeOf(type, term);
}

function between(least: bigint, term: Term, most: bigint): Term {
  return and(atMost(integer(least), term), atMost(term, integer(most)));
}

/** Returns the formulas that the parts of a stored value are in the ranges of their types. */
export function rangesOf(type: ValueType, parts: Terms): readonly Term[] {
  return partsOf(type).flatMap((part, at) => {
    const term = parts[at];
    return term === undefined ? [] : (rangeOfScalar(part, term) ?? []);
  });
}

/**
 * Returns the terms of a type's default value: one for each field of a record, otherwise a single
 * one.
 */
export function defaultTerms(type: ValueType): Terms {
  const value = defaultOf(type);
  return typeof value === "object" ? value.map(valueTerm) : [valueTerm(value)];
}

/** Returns the formula that a value differs from the default of its type. */
export function isPresent(type: ValueType, parts: Terms): Term {
  const nothing = defaultTerms(type);
  const differs = parts.map((part, at) => {
    const other = nothing[at];
    return other === undefined ? not(part) : not(equal(part, other));
  });
  const [only, second] = differs;
  return only !== undefined && second === undefined ? only : or(...differs);
}

/** Tells whether a term is a literal that is in the range of a type. */
export function isLiteralInRange(type: ScalarType | undefined, term: Term): boolean {
  if (type === undefined || term.type !== "integer") return false;
  const { value } = term;
  switch (type.kind) {
    case "amount":
      return value >= 0n && value <= amountMax;
    case "int":
      return value >= -intMax && value <= intMax;
    case "enum":
      return value >= 0n && value < BigInt(type.words.length);
    default:
      return true;
  }
}
