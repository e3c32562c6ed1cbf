import fc from "fast-check";
import type { Schema } from "../src/index.ts";
import { inItem } from "./schema-text.ts";

/** Values of any wire type, from its schema: valid in range, not in meaning; edges are frequent. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case "natural":
      return fc.oneof(edge(schema.max), fc.integer({ min: 0, max: schema.max }));
    case "big-natural": {
      const max = (1n << BigInt(8 * schema.bytes)) - 1n;
      return fc.oneof(fc.constantFrom(0n, 1n, 1n << 63n, max), fc.bigInt({ min: 0n, max }));
    }
    case "boolean":
      return fc.boolean();
    case "enumeration":
      return fc.constantFrom(...schema.names);
    case "fixed-bytes":
      return bytes(schema.length, schema.length);
    case "bounded-bytes":
      return bytes(0, Math.min(schema.limit, 40)).map((value) => inItem(schema, value));
    case "bits":
      return fc.array(fc.boolean(), { maxLength: Math.min(schema.limit, 20) });
    case "list":
      return fc.array(valuesOf(schema.item), { maxLength: Math.min(schema.limit, 3) });
    case "optional":
      return fc.option(valuesOf(schema.item), { nil: undefined });
    case "struct":
      return fc.record(fieldsOf(schema.fields));
    case "union": {
      const members = Object.entries(schema.members).map(([tag, member]) => {
        const fields = member.type === "struct" ? member.fields : {};
        return fc.record({ type: fc.constant(tag), ...fieldsOf(fields) });
      });
      return fc.oneof(...members);
    }
  }
}

function fieldsOf(fields: Readonly<Record<string, Schema>>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, valuesOf(of)]));
}

function edge(max: number): fc.Arbitrary<number> {
  return fc.constantFrom(0, 1, Math.floor(max / 2), max);
}

/** Plain arrays: fast-check's own are of the same class, but slower to compare. */
function bytes(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength });
}
