import { contractStatesIn, depositsIn, type Ledger } from "@aethel/ledger";
import { type ChainParameters, type StateChange, toHex } from "@aethel/models";
import { brokenInvariants } from "@aethel/verifier";
import type { Checker } from "./checker.ts";

/** Entry of the state. */
interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Checks on the whole state after each block what the Judge has proved for all time: every invariant
 * of every published contract holds, and the deposits are exactly those of the cells that are there.
 * The state is kept by the changes of the blocks, apart from any tree.
 */
export function createContractChecker(ledger: Ledger, parameters: ChainParameters): Checker {
  const { tree, header } = ledger.state();
  const entries = new Map<string, Entry>();
  for (const entry of tree.entries()) entries.set(toHex(entry.key), entry);
  let sequence: number = header.sequence;
  return {
    name: "contracts",
    observe: (observation) => {
      if (observation.type !== "executed") return undefined;
      const { transition } = observation;
      // All honest nodes execute one block at a sequence: the first of them is enough.
      if (transition.sequence !== sequence + 1) return undefined;
      sequence = transition.sequence;
      for (const change of transition.changes) apply(entries, change);
      const broken = findBroken(entries, parameters);
      return broken === undefined ? undefined : `after the block ${sequence}: ${broken}`;
    },
  };
}

function apply(entries: Map<string, Entry>, { key, after }: StateChange): void {
  if (after === undefined) entries.delete(toHex(key));
  else entries.set(toHex(key), { key, value: after });
}

function findBroken(
  entries: ReadonlyMap<string, Entry>,
  parameters: ChainParameters,
): string | undefined {
  const { held, expected } = depositsIn(entries.values(), parameters);
  if (held !== expected) return `${held} are held as deposits, the cells demand ${expected}`;
  for (const { contract, state } of contractStatesIn(entries.values())) {
    for (const { rule, keys } of brokenInvariants(contract, state)) {
      const where = [...keys].map(([name, value]) => `${name} = ${value}`).join(", ");
      return `${contract.name} breaks its invariant ${rule.name}${where === "" ? "" : ` for ${where}`}`;
    }
  }
  return undefined;
}
