import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkContract } from "../../../src/contract/check/check-contract.ts";
import { compileSource, LANGUAGE_LIMITS } from "../../../src/index.ts";
import { parseSource } from "../../../src/language/parse/parse.ts";
import { originSpan } from "../../../src/language/parse/source.ts";
import { stripSpans } from "../../language/strip-spans.ts";
import { contracts } from "../arbitrary-contract.ts";
import { named, sourceOfContract } from "../contract-tree.ts";
import { contractOfAll } from "./arbitrary-syntax.ts";
import { checkAnswer, checkedContract, diagnosticsOf, parsedContract } from "./places.ts";

const span = originSpan;

describe("printing and reading a contract", () => {
  test("reading a printed contract gives the same tree", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        const source = sourceOfContract(contract);
        const read = parsedContract(source);

        expect(stripSpans(read)).toEqual(stripSpans(contract));
        expect(sourceOfContract(read)).toBe(source);
      }),
      { numRuns: 200 },
    );
  });

  test("so does one whose expressions have any form at any place", () => {
    fc.assert(
      fc.property(contractOfAll, (contract) => {
        const read = parsedContract(sourceOfContract(contract));

        expect(stripSpans(read)).toEqual(stripSpans(contract));
      }),
      { numRuns: 400 },
    );
  });

  test("random contracts are well typed, and their canonical text has the same digest", () => {
    let constants = 0;
    fc.assert(
      fc.property(contracts, (contract) => {
        const first = checkedContract(`# a comment\n${sourceOfContract(contract)}`);
        const again = checkedContract(first.canonical);

        expect(again.canonical).toBe(first.canonical);
        expect(again.digest).toEqual(first.digest);
        expect(first.canonical).not.toMatch(/\b(?:const|FEE|OWNER|YES|ROOT|FIRST)\b/);
        constants += contract.members.filter(({ type }) => type === "constant").length;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 150, seed: 1 },
    );
    expect(constants).toBeGreaterThan(150);
  });

  test("the names of constants and the older name of a type are not part of the identity", () => {
    const source = (constants: string, fee: string, amount: string): string =>
      `contract c { ${constants} state { total: ${amount} = ${fee}; }
       intent t(n: ${amount}) { guard { n > ${fee} - 1; } } }`;

    const plain = checkedContract(source("", "-2 - -4", "Amount"));
    const other = checkedContract(source("const A = 3 - 5; const B = A + 4;", "B", "Balance"));

    expect(other.canonical).toContain("total: Amount = 2;");
    expect(other.canonical).not.toBe(plain.canonical);
    expect(checkedContract(source("const FEE = 2;", "FEE", "Balance")).digest).toEqual(
      other.digest,
    );
  });

  test("`in` after an amount names the holdings, and inside it asks for a cell", () => {
    const amount = (text: string): string => `contract c {
      asset A issuer self; state { balance: map[Int] Int; x: Int; }
      exit e: x in balance keeping ${text} in balance[A] via t() to none;
      intent t() {}
    }`;

    for (const text of [
      "x",
      "x + 1",
      "if x in balance then 1 else 2",
      "if x > 0 then 1 else if x in balance then 2 else x",
      "if (x in balance) == (x in balance) then 1 else 2",
    ]) {
      const [exit] = checkedContract(amount(text)).exits;
      expect(exit?.keeping?.asset).toBe("A");
    }
    expect(diagnosticsOf(amount("(x in balance)"))).toMatchObject([{ code: "type" }]);
  });

  test("a random contract has every node that the syntax has", () => {
    const seen = new Set<string>();
    for (const contract of fc.sample(contracts, { numRuns: 250, seed: 1 })) {
      for (const node of nodesOf(contract)) seen.add(node);
    }

    expect([...seen].toSorted()).toMatchInlineSnapshot(`
      [
        "assert",
        "asset",
        "assignment +=",
        "assignment -=",
        "assignment =",
        "binary !=",
        "binary %",
        "binary &&",
        "binary *",
        "binary +",
        "binary -",
        "binary /",
        "binary <",
        "binary <=",
        "binary ==",
        "binary =>",
        "binary >",
        "binary >=",
        "binary ||",
        "boolean",
        "bytes",
        "call abs",
        "call max",
        "call min",
        "condition",
        "constant",
        "contract",
        "delete",
        "emit",
        "enum",
        "exit",
        "function sha256",
        "function signed",
        "function signed_message",
        "if",
        "in",
        "index",
        "integer",
        "intent",
        "invariant",
        "map",
        "member",
        "name",
        "negate",
        "none",
        "not",
        "now",
        "old",
        "record",
        "scalar",
        "sequence",
        "state",
        "sum",
        "sum row",
        "transition",
        "uncovered",
        "vault",
      ]
    `);
  });
});

