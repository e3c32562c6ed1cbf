import { AethelError } from "@aethel/models";

/** Errors of the testkit. */
export type TestkitFault =
  /** A network configuration that cannot be simulated; one entry for each problem to fix. */
  | { readonly code: "CONFIG"; readonly problems: readonly string[] }
  /** A broken property of the protocol. `replay` is the command that shows it again. */
  | {
      readonly code: "VIOLATION";
      readonly checker: string;
      readonly reason: string;
      readonly atMs: number;
      readonly step: number;
      readonly replay: string;
    }
  /** Damage on a virtual disk elsewhere than at its end. */
  | { readonly code: "DISK_DAMAGED"; readonly offset: number }
  /** An implementation of a port that breaks one of its rules. */
  | { readonly code: "NOT_COMPLIANT"; readonly rule: string }
  /** A request that nobody answered in time. */
  | { readonly code: "NO_ANSWER"; readonly reason: "lost" | "aborted" | "no-peer" | "failed" };

/** The one error class of `@aethel/testkit`. */
export class TestkitError extends AethelError<TestkitFault> {
  override readonly name = "TestkitError";
}
