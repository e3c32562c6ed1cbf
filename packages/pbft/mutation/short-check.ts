/** Stands in for fast-check where a property is to have a part of its runs. */
import fc from "fast-check";
import { expect } from "vitest";

const part = Number(process.env["MUTATION_HURRY"] ?? "1");
const whole = (process.env["MUTATION_WHOLE"] ?? "").split(" ");

const assert = ((property: fc.IRawProperty<unknown[]>, parameters?: fc.Parameters<unknown[]>) => {
  const file = expect.getState().testPath ?? "";
  const isWhole = whole.some((test) => test !== "" && file.endsWith(`/${test}`));
  const numRuns = Math.ceil((parameters?.numRuns ?? 100) / (isWhole ? 1 : part));
  return fc.assert(property, { ...parameters, numRuns });
}) as typeof fc.assert;

const short: typeof fc = { ...fc, assert };

export { short as default };
