import { TestkitError } from "../errors.ts";
import type { ApplicationKind } from "./application-kind.ts";
import { counter } from "./counter/counter-application.ts";
import { contracts, ledger } from "./ledger/ledger-application.ts";

const KINDS: readonly ApplicationKind[] = [ledger, contracts, counter];

/**
 * Returns the kind of application with a name.
 * @throws TestkitError `CONFIG` if there is none
 */
export function applicationNamed(name: string): ApplicationKind {
  const found = KINDS.find((kind) => kind.name === name);
  if (found !== undefined) return found;
  const known = KINDS.map((kind) => kind.name).join(", ");
  const problems = [`application: there is no "${name}"; there are ${known}`];
  throw new TestkitError({ code: "CONFIG", problems });
}
