/** Failure within a value, with the path of field names and indices from the outermost type. */
export class FieldError extends Error {
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], reason: string) {
    super(reason);
    this.path = path;
  }
}

/** Adds the next outer step to the path of a failure. */
export function within(step: string | number, error: unknown): FieldError {
  if (error instanceof FieldError) return new FieldError([step, ...error.path], error.message);
  return new FieldError([step], error instanceof Error ? error.message : String(error));
}

/** Path of a failure as text, such as `a.b[2].c`. */
export function pathOf(error: unknown): string {
  if (!(error instanceof FieldError)) return "";
  return error.path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
