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

function accounts(names: readonly string[]): string {
  return names.map((name) => `${name}: Account`).join(", ");
}
