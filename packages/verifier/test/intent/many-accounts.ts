/** Intents of many accounts of which nobody says that they are different. */

interface PayrollOptions {
  /** Receivers; a signer and an amount come to them. */
  readonly receivers: number;
  /** Whether the sender may be among them. Default no. */
  readonly mayPayItself?: boolean;
  /** Whether the sender is debited before the receivers are credited. Default yes. */
  readonly debitsFirst?: boolean;
}

/** One sender pays the same amount to each of many. */
export function payroll(options: PayrollOptions): string {
  const { receivers, mayPayItself = false, debitsFirst = true } = options;
  const names = Array.from({ length: receivers }, (_, at) => `r${at + 1}`);
  const guards = mayPayItself ? [] : names.map((name) => `s != ${name};`);
  const debit = `s.balance -= ${receivers} * a;`;
  const credits = names.map((name) => `${name}.balance += a;`);
  const strangers = names
    .slice(1)
    .map((name) => `r1 != ${name}`)
    .join(" && ");
  const claims = mayPayItself
    ? ["a > 0;"]
    : [
        `s.balance == old(s.balance) - ${receivers} * a;`,
        ...names.map((name) => `${name}.balance >= old(${name}.balance) + a;`),
        `${strangers} => r1.balance == old(r1.balance) + a;`,
      ];
  return `intent payroll(signer s: Account, ${accounts(names)}, a: Amount) {
    guard { a > 0; s.balance >= ${receivers} * a; ${guards.join(" ")} }
    effect { ${(debitsFirst ? [debit, ...credits] : [...credits, debit]).join(" ")} }
    verify { ${claims.join("\n")} }
  }`;
}

/** Many pay the same amount to one. */
export function collection(payers: number): string {
  const names = Array.from({ length: payers }, (_, at) => `p${at + 1}`);
  const guards = names.map((name) => `c != ${name}; ${name}.balance >= ${payers} * a;`);
  const signers = names.map((name) => `signer ${name}: Account`).join(", ");
  return `intent collection(${signers}, c: Account, a: Amount) {
    guard { a > 0; ${guards.join(" ")} }
    effect { ${names.map((name) => `${name}.balance -= a;`).join(" ")} c.balance += ${payers} * a; }
    verify { c.balance == old(c.balance) + ${payers} * a; }
  }`;
}

/** Two pay, each the same to each of many, who may all be the same. */
export function twoPayers(receivers: number): string {
  const names = Array.from({ length: receivers }, (_, at) => `r${at + 1}`);
  const guards = names.map((name) => `p != ${name}; q != ${name};`);
  const most = `${receivers} * a`;
  return `intent two_payers(signer p: Account, signer q: Account, ${accounts(names)}, a: Amount) {
    guard { p != q; p.balance >= ${most}; q.balance >= ${most}; ${guards.join(" ")} }
    effect {
      p.balance -= ${most};
      q.balance -= ${most};
      ${names.map((name) => `${name}.balance += 2 * a;`).join(" ")}
    }
    verify { p.balance == old(p.balance) - ${most}; }
  }`;
}

/** An issuer gives the same to each of many, who may all be the same. */
export function issueToMany(receivers: number): string {
  const names = Array.from({ length: receivers }, (_, at) => `r${at + 1}`);
  const issued = `${receivers} * a`;
  return `asset GOLD issuer "${"5a".repeat(32)}";
  issue intent issue_to_many(${accounts(names)}, a: Amount) {
    guard { supply[GOLD] + ${issued} <= 1000000000000; }
    effect {
      supply[GOLD] += ${issued};
      ${names.map((name) => `${name}.balance[GOLD] += a;`).join(" ")}
    }
    verify { supply[GOLD] == old(supply[GOLD]) + ${issued}; }
  }`;
}

function accounts(names: readonly string[]): string {
  return names.map((name) => `${name}: Account`).join(", ");
}
