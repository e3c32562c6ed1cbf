import type { About } from "../encoder/about.ts";
import { coverageStatements } from "../encoder/coverage.ts";
import type { TypedContract } from "../typed/typed-contract.ts";
import { initialState } from "../whole-state/whole-state.ts";
import { createWorkMeter, WORK_LIMITS, WorkExceeded } from "../work.ts";
import { type Concrete, stateOf } from "./concrete.ts";
import { decodeRun, encodeRun } from "./encoded-run.ts";
import { brokenStatement, publication, type Statement } from "./statement.ts";

/**
 * Tells whether plain evaluation confirms that an encoded run breaks a statement that must hold of
 * a contract. A pure function that uses neither solver nor prover. False for bytes that are no run
 * of the contract, and for a run that takes more than `WORK_LIMITS.confirmation` units of work.
 */
export function refutesContract(contract: TypedContract, encoded: Uint8Array): boolean {
  const run = decodeRun(contract, encoded);
  if (run === undefined) return false;
  const { spend } = createWorkMeter(WORK_LIMITS.confirmation);
  const concrete = { ...run.concrete, spend };
  try {
    return brokenStatement(contract, run.statement, { ...run, concrete }) !== undefined;
  } catch (error) {
    if (error instanceof WorkExceeded) return false;
    throw error;
  }
}

/**
 * Encodes the refutation of a contract by its rules in the state at publication, or by the form of
 * its exits and invariants: `refutesContract` confirms it. Undefined if they refute nothing.
 */
export function refutationByForm(contract: TypedContract): Uint8Array | undefined {
  const statements = [publication, ...coverageStatements(contract).flatMap(missingAt)];
  for (const statement of statements) {
    const run = { statement, intent: undefined, concrete: atPublication(contract), keys: [] };
    const encoded = encodeRun(contract, { ...run, signatures: [] });
    if (encoded !== undefined && refutesContract(contract, encoded)) return encoded;
  }
  return undefined;
}

function missingAt(about: About, at: number): readonly Statement[] {
  return about.type === "no-coverage" ? [{ kind: "coverage", at, part: 0 }] : [];
}

/** Returns a state and a call that say nothing: each scalar has its first value. */
function atPublication(contract: TypedContract): Concrete {
  const state = { ...initialState(contract), maps: new Map() };
  const nothing = { holdings: new Map(), supplies: new Map() };
  return {
    state,
    ...nothing,
    call: {
      arguments: new Map(),
      signers: new Set(),
      sequence: 0n,
      now: 0n,
      state: stateOf(contract, state, nothing),
      isSignature: () => false,
    },
  };
}
