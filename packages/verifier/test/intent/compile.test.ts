import { toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type CompiledIntent, compileSource } from "../../src/intent/compile.ts";
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
