import { VerifierError } from "../../errors.ts";
import { breakOf, type SolverMemory } from "../memory/memory-image.ts";
import type { Session } from "../session/session.ts";

/**
 * Finds the memory word in which Z3 keeps its count of units, by comparing memory with the count
 * while it grows. The word can be read while Z3 runs, when its API cannot be called.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` if there is no such word, or more than one.
 */
export function findUnitCounter(memory: SolverMemory, session: Session, work: () => void): number {
  let places: readonly number[] | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    work();
    const total = session.spent();
    const holds = (at: number): boolean =>
      memory.view.getUint32(at, true) === total && memory.view.getUint32(at + 4, true) === 0;
    places = places === undefined ? placesOf(memory, total) : places;
    places = places.filter(holds);
  }
  const [place, ...others] = places ?? [];
  if (place === undefined || others.length > 0) {
    const reason = `its count of units was not found: ${others.length} places`;
    throw new VerifierError({ code: "SOLVER_UNUSABLE", reason });
  }
  return place;
}

const ROUNDS = 3;

/** Reads a count of units at the address that `findUnitCounter` returned. */
export function readUnits(memory: SolverMemory, at: number): number {
  return memory.view.getUint32(at, true) + memory.view.getUint32(at + 4, true) * 2 ** 32;
}

function placesOf(memory: SolverMemory, total: number): readonly number[] {
  const { bytes, stackTop } = memory;
  const end = breakOf(memory) / 4;
  const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, end);
  const places: number[] = [];
  for (let at = Math.ceil(stackTop / 8) * 2; at < end; at += 2) {
    if (halves[at] === total) places.push(at * 4);
  }
  return places;
}