/** Type of each node of a tree, with what tells its forms apart. */
function nodesOf(tree: unknown): readonly string[] {
  const found: string[] = [];
  const open: unknown[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== "object" || node === null) continue;
    const fields: Readonly<Record<string, unknown>> = { ...node };
    if (typeof fields["type"] === "string") {
      const row = fields["type"] === "sum" && fields["row"] !== undefined ? "row" : "";
      const form = fields["operator"] ?? fields["callee"] ?? row;
      found.push(`${fields["type"]} ${typeof form === "string" ? form : ""}`.trim());
    }
    open.push(...Object.values(fields).filter((value) => value !== undefined));
  }
  return found;
}

const words =
  'contract record enum state invariant transition exit uncovered intent const asset issuer self claim debt unless map for each in at sum keeping after within via to by let guard effect verify solve delete emit assert old if then else true false and or not min sha256 signed signed_message account digest now none vault sequence supply balance x y Deal Phase Account Amount Int Bool Digest Signature signer optional 0 1 1.5 18446744073709551616 "0101010101010101010101010101010101010101010101010101010101010101" "x" == => != <= && || += -= ( ) { } [ ] , ; : . = < > + - * / % ! # /* */ " \n é \u0000 \u202e'.split(
    " ",
  );

/** Token soups that start like a contract, so that the parser gets past its first lines. */
const soups = fc
  .tuple(
    fc.constantFrom(
      "contract c {",
      "contract c { state {",
      "contract c { state { m: map[Int] Int = {",
      "contract c { record Deal { x: Int; } state { m: map[Int] Deal; } invariant i:",
      "contract c { state { m: map[Int] Int; } exit e: for each k in m: true",
      "contract c { record Deal { x: Int; } state { m: map[Int] Deal; y: Int; } intent t(x: Account) { effect {",
      "contract c { enum Phase { x } state { m: map[Phase] Int; } intent t(y: Phase) { guard {",
    ),
    fc.array(fc.constantFrom(...words), { maxLength: 40 }),
    fc.constantFrom("", "; } intent u() {} }", "; } } }"),
  )
  .map(([head, tokens, tail]) => `${head} ${tokens.join(" ")} ${tail}`);

/** A well-typed contract with one token replaced, dropped or doubled. */
const nearMisses = fc
  .tuple(contracts.map(sourceOfContract), fc.nat(), fc.constantFrom("", ...words))
  .map(([text, at, patch]) => {
    const tokens = text.split(/(?<=\s)|\b/);
    return tokens.with(at % tokens.length, patch).join("");
  });

