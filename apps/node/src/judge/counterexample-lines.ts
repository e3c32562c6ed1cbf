import type { Counterexample, TheoremCounterexample } from "@aethel/verifier";

/**
 * Describes a counterexample in short lines with the names of the source, for output without
 * tables.
 */
export function counterexampleLines(
  counterexample: Counterexample | TheoremCounterexample,
): readonly string[] {
  if ("values" in counterexample) {
    return counterexample.values.map(({ name, value }) => `${name} = ${value}`);
  }
  const {
    arguments: given,
    accounts,
    supplies = [],
    sequence,
    sentence,
    contract,
  } = counterexample;
  const scalars = given
    .filter(({ type }) => type !== "Account")
    .map(({ name, value }) => `${name} = ${value}`);
  if (sequence !== undefined) scalars.push(`sequence = ${sequence}`);
  if (contract !== undefined) scalars.push(`now = ${contract.now}`);
  return [
    sentence,
    ...(scalars.length === 0 ? [] : [scalars.join(", ")]),
    ...accounts.map(({ name, signs, before, after }) => {
      const fields = Object.entries(before).map(([field, value]) => {
        const now = Object.entries(after).find(([key]) => key === field)?.[1] ?? value;
        return now === value ? `${field} ${value}` : `${field} ${value} -> ${now}`;
      });
      return `${name}${signs ? " (signs)" : ""}: ${fields.join(", ")}`;
    }),
    ...supplies.map(({ asset, before, after }) => {
      const change = before === after ? before : `${before} -> ${after}`;
      return `supply of ${asset}: ${change}`;
    }),
    ...(contract?.places ?? []).map(({ place, before, after }) =>
      before === after ? `${place}: ${before}` : `${place}: ${before} -> ${after}`,
    ),
  ];
}
