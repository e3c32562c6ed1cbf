import { TestkitError } from "../errors.ts";

/** A test of one rule that implementations of a port must follow. */
export interface ComplianceCase {
  /** Statement of the rule, to be the title of a test. */
  readonly name: string;
  /** Runs the test. Rejects with TestkitError `NOT_COMPLIANT` if the rule is broken. */
  readonly run: () => Promise<void>;
}

/**
 * Checks that a rule holds.
 * @throws TestkitError `NOT_COMPLIANT` if it does not
 */
export function demand(holds: boolean, rule: string): void {
  if (!holds) throw new TestkitError({ code: "NOT_COMPLIANT", rule });
}
