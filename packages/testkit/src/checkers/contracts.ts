import { Clock, contractStatesIn, depositsIn, type Ledger, stateKey } from "@aethel/ledger";
import { assert, type ChainParameters, type StateChange, toHex } from "@aethel/models";
import { brokenInvariants, stoppedExits } from "@aethel/verifier";
import type { Checker } from "./checker.ts";

/** Entry of the state. */
interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Checks property P38 on the whole state after each block. Every invariant of every published
 * contract holds, and the exit of every claim that is due pays it, as the Judge proved for every
 * reachable state. The sum of deposits is the price of the cells that are present. The state is
 * collected from the changes of the blocks, without a tree.
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
      const clock = clockOf(entries, sequence + 1);
      const broken = findBroken(entries, { parameters, clock });
      return broken === undefined ? undefined : `after the block ${sequence}: ${broken}`;
    },
  };
}

function apply(entries: Map<string, Entry>, { key, after }: StateChange): void {
  if (after === undefined) entries.delete(toHex(key));
  else entries.set(toHex(key), { key, value: after });
}

/** Sequence of the next block, and the time that its calls see, in seconds. */
interface CallClock {
  readonly sequence: bigint;
  readonly now: bigint;
}

function clockOf(entries: ReadonlyMap<string, Entry>, sequence: number): CallClock {
  const stored = entries.get(toHex(stateKey.clock));
  assert(stored !== undefined, "a state has a clock");
  const { now } = Clock.decode(stored.value);
  return { sequence: BigInt(sequence), now: BigInt(Math.floor(now / 1_000)) };
}

function findBroken(
  entries: ReadonlyMap<string, Entry>,
  { parameters, clock }: { readonly parameters: ChainParameters; readonly clock: CallClock },
): string | undefined {
  const { held, expected } = depositsIn(entries.values(), parameters);
  if (held !== expected) return `${held} are held as deposits, the cells demand ${expected}`;
  for (const { contract, state } of contractStatesIn(entries.values())) {
    for (const { rule, keys } of brokenInvariants(contract, state)) {
      return `${contract.name} breaks its invariant ${rule.name}${where(keys)}`;
    }
    for (const { exit, keys, reason } of stoppedExits(contract, state, clock)) {
      return `${contract.name} stops its exit ${exit.name}${where(keys)}: ${reason}`;
    }
  }
  return undefined;
}

function where(keys: ReadonlyMap<string, bigint | boolean | string>): string {
  const values = [...keys].map(([name, value]) => `${name} = ${value}`);
  return values.length === 0 ? "" : ` for ${values.join(", ")}`;
}
