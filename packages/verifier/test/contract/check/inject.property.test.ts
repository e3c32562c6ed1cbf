import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Contract } from "../../../src/language/syntax/contract.ts";
import type { Span } from "../../../src/obligation.ts";
import { contracts } from "../arbitrary-contract.ts";
import { sourceOfContract } from "../contract-tree.ts";
import { diagnosticsOf, marked, parsedContract } from "../language/places.ts";

/** Node of a tree with the place where it stands, for rules that do not depend on its form. */
interface Node {
  readonly type: string;
  readonly span: Span;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A change of a source at one place. */
interface Change {
  readonly span: Span;
  readonly text: string;
}

function nodesOf(tree: Contract): readonly Node[] {
  const found: Node[] = [];
  const open: unknown[] = [tree];
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const fields: Readonly<Record<string, unknown>> = { ...value };
    const node = asNode(fields);
    if (node !== undefined) found.push(node);
    open.push(...Object.values(fields));
  }
  return found;
}

function asNode(fields: Readonly<Record<string, unknown>>): Node | undefined {
  const { type, span } = fields;
  return typeof type === "string" && isSpan(span) ? { type, span, fields } : undefined;
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}

/** Tells whether brackets are whole: the place of an operator begins inside those of its operand. */
function isBalanced(text: string): boolean {
  let open = 0;
  for (const sign of text) {
    if (sign === "(") open++;
    if (sign === ")") open--;
    if (open < 0) return false;
  }
  return open === 0;
}

/** Replaces one place of a random contract, and requires one diagnostic: `code text`. */
function oneFault(changes: (contract: Contract) => readonly Change[], code: string): number {
  let count = 0;
  fc.assert(
    fc.property(contracts, fc.nat(), (contract, pick) => {
      const source = sourceOfContract(contract);
      const places = changes(parsedContract(source)).filter(({ span }) =>
        isBalanced(source.slice(span.start.offset, span.end.offset)),
      );
      const change = places[pick % Math.max(1, places.length)];
      if (change === undefined) return;
      count++;
      const { start, end } = change.span;
      const faulty = source.slice(0, start.offset) + change.text + source.slice(end.offset);
      const found = diagnosticsOf(faulty);

      expect(marked(found, faulty)).toEqual([`${code} ${change.text.replaceAll(/[()]/g, "")}`]);
      expect(found[0]?.span.start.offset).toBe(
        start.offset + (change.text.startsWith("(") ? 1 : 0),
      );
    }),
    { numRuns: 250 },
  );
  return count;
}

const operand = (fields: Node["fields"], name: string): readonly Node[] => {
  const value = fields[name];
  return typeof value === "object" && value !== null
    ? [asNode({ ...value })].flatMap((x) => x ?? [])
    : [];
};

describe("one fault in a random contract is reported once, at its place", () => {
  test("a name that nothing declares", () => {
    const count = oneFault(
      (contract) =>
        nodesOf(contract)
          .filter(({ type }) => type === "name")
          .map(({ span }) => ({ span, text: "nowhere" })),
      "unknown-name",
    );
    expect(count).toBeGreaterThan(200);
  });

  test("a number where a condition stands", () => {
    const conditions = ({ type, fields }: Node): readonly Node[] => {
      const isLogical = fields["operator"] === "&&" || fields["operator"] === "=>";
      if (type === "condition" || type === "assert") return operand(fields, "expression");
      if (type === "if") return operand(fields, "condition");
      if (type === "not") return operand(fields, "operand");
      return type === "binary" && isLogical
        ? [...operand(fields, "left"), ...operand(fields, "right")]
        : [];
    };
    const count = oneFault(
      (contract) =>
        nodesOf(contract)
          .flatMap(conditions)
          .map(({ span }) => ({ span, text: "(77)" })),
      "type",
    );
    expect(count).toBeGreaterThan(200);
  });

  test("a condition where a number stands", () => {
    const numbers = ({ type, fields }: Node): readonly Node[] => {
      const isArithmetic = /^(?:[-+*/%]|[<>]=?)$/.test(String(fields["operator"]));
      if (type === "negate") return operand(fields, "operand");
      return type === "binary" && isArithmetic
        ? [...operand(fields, "left"), ...operand(fields, "right")]
        : [];
    };
    const count = oneFault(
      (contract) =>
        nodesOf(contract)
          .flatMap(numbers)
          .map(({ span }) => ({ span, text: "(true)" })),
      "type",
    );
    expect(count).toBeGreaterThan(200);
  });

  test("a second declaration of a name, wherever it is used", () => {
    let count = 0;
    fc.assert(
      fc.property(contracts, fc.nat(), (contract, pick) => {
        const names = contract.members.flatMap((one) => {
          if (one.type === "uncovered") return [];
          return one.type === "state" ? one.entries.map(({ name }) => name.text) : [one.name.text];
        });
        const name = names[pick % names.length] ?? "";
        const faulty = sourceOfContract(contract).replace(/\}\s*$/, `invariant ${name}: true; }`);
        count++;

        const found = diagnosticsOf(faulty);
        expect(marked(found, faulty)).toEqual([`duplicate ${name}`]);
        expect(found[0]?.span.start.offset).toBe(faulty.lastIndexOf(`${name}: true; }`));
      }),
      { numRuns: 250 },
    );
    expect(count).toBeGreaterThan(200);
  });

  test("a type that is not known, wherever it is used", () => {
    const known = /(?<=[:\]] )(?:Account|Amount|Int|Bool|Digest|Phase|Deal)(?=[,;) ])/g;
    let count = 0;
    fc.assert(
      fc.property(contracts, fc.nat(), (contract, pick) => {
        const source = sourceOfContract(contract);
        const places = [...source.matchAll(known)];
        const place = places[pick % Math.max(1, places.length)];
        if (place === undefined) return;
        count++;
        const end = place.index + place[0].length;
        const faulty = `${source.slice(0, place.index)}Nowhere${source.slice(end)}`;

        expect(marked(diagnosticsOf(faulty), faulty)).toEqual(["unknown-type Nowhere"]);
      }),
      { numRuns: 250 },
    );
    expect(count).toBeGreaterThan(150);
  });
});
