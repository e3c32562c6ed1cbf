/** Set-up of test runs that only ask whether a property fails: the smallest failure is not looked for. */
import fc from "fast-check";

fc.configureGlobal({ endOnFailure: true });
