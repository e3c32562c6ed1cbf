/** Contracts by the work of their one dear intent. */
export const CONTRACT_WORK = [
  "sums",
  "wide",
  "hash-number",
  "hash-digest",
  "hash-record",
  "records",
  "signatures",
  "events",
  "many-cells",
  "large-cells",
  "deleted-cells",
  "transfers",
  "long-text",
] as const;

export type ContractWork = (typeof CONTRACT_WORK)[number];

/** Statements of one block, of which the language allows 64. */
const STATEMENTS = 60;

/** Signatures that one call checks. */
const SIGNATURES = 12;

/** Cells that one call stores or deletes. */
export const CELLS: number = STATEMENTS;

const RECORD = Array.from({ length: 16 }, (_, at) => `f${at}`);
const LARGE = `record Large { ${RECORD.map((name) => `${name}: Digest;`).join(" ")} }`;
const SAME = `Large { ${RECORD.map((name) => `${name}: d`).join(", ")} }`;

function times(count: number, text: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => text(at)).join(" ");
}

/**
 * Source of a contract whose first intent is `run(p, a, id, d)`, and `run(p, a, s0, s1, ...)` for
 * signatures. `at` tells the contracts of one kind apart.
 */
export function contractSource(work: ContractWork, at: number): string {
  const parameters = "signer p: Account, a: Amount, id: Int, d: Digest";
  const run = (body: string, more = ""): string =>
    `${more} intent run(${parameters}) { effect { ${body} n += 1; } }`;
  return `contract c${at} { ${LARGE} record Note { a: Amount; }
    state { n: Int = 0; cells: map[Int] Int; large: map[Int][Digest] Large; last: Digest; kept: Large; }
    ${bodyOf(work, run)} }`;
}

function bodyOf(work: ContractWork, run: (body: string, more?: string) => string): string {
  switch (work) {
    case "sums": {
      const sum = Array.from({ length: 14 }, () => "a").join(" + ");
      return run(times(STATEMENTS, (at) => `let q${at} = ${sum};`));
    }
    case "wide": {
      const sum = Array.from({ length: 6 }, () => "y * y").join(" + ");
      const digits = `1${"0".repeat(70)}`;
      return run(`let y = ${digits} * a; ${times(55, (at) => `let q${at} = ${sum};`)}`);
    }
    case "hash-number":
      return run(
        times(STATEMENTS, (at) => {
          const hashes = times(5, (one) => `${one > 0 ? "&& " : ""}sha256(a) == sha256(a)`);
          return `let q${at} = ${hashes};`;
        }),
      );
    case "hash-digest": {
      const nested = `${"sha256(".repeat(28)}d${")".repeat(28)}`;
      return run(times(STATEMENTS, (at) => `let q${at} = ${nested};`));
    }
    case "hash-record":
      return run(
        `let r = ${SAME}; ${times(55, (at) => `let q${at} = ${Array.from({ length: 6 }, () => "sha256(r) == sha256(r)").join(" && ")};`)}`,
      );
    case "records":
      return run(
        `let r = ${SAME}; let s = ${SAME}; ${times(55, (at) => `let q${at} = ${Array.from({ length: 9 }, () => "r == s").join(" && ")};`)}`,
      );
    case "signatures": {
      // Each of another message: a cache knows a signature that it has seen.
      const names = Array.from({ length: SIGNATURES }, (_, at) => `s${at}`);
      const checks = names.map((name, at) => `signed_message(p, Note { a: a + ${at} }, ${name});`);
      const given = names.map((name) => `, ${name}: Signature`).join("");
      return `intent run(signer p: Account, a: Amount${given}) {
        guard { ${checks.join(" ")} } effect { n += 1; } }`;
    }
    case "events":
      return run(times(STATEMENTS, () => `emit ${SAME};`));
    case "many-cells":
      return run(times(STATEMENTS, (at) => `cells[id + ${at}] = 1;`));
    case "large-cells":
      return run(times(STATEMENTS, (at) => `large[id + ${at}][d] = ${SAME};`));
    case "deleted-cells":
      return run(times(STATEMENTS, (at) => `delete large[id + ${at}][d];`));
    case "transfers":
      return run(times(STATEMENTS / 2, () => "p.balance -= 1; vault.balance += 1;"));
    case "long-text": {
      const sum = Array.from({ length: 8 }, () => "(a + a)").join(" + ");
      const others = times(9, (at) => {
        const lets = times(STATEMENTS, (one) => `let q${one} = ${sum};`);
        return `intent other${at}(a: Amount) { effect { ${lets} n += 1; } }`;
      });
      return `${run("")} ${others}`;
    }
  }
}
