import { natural, positive } from "@aethel/terminal";
import { InvalidArgumentError } from "commander";

/** Reads whole numbers from 1 on, separated by commas. */
export function positives(text: string): readonly number[] {
  return text.split(",").map(positive);
}

/** Reads a number without a sign. @throws InvalidArgumentError. */
export function decimal(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("a number is needed.");
}

/** Reads a number above 0. @throws InvalidArgumentError. */
export function span(text: string): number {
  const value = decimal(text);
  if (value > 0) return value;
  throw new InvalidArgumentError("a number above 0 is needed.");
}

/** Reads a number from 0 to 1. @throws InvalidArgumentError. */
export function rate(text: string): number {
  const value = decimal(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError("a number from 0 to 1 is needed.");
}

/** Reads a number of Byzantine nodes. `f` stands for the largest number below a third. */
export function faulty(text: string): number | "f" {
  return text === "f" ? text : natural(text);
}

/**
 * Returns a reader of known names, separated by commas, which throws InvalidArgumentError for
 * others.
 */
export function namesOf<Name extends string>(
  known: readonly Name[],
): (text: string) => readonly Name[] {
  return (text) =>
    text.split(",").map((name) => {
      const found = known.find((each) => each === name);
      if (found !== undefined) return found;
      throw new InvalidArgumentError(`there is no "${name}"; there are ${known.join(", ")}.`);
    });
}

/** Returns a reader of a known name, which throws InvalidArgumentError for others. */
export function nameOf<Name extends string>(known: readonly Name[]): (text: string) => Name {
  return (text) => {
    const found = known.find((each) => each === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`there is no "${text}"; there are ${known.join(", ")}.`);
  };
}
