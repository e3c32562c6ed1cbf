import { AethelError } from "@aethel/models";

/** Faults that the testkit reports. */
export type TestkitFault =
  /** Options that make no world; one entry for each problem. */
  | { readonly code: "CONFIG"; readonly problems: readonly string[] }
  /**
   * A violated property of the protocol. `replay` is the command that shows the violation again.
   */
  | {
      readonly code: "VIOLATION";
      readonly checker: string;
      readonly reason: string;
      readonly atMs: number;
      readonly step: number;
      readonly replay: string;
    }
  /** Damage on a virtual disk before the end of what is written. */
  | { readonly code: "DISK_DAMAGED"; readonly offset: number }
  /** An implementation of a port that breaks one of its rules. */
  | { readonly code: "NOT_COMPLIANT"; readonly rule: string }
  /** A request that nobody answered in time. */
  | { readonly code: "NO_ANSWER"; readonly reason: "lost" | "aborted" | "no-peer" | "failed" };

/** The one error class of `@aethel/testkit`. */
export class TestkitError extends AethelError<TestkitFault> {
  override readonly name = "TestkitError";
}
