import { type Digest, sha256 } from "@aethel/models/primitives";
import { VerifierError } from "../errors.ts";
import type { SolverExports } from "./solver-exports.ts";

const PAGE = 65_536;
const BLOCK = 16 * PAGE;
const zeroBlock = Buffer.alloc(BLOCK);

/** The solver's linear memory, and where its allocator's break is kept. */
export interface SolverMemory {
  readonly bytes: Uint8Array;
  readonly view: Buffer;
  /** Stack is below, static data and heap above. */
  readonly stackTop: number;
  readonly breakAt: number;
}

/** A copy of everything that an instance remembers. It can be stored, and shared by threads. */
export interface Snapshot {
  /** The allocator's break. */
  readonly end: number;
  readonly runs: readonly Run[];
}

/** Pages that follow each other. */
export interface Run {
  readonly from: number;
  readonly to: number;
  /** Absent for a run of zeros. */
  readonly bytes?: Uint8Array;
}

/** A snapshot with the memory that can be put back to it. */
export interface MemoryImage {
  readonly snapshot: Snapshot;
  /** Equal for every instance of one solver file on every machine: what makes verdicts equal. */
  readonly digest: () => Digest;
  /** Puts the memory back, bit for bit, and leaves zeros above it. */
  readonly restore: () => void;
}

/**
 * Finds the allocator's break by moving it.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` when the solver was built with another allocator.
 */
export function findMemory(bytes: Uint8Array, exports: SolverExports): SolverMemory {
  const stackTop = exports.emscripten_stack_get_base();
  const words = new Uint32Array(bytes.buffer, stackTop, (16 * PAGE) / 4);
  const before = words.slice();
  // Larger than any free chunk of a new instance, so the break has to move.
  const size = 4 * 1024 * 1024;
  const block = exports.malloc(size);
  const end = block + size;
  let found = -1;
  words.forEach((word, index) => {
    const moved = word !== before[index] && word >= end && word < end + 4 * PAGE;
    // Both the top chunk's address and the break qualify; the break is never lower.
    if (moved && (found < 0 || word > (words[found] ?? 0))) found = index;
  });
  exports.free(block);
  if (block === 0 || found < 0) {
    throw new VerifierError({
      code: "SOLVER_UNUSABLE",
      reason: "the allocator's break was not found",
    });
  }
  return viewMemory(bytes, { stackTop, breakAt: stackTop + found * 4 });
}

/** The memory of an instance of which it is known where things are. */
export function viewMemory(
  bytes: Uint8Array,
  { stackTop, breakAt }: { readonly stackTop: number; readonly breakAt: number },
): SolverMemory {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, stackTop, breakAt };
}

/** Copies the memory as it is. Take it between calls only: the stack must be at its base. */
export function takeSnapshot(memory: SolverMemory): Snapshot {
  const end = memory.view.readUInt32LE(memory.breakAt);
  const runs = [...findRuns(memory, 0, memory.stackTop), ...findRuns(memory, memory.stackTop, end)];
  return { end, runs };
}

/** Makes a snapshot of this memory, or of another instance's, one to go back to. */
export function imageOf(memory: SolverMemory, snapshot: Snapshot): MemoryImage {
  const { end, runs } = snapshot;
  const restore = (): void => {
    const dirtyEnd = memory.view.readUInt32LE(memory.breakAt);
    for (const run of runs) {
      if (run.bytes === undefined) clear(memory, run.from, run.to);
      else memory.bytes.set(run.bytes, run.from);
    }
    clear(memory, end, Math.max(end, dirtyEnd));
  };
  return { snapshot, digest: () => sha256(describe(runs, end)), restore };
}

function findRuns(memory: SolverMemory, start: number, end: number): Run[] {
  const runs: { from: number; to: number; zero: boolean }[] = [];
  for (let from = start; from < end; from += PAGE) {
    const to = Math.min(from + PAGE, end);
    const zero = isZero(memory, from, to);
    const last = runs.at(-1);
    if (last !== undefined && last.zero === zero) last.to = to;
    else runs.push({ from, to, zero });
  }
  return runs.map(({ from, to, zero }) =>
    zero ? { from, to } : { from, to, bytes: memory.bytes.slice(from, to) },
  );
}

/** Writes only where something is: reading an untouched page costs no memory. */
function clear(memory: SolverMemory, start: number, end: number): void {
  for (let from = start; from < end; from += BLOCK) {
    const to = Math.min(from + BLOCK, end);
    if (!isZero(memory, from, to)) memory.bytes.fill(0, from, to);
  }
}

function isZero(memory: SolverMemory, from: number, to: number): boolean {
  return memory.view.compare(zeroBlock, 0, to - from, from, to) === 0;
}

function describe(runs: readonly Run[], end: number): Uint8Array {
  const parts = runs.flatMap((run) => [
    new Uint8Array(new BigUint64Array([BigInt(run.from), BigInt(run.to)]).buffer),
    run.bytes ?? new Uint8Array(0),
  ]);
  return Buffer.concat([...parts, new Uint8Array(new BigUint64Array([BigInt(end)]).buffer)]);
}
