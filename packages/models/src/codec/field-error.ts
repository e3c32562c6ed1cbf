/** Carries the path of the field that failed from the innermost schema out to `encode`/`decode`. */
export class FieldError extends Error {
  readonly path: readonly string[];
  readonly reason: string;

  constructor(path: readonly string[], reason: string) {
    super(reason);
    this.path = path;
    this.reason = reason;
  }
}

/** Runs `action`; an error inside it comes out as a `FieldError` whose path starts with `field`. */
export function inField<T>(field: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof FieldError) throw new FieldError([field, ...error.path], error.reason);
    throw new FieldError([field], error instanceof Error ? error.message : String(error));
  }
}
