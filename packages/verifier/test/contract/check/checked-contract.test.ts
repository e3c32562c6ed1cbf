import { concatBytes, sha256, toHex } from "@aethel/models/primitives";
import { describe, expect, test } from "vitest";
import { compileSource } from "../../../src/index.ts";
import { declaredAsset } from "../../../src/language/syntax/assets.ts";
import { LANGUAGE_LIMITS } from "../../../src/language/syntax/limits.ts";
import { checkedContract, diagnosticsOf } from "../language/places.ts";

const list = (length: number, item: (at: number) => string): string =>
  Array.from({ length }, (_, at) => item(at)).join(" ");

describe("what the checker makes of a contract", () => {
  test("assets are in the order of names, and one of `self` has the contract's digest in its id", () => {
    const contract = checkedContract(`contract c {
      asset ZINC issuer "${"5a".repeat(32)}"; asset OWN issuer self; intent t() {}
    }`);
    const utf8 = new TextEncoder();
    const tag = sha256(utf8.encode("aethel/contract-asset"));

    const [own, zinc] = contract.assets;
    expect(contract.digest).toEqual(sha256(utf8.encode(contract.canonical)));
    expect(own).toMatchObject({ name: "OWN", isOwn: true, issuer: toHex(contract.digest) });
    expect(own?.id).toEqual(sha256(concatBytes(tag, contract.digest, sha256(utf8.encode("OWN")))));
    expect(zinc).toEqual({ ...declaredAsset("ZINC", "5a".repeat(32)), isOwn: false });
  });

  test("cells that equal the default are absent, and scalars without a value have it", () => {
    const contract = checkedContract(`contract c {
      enum E { a, b } record R { x: Int; y: Bool; }
      state { m: map[Int] R = { [1]: R { y: false, x: 0 }, [2]: R { y: true, x: 0 } }; e: E; r: R; f: E = E.b; }
      intent t() {}
    }`);

    expect(contract.maps[0]?.initial).toEqual([{ keys: [2n], value: [0n, true] }]);
    expect(contract.scalars.map(({ initial }) => initial)).toEqual([0n, [0n, false], 1n]);
  });

  test("the fields of a record are in the order of their declaration", () => {
    const contract = checkedContract(`contract c {
      record R { x: Int; y: Int; }
      intent t() { let r = R { y: 2, x: 1 }; }
    }`);

    expect(contract.intents[0]?.lets[0]?.value).toMatchObject({
      type: "record",
      fields: [{ value: 1n }, { value: 2n }],
    });
  });

  test("`old` is carried to each read, and a `+=` reads its target again", () => {
    const contract = checkedContract(`contract c {
      state { x: Int; m: map[Int] Int; }
      intent t() { effect { x += old(m[x] + 1); } }
    }`);

    expect(contract.intents[0]?.effect[0]).toMatchObject({
      type: "store",
      target: { type: "scalar", name: "x" },
      value: {
        left: { type: "scalar", isOld: false },
        right: { left: { type: "cell", isOld: true, keys: [{ type: "scalar", isOld: true }] } },
      },
    });
  });

  test("two intents of one name are checked with their own parameters", () => {
    const source =
      "contract c { intent t(a: Int) { guard { a > 0; } } intent t(b: Int) { guard { b > 0; } } }";

    expect(diagnosticsOf(source).map(({ code }) => code)).toEqual(["duplicate"]);
  });

  test("`within` may be missing where the time is made of constants", () => {
    const exit = (after: string): string => `contract c {
      const START = 5; state { due: Int; m: map[Int] Int; }
      exit e: for each k in m: true after ${after} via t(k) to none;
      intent t(k: Int) {}
    }`;

    expect(diagnosticsOf(exit("START * 2 + 1"))).toEqual([]);
    for (const after of ["due", "START + due", "k", "m[1]"]) {
      expect(diagnosticsOf(exit(after))).toMatchObject([{ code: "missing" }]);
    }
  });

  test("faults come in the order of the source, at most twenty", () => {
    const invariant = (at: number): string => `invariant i${at}: nowhere;`;
    const source = `contract c { intent t() { guard { nowhere; } } ${list(30, invariant)} state { x: Gold; } }`;
    const found = diagnosticsOf(source);

    expect(found).toHaveLength(LANGUAGE_LIMITS.diagnostics);
    expect(found.map(({ span }) => span.start.offset)).toEqual(
      found.map(({ span }) => span.start.offset).toSorted((a, b) => a - b),
    );
    expect(found[0]?.span.start.offset).toBe(source.indexOf("nowhere"));
  });

  test("`optional` is refused outside contracts", () => {
    const result = compileSource("intent t(optional x: Account) { verify { true; } }");

    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: "unsupported" }] });
    expect(compileSource("intent t(optional: Account) { verify { true; } }").ok).toBe(true);
  });
});

