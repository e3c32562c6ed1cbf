import { TestkitError } from "../errors.ts";

/** One rule of a port, as a check of an implementation. */
export interface ComplianceCase {
  /** Statement about behaviour, for the title of a test. */
  readonly name: string;
  /** Rejects with TestkitError `NOT_COMPLIANT` when the rule is broken. */
  readonly run: () => Promise<void>;
}

/** Demands that a rule holds. @throws TestkitError `NOT_COMPLIANT` otherwise */
export function demand(holds: boolean, rule: string): void {
  if (!holds) throw new TestkitError({ code: "NOT_COMPLIANT", rule });
}