describe("any input", () => {
  test("gives a contract or diagnostics that point into the text, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(soups, nearMisses), (text) => {
        checkAnswer(text, text);
      }),
      { numRuns: 1_000 },
    );
  });

  test("bytes after the head of a contract never throw", () => {
    const head = new TextEncoder().encode("contract c { ");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = Uint8Array.of(...head, ...tail);
        checkAnswer(bytes, new TextDecoder().decode(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  test("the greatest sources are read in bounded work, however many faults they have", () => {
    const long = (at: number): string => `n${String(at).padStart(63, "x")}`;
    const states = Array.from({ length: 32 }, (_, at) => `${long(at)}: Int;`).join("");
    const uses = Array.from({ length: 60 }, (_, at) => `${long(1_000 + at)} > 0;`).join("");
    const intents = Array.from({ length: 14 }, (_, at) => `intent t${at}() { guard { ${uses} } }`);
    const source = `contract c { state { ${states} } ${intents.join("")} }`;

    expect(source.length).toBeLessThan(LANGUAGE_LIMITS.sourceBytes);
    expect(diagnosticsOf(source)).toHaveLength(LANGUAGE_LIMITS.diagnostics);
  });

  const deep: readonly (readonly [string, string])[] = [
    ["brackets", `invariant i: ${"(".repeat(20_000)}true;`],
    ["members", `intent t() { guard { x${".x".repeat(20_000)}; } }`],
    ["cells", `intent t() { guard { x${"[0]".repeat(20_000)}; } }`],
    ["keys", `intent t() { guard { ${"x[".repeat(20_000)}0; } }`],
    ["records", `intent t() { effect { emit R ${"{ a: R ".repeat(10_000)}; } }`],
    ["sums", `invariant i: ${"sum(v in m: ".repeat(5_000)}0;`],
    ["places", `intent t() { effect { ${"(".repeat(20_000)}x = 1; } }`],
    ["a third `for each`", `invariant i: ${"for each k in m: ".repeat(3)}true;`],
    ["members of a contract", "intent t() {}".repeat(129)],
    ["lets", `intent t() { ${"let x = 1;".repeat(65)} }`],
    [
      "terms",
      `const K = ${"1 + ".repeat(90)}1; intent t() { guard { ${`${"1 + ".repeat(90)}1 > 0;`.repeat(60)} } }`,
    ],
  ];

  test.each(deep)("too many or too deep: %s", (_what, members) => {
    expect(diagnosticsOf(`contract c { ${members} }`)[0]?.code).toBe("limit");
  });
});

describe("sources of today", () => {
  test("a source with a contract does not compile as intents, and says so once", () => {
    fc.assert(
      fc.property(contracts, (contract) => {
        const result = compileSource(sourceOfContract(contract), { privileged: true });

        expect(result).toMatchObject({ ok: false, diagnostics: [{ code: "unsupported" }] });
        if (!result.ok) expect(result.diagnostics).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });

  test("a contract stands alone in its source", () => {
    const contract = "contract c { intent t() {} }";
    for (const beside of ["intent u() { verify { true; } }", "const K = 1;", "contract d { }"]) {
      for (const source of [`${contract} ${beside}`, `${beside} ${contract}`]) {
        const result = parseSource(source);
        const [first] = result.ok ? [] : result.diagnostics;

        expect(first).toMatchObject({
          code: "syntax",
          message: "a source with a contract holds nothing beside it",
        });
      }
    }
  });

  test("words of contracts are names elsewhere, and most of them in contracts too", () => {
    const contextual =
      "record enum state invariant transition exit uncovered claim debt unless map for each in at keeping after within via to by delete emit assert account digest supply balance self issuer signer optional".split(
        " ",
      );
    const reserved = "vault now none signed sum".split(" ");
    for (const word of [...contextual, ...reserved]) {
      const intent = `intent t(${word}: Int) { guard { ${word} > -${word}; } verify { true; } }`;
      expect(compileSource(intent).ok).toBe(true);

      const contract = `contract c {
        state { ${word}: map[Int] Int; s: Int; }
        invariant i: for each k in ${word}: ${word}[k] == ${word}[k];
        intent t() { guard { 1 in ${word}; ${word}[1] > 0; } effect { ${word}[1] -= 1; s = ${word}[2]; } }
      }`;
      const parameter = `contract c { intent t(${word}: Int) { let x = ${word}; guard { ${word} > -${word}; } } }`;
      const isFree = contextual.includes(word);
      const claim = `contract c { state { claim ${word}: map[Account] Amount; } intent t() {} }`;
      for (const source of [contract, parameter, claim]) {
        expect(diagnosticsOf(source).map(({ code }) => code)).toEqual(isFree ? [] : ["syntax"]);
      }
    }
  });

  test("checking does not depend on the places of a tree", () => {
    const contract = parsedContract("contract c { intent t() {} }");

    expect(checkContract({ ...contract, name: named("d"), span })).toMatchObject({ ok: true });
  });
});