describe("bounds of a contract", () => {
  test("a contract without an intent is refused", () => {
    expect(diagnosticsOf("contract c { }")).toMatchObject([
      { code: "missing", message: "`c` has no intent, so nobody can call it" },
    ]);
  });

  const parts: readonly (readonly [string, number, (count: number) => string])[] = [
    ["entries", LANGUAGE_LIMITS.entries, (n) => `state { ${list(n, (at) => `s${at}: Int;`)} }`],
    ["constants", LANGUAGE_LIMITS.constants, (n) => list(n, (at) => `const K${at} = 1;`)],
    ["intents", LANGUAGE_LIMITS.intents - 1, (n) => list(n, (at) => `intent t${at}() {}`)],
    ["fields", LANGUAGE_LIMITS.fields, (n) => `record R { ${list(n, (at) => `f${at}: Int;`)} }`],
    ["words", LANGUAGE_LIMITS.words, (n) => `enum E { ${list(n, (at) => `w${at},`)} }`],
    ["members", LANGUAGE_LIMITS.members - 1, (n) => list(n, (at) => `invariant i${at}: true;`)],
    [
      "parameters",
      LANGUAGE_LIMITS.parameters,
      (n) => `intent u(${list(n, (at) => `p${at}: Int,`)}) {}`,
    ],
    [
      "lets",
      LANGUAGE_LIMITS.statements,
      (n) => `intent u() { ${list(n, (at) => `let l${at} = 1;`)} }`,
    ],
    ["depth", LANGUAGE_LIMITS.depth - 1, (n) => `invariant i: ${"!".repeat(n)}true;`],
  ];

  test.each(parts)("%s: %i are read, one more is not", (_what, most, members) => {
    expect(diagnosticsOf(`contract c { ${members(most)} intent last() {} }`)).toEqual([]);
    const [first] = diagnosticsOf(`contract c { ${members(most + 1)} intent last() {} }`);
    expect(first?.code).toBe("limit");
  });

  test("a contract is refused if it is too large with its constants written out", () => {
    const deep = (nots: number): string =>
      `contract c { const K = -1; invariant i: ${"!".repeat(nots)}(K > 0); intent t() {} }`;
    const clause = "signed(A); ".repeat(64);
    const wide = (intents: number): string =>
      `contract c { const A = account "${"01".repeat(32)}"; ${list(intents, (at) => `intent t${at}() { guard { ${clause} } }`)} }`;

    for (const [good, bad] of [
      [deep(97), deep(98)],
      [wide(10), wide(15)],
    ] as const) {
      expect(diagnosticsOf(good)).toEqual([]);
      expect(diagnosticsOf(bad)).toMatchObject([{ code: "limit" }]);
    }
  });

  test("no value outgrows 1,024 bits, not even behind a remainder", () => {
    const tower = (floors: number, modulus: string): string =>
      `contract c { intent t(n: Amount) { let v0 = n; ${list(floors, (at) => `let v${at + 1} = v${at} * v${at}${modulus};`)} } }`;

    for (const modulus of ["", " % 97"]) {
      expect(diagnosticsOf(tower(4, modulus))).toEqual([]);
      expect(diagnosticsOf(tower(5, modulus))).toMatchObject([{ code: "limit" }]);
    }
  });
});
