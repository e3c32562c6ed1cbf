import { InvalidArgumentError } from "commander";

/**
 * Reads a whole number from 0 on. @throws InvalidArgumentError, which commander shows to the user.
 */
export function natural(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("a whole number is needed.");
}

/** Reads a whole number from 1 on. @throws InvalidArgumentError. */
export function positive(text: string): number {
  const value = natural(text);
  if (value > 0) return value;
  throw new InvalidArgumentError("a whole number above 0 is needed.");
}
