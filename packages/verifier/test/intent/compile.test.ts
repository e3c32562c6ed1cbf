import { toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type CompiledIntent, compileSource } from "../../src/intent/compiled/compile.ts";
import { compileAll } from "./prove.ts";

describe("the identity of an intent", () => {
  test("layout, comments, spellings, constants and older names do not change it", () => {
    const one = only(`const FEE = 2 * 3;
      # a comment
      intent pay(signer a: Account, n: Balance) {
        verify { not a.balance < FEE and n >= 0 ==> true; }   // claims
        guard { n > (1_000); }
      }`);
    const other = only(
      "intent pay(signer a: Account, n: Amount) { guard { n > 1000; } effect { } " +
        "verify { !(a.balance < 6) && n >= 0 => true; } }",
    );

    expect(one.canonical).toBe(other.canonical);
    expect(toHex(one.digest)).toBe(toHex(other.digest));
  });

  test("it is the SHA-256 of the canonical text, fixed for ever", () => {
    const intent = only("intent nothing() { verify { true; } }");

    expect(intent.canonical).toBe("intent nothing() {\n  verify {\n    true;\n  }\n}");
    expect(toHex(intent.digest)).toBe(
      "5e961b1103a6f4c2291bbd0800cf9ecc16f72c59cfa70c42aa46fb3de6987423",
    );
  });

  test("a constant stands for its value in every form of expression", () => {
    const forms = (k: string, flag: string): string => `
      intent t(a: Account) {
        guard { let g = ${k}; ${flag}; !${flag}; -${k} < ${k}; }
        effect { let e = old(${k}); a.balance = ${k}; }
        verify {
          let v = min(${k}, max(1, ${k}));
          (if ${flag} then ${k} else abs(${k})) > 0;
          (if 1 < ${k} then ${flag} else true) => ${k} % ${k} == 0 || ${flag};
        }
      }`;

    const named = only(`const K = 10 - 3; const F = K > 2; ${forms("K", "F")}`);

    expect(named.canonical).toBe(only(forms("7", "true")).canonical);
    expect(named.canonical).not.toMatch(/[KF]\b/);
  });

  test("a negative constant, a Euclidean one and one of others are folded", () => {
    const { canonical } = only(
      "const A = 3 - 10; const B = A / 2; const C = if A < 0 then abs(A) else 0; intent t() { verify { A < B; C > 0; } }",
    );

    expect(canonical).toContain("-7 < -4;");
    expect(canonical).toContain("7 > 0;");
  });
});

describe("declared assets", () => {
  const issuer = "5a".repeat(32);
  const program = (declarations: string, asset = "GOLD"): CompiledIntent =>
    only(`${declarations} intent t(a: Account) { verify { a.balance[${asset}] >= 0; } }`);
  const gold = `asset GOLD issuer "${issuer}";`;

  test("an asset's id binds its name and its issuer, fixed for ever", () => {
    const [asset] = program(gold).assets;

    expect(asset).toMatchObject({ name: "GOLD", issuer });
    expect(toHex(asset?.id ?? new Uint8Array())).toBe(
      "e6a7f4e6c1d1227fa5a1ab650442b54aa7b728ccb74fd702744610da6db5b0a7",
    );
    const others = [
      program(`asset LEAD issuer "${issuer}";`, "LEAD"),
      program(gold.replace("5a", "5b")),
    ];
    expect(new Set(others.map((one) => toHex(one.assets[0]?.id ?? new Uint8Array()))).size).toBe(2);
  });

  test("the canonical text declares what it uses and nothing else, and compiles to the same", () => {
    const intent = program(`asset LEAD issuer "${"00".repeat(32)}"; ${gold}`);

    expect(intent.canonical.startsWith(`${gold}\nintent t(`)).toBe(true);
    expect(intent.canonical).not.toContain("LEAD");
    expect(toHex(only(intent.canonical).digest)).toBe(toHex(intent.digest));
  });

  test("one text on the assets of two issuers is two intents", () => {
    const other = program(gold.replace("5a", "5b"));

    expect(toHex(other.digest)).not.toBe(toHex(program(gold).digest));
  });
});

describe("an atomic batch", () => {
  const source = `const N = 3; asset GOLD issuer "${"5a".repeat(32)}";
    intent alone() { verify { true; } }
    atomic_batch b {
      intent one(a: Account) { verify { a.balance[GOLD] >= 0; } }
      intent two(signer c: Account, n: Amount) { verify { n >= 0 || N > 2; } }
    }`;

  test("is a program of its own: its members in order, its parameters one after the other", () => {
    const result = compileSource(source);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const [batch] = result.batches;

    expect(result.intents.map((one) => one.name)).toEqual(["alone", "one", "two"]);
    expect(batch?.members.map((one) => one.name)).toEqual(["one", "two"]);
    expect(batch?.parameters.map(({ name, type, signer }) => [name, type, signer])).toEqual([
      ["one.a", "Account", false],
      ["two.c", "Account", true],
      ["two.n", "Amount", false],
    ]);
  });

  test("its canonical text compiles to it, and the order of its members is part of it", () => {
    const batchOf = (text: string) => {
      const result = compileSource(text);
      return result.ok ? result.batches[0] : undefined;
    };
    const first = batchOf(source);
    const again = batchOf(first?.canonical ?? "");
    const [one, two] = (first?.members ?? []).map((member) => member.name);
    const swapped = batchOf(source.replace(/( {6}intent one.*\n)( {6}intent two.*\n)/, "$2$1"));

    expect([one, two]).toEqual(["one", "two"]);
    expect(again?.canonical).toBe(first?.canonical);
    expect(again?.digest).toEqual(first?.digest);
    expect(swapped?.members[0]?.name).toBe("two");
    expect(swapped?.digest).not.toEqual(first?.digest);
  });
});

describe("older sources", () => {
  test("the shape without effects and with solve hints, batches and all comments, compiles", () => {
    const result = compileAll(`
      # one
      atomic_batch payday {
        intent first(sender: Account, external rate: Int) {
          guard { sender.balance >= 10; /* two */ }
          solve { priority: security; target: "main"; limit: 1.5; }
          verify { sender.balance >= 10; }
        }
        intent second(flag: Bool) { guard { flag == true; } verify { flag; } }
      } // three`);

    expect(result.map((intent) => [intent.name, intent.batch, intent.writes])).toEqual([
      ["first", "payday", []],
      ["second", "payday", []],
    ]);
    expect(result[0]?.canonical).toContain('target: "main";');
    expect(result[0]?.parameters[1]).toMatchObject({ external: true, signer: false });
  });

  test("words that mean something only in place can name parameters", () => {
    const names = ["signer", "secret", "external", "min", "old", "issue", "asset", "balance"];
    const source = `intent t(${names.map((name) => `${name}: Int`).join(", ")}) {
      verify { ${names.map((name) => `${name} == ${name};`).join(" ")} } }`;

    expect(only(source).parameters.map((parameter) => parameter.name)).toEqual(names);
  });
});

function only(source: string): CompiledIntent {
  const result = compileSource(source);
  const intent = result.ok ? result.intents[0] : undefined;
  if (intent === undefined) throw new Error(JSON.stringify(result));
  return intent;
}
