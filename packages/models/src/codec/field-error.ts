/**
 * Failure within a value. `path` has the field names and indices that lead to it, the outermost
 * first.
 */
export class FieldError extends Error {
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], reason: string) {
    super(reason);
    this.path = path;
  }
}

/** Returns the failure with one more step, a field name or an index, at the front of its path. */
export function within(step: string | number, error: unknown): FieldError {
  if (error instanceof FieldError) return new FieldError([step, ...error.path], error.message);
  return new FieldError([step], error instanceof Error ? error.message : String(error));
}

/** Returns the path of a failure as text, such as `a.b[2].c`. Empty if the error has no path. */
export function pathOf(error: unknown): string {
  if (!(error instanceof FieldError)) return "";
  return error.path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
