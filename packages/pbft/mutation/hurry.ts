/**
 * Set-up of test runs that only ask whether a property fails: the smallest failure is not looked for,
 * and with `MUTATION_HURRY` a property has that part of its runs.
 */
import { registerHooks } from "node:module";
import fc from "fast-check";

fc.configureGlobal({ endOnFailure: true });
const part = Number(process.env["MUTATION_HURRY"] ?? "1");
if (part > 1) {
  const short = new URL("short-check.ts", import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "fast-check" && context.parentURL?.startsWith(short) !== true
        ? { url: short, shortCircuit: true }
        : next(specifier, context),
  });
}
