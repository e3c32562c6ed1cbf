import type { RandomSource } from "../soundness/random-source.ts";

/** Numbers from which an intent is made. */
export interface IntentGenome {
  readonly amounts: number;
  readonly accounts: number;
  /** Steps of a tower of `let`, operators again and again in this order. */
  readonly count: number;
  readonly operators: readonly number[];
  readonly constant: number;
  readonly guard: number;
  readonly effects: number;
  readonly effect: number;
  readonly verifies: number;
  readonly verify: number;
}

type Operator = (previous: string, other: string, constant: string, index: number) => string;

const operators: readonly Operator[] = [
  (p, q) => `${p} * ${q}`,
  (p, _, c) => `${p} * ${p} % ${c}`,
  (p, q, c) => `(${p} + ${q}) % ${c}`,
  (p, q, c) => `${p} * ${q} / ${c}`,
  (p, q) => `(${p} + 1) % (${q} + 7)`,
  (p, q) => `${p} * 1000 / (${q} + 1)`,
  (p, q) => `min(${p}, ${q})`,
  (p, q, _, index) => `max(${p} - ${index}, ${q})`,
  (p, q) => `abs(${p} - ${q})`,
  (p, q, _, index) => `if ${p} > ${q} + ${index} then ${p} - ${q} else ${q} + ${index}`,
  (p, q) => `if ${p} == ${q} then ${p} * 2 else ${q} + 3`,
  (p, q) => `(${p} + ${q}) * (${p} - ${q})`,
  (p, q) => `${p} * 3 - ${q} * 7`,
];

const guards: readonly ((last: string, other: string, constant: string) => string)[] = [
  (p) => `${p} == 12345;`,
  (p, q) => `${p} > ${q};`,
  (p, q, c) => `${p} % ${c} == ${q} % 7;`,
  (p, q) => `${p} == ${q} * ${q};`,
  (p, q) => `${p} >= 0 && (${q} > 3 => ${p} != ${q});`,
];

const effects: readonly ((from: string, to: string, value: string) => string)[] = [
  (from, to, value) => `${from}.balance -= ${value}; ${to}.balance += ${value};`,
  (from, to) => `${to}.balance = (${from}.balance + ${to}.balance) / 2;`,
  (from, to, value) =>
    `${to}.balance += min(${from}.balance, ${value}); ${from}.balance -= min(${from}.balance, ${value});`,
  (from, to, value) => `${to}.balance = ${from}.balance * ${value} % 1000003;`,
  (from, _, value) => `${from}.balance -= ${from}.balance * ${value} / (${value} + 1);`,
];

const verifies: readonly ((left: string, right: string, value: string) => string)[] = [
  (left, right) =>
    `${left}.balance + ${right}.balance == old(${left}.balance) + old(${right}.balance);`,
  (left, right, value) => `${left}.balance * ${right}.balance >= old(${left}.balance) * ${value};`,
  (left, right) => `${left} != ${right} => ${left}.balance >= old(${left}.balance) / 2;`,
  (left, _, value) => `${left}.balance % ${value} == 0 || ${value} == 0;`,
];

const constants = [2, 7, 1_000_003, 18_446_744_073_709_551_557n, 2n ** 120n + 451n];

export function randomIntent(random: RandomSource): IntentGenome {
  return {
    amounts: 1 + random.below(6),
    accounts: 1 + random.below(8),
    count: random.below(random.pick([3, 10, 40])),
    operators: Array.from({ length: 1 + random.below(3) }, () => random.below(operators.length)),
    constant: random.below(constants.length),
    guard: random.below(guards.length),
    effects: random.below(random.pick([2, 8])),
    effect: random.below(effects.length),
    verifies: random.below(random.pick([2, 8])),
    verify: random.below(verifies.length),
  };
}

/** An intent that differs in one respect, or two. */
export function mutateIntent(random: RandomSource, genome: IntentGenome): IntentGenome {
  const other = randomIntent(random);
  const names = Object.keys(genome) as readonly (keyof IntentGenome)[];
  const sizes = { count: 60, effects: 30, verifies: 40, amounts: 15, accounts: 15 } as const;
  const name = random.pick(names);
  if (name in sizes && random.chance(60)) {
    const size = name as keyof typeof sizes;
    const grown = Math.round(genome[size] * random.pick([0.7, 1.3, 2]) + random.below(2));
    const room =
      size === "amounts" ? 15 - genome.accounts : size === "accounts" ? 15 - genome.amounts : 60;
    return { ...genome, [size]: Math.max(1, Math.min(sizes[size], room, grown)) };
  }
  const changed = { ...genome, [name]: other[name] };
  return changed.amounts + changed.accounts > 15 ? genome : changed;
}

export function crossIntents(
  random: RandomSource,
  left: IntentGenome,
  right: IntentGenome,
): IntentGenome {
  const entries = Object.keys(left).map((name) => {
    const from = random.chance(50) ? left : right;
    return [name, from[name as keyof IntentGenome]];
  });
  const mixed = Object.fromEntries(entries) as IntentGenome;
  return mixed.amounts + mixed.accounts > 15 ? left : mixed;
}

/** The source of the intent. */
export function renderIntent(genome: IntentGenome): string {
  const accounts = indices(genome.accounts).map((index) => `b${index}`);
  const amounts = indices(genome.amounts).map((index) => `v${index}`);
  const constant = String(constants[genome.constant] ?? 7);
  const at = (names: readonly string[], index: number): string =>
    names[index % names.length] ?? "a";
  const lets = indices(genome.count).map((index) => {
    const operator = operators[genome.operators[index % genome.operators.length] ?? 0];
    const previous = index === 0 ? "v0" : `w${index - 1}`;
    return `let w${index} = ${operator?.(previous, at(amounts, index + 1), constant, index) ?? previous};`;
  });
  const last = genome.count === 0 ? "v0" : `w${genome.count - 1}`;
  const guard = guards[genome.guard]?.(last, at(amounts, 1), constant) ?? "";
  const effect = indices(genome.effects).map(
    (index) =>
      effects[genome.effect]?.(
        at(["a", ...accounts], index),
        at(accounts, index),
        at(amounts, index),
      ) ?? "",
  );
  const verify = indices(genome.verifies).map(
    (index) =>
      verifies[genome.verify]?.(at(accounts, index), at(accounts, index + 1), at(amounts, index)) ??
      "",
  );
  const parameters = [
    "signer a: Account",
    ...accounts.map((name) => `${name}: Account`),
    ...amounts.map((name) => `${name}: Amount`),
  ];
  return `intent grown(${parameters.join(", ")}) {
  guard { ${lets.join(" ")} ${guard} }
  effect { a.balance -= 0; ${effect.join(" ")} }
  verify { true; ${verify.join(" ")} }
}
`;
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
