import { TestkitError } from "../errors.ts";

/** One rule of a port, with what shows that an implementation keeps it. */
export interface ComplianceCase {
  /** A statement about behaviour; use it as the title of a test. */
  readonly name: string;
  /** Rejects with TestkitError `NOT_COMPLIANT` when the rule is broken. */
  readonly run: () => Promise<void>;
}

/** @throws TestkitError `NOT_COMPLIANT` unless the rule holds. */
export function demand(holds: boolean, rule: string): void {
  if (!holds) throw new TestkitError({ code: "NOT_COMPLIANT", rule });
}
