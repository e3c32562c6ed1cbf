import { InvalidArgumentError } from "commander";

/** Whole numbers separated by commas. */
export function naturals(text: string): readonly number[] {
  return text.split(",").map(natural);
}

/** A whole number. @throws InvalidArgumentError, which commander explains. */
export function natural(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("a whole number is needed.");
}

/** A number without a sign. @throws InvalidArgumentError. */
export function decimal(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("a number is needed.");
}
