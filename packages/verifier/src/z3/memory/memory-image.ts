import { concatBytes, type Digest, sha256 } from "@aethel/models/primitives";
import { VerifierError } from "../../errors.ts";
import type { SolverExports } from "../session/solver-exports.ts";
import { createSameTest, type SameTest } from "./same-test.ts";
import { createZeroTest, type ZeroTest } from "./zero-test.ts";

const PAGE = 4_096;
const WORD = 8;
const BLOCK = 256 * PAGE;
/** Unit of the search for ranges of memory that repeat one word, in bytes. */
const GRAIN = 512;

/** Linear memory of the solver. The word at `breakAt` is the allocator's break. */
export interface SolverMemory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly words: BigUint64Array;
  readonly isZero: ZeroTest;
  readonly same: SameTest;
  /** Upper end of the stack. Static data and the heap are above it. */
  readonly stackTop: number;
  readonly breakAt: number;
}

/** Copy of everything that an instance remembers. It can be stored, and threads can share it. */
export interface Snapshot {
  /** Allocator's break when the copy was made; nothing above it was in use. */
  readonly end: number;
  readonly runs: readonly Run[];
}

/** Range of memory from `from` to `to`, as its bytes or as one 64-bit word that it repeats. */
export type Run =
  | { readonly from: number; readonly to: number; readonly bytes: Uint8Array }
  | { readonly from: number; readonly to: number; readonly word: bigint };

/** Snapshot together with the memory that can be restored to it. */
export interface MemoryImage {
  readonly snapshot: Snapshot;
  /**
   * Returns the hash of the snapshot. It is equal for every instance of one solver file on every
   * machine.
   */
  readonly digest: () => Digest;
  /** Restores the memory to the snapshot, bit for bit, and zeroes what was used above it. */
  readonly restore: () => void;
}

/**
 * Finds the address of the allocator's break, by allocating a block that moves the break.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` if it is not found, because the solver was built with
 * another allocator.
 */
export function findMemory(bytes: Uint8Array, exports: SolverExports): SolverMemory {
  const stackTop = exports.emscripten_stack_get_base();
  const words = new Uint32Array(bytes.buffer, stackTop, BLOCK / 4);
  const before = words.slice();
  // Larger than any free chunk of a new instance, so the break has to move.
  const size = 4 * 1024 * 1024;
  const block = exports.malloc(size);
  const end = block + size;
  let found = -1;
  words.forEach((word, index) => {
    const moved = word !== before[index] && word >= end && word < end + BLOCK / 4;
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

/** Creates the view of an instance's memory from addresses that are known, such as stored ones. */
export function viewMemory(
  bytes: Uint8Array,
  { stackTop, breakAt }: { readonly stackTop: number; readonly breakAt: number },
): SolverMemory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / WORD);
  const isZero = createZeroTest(bytes);
  return { bytes, view, words, isZero, same: createSameTest(bytes), stackTop, breakAt };
}

/** Returns the allocator's break, the address above which nothing is in use. */
export function breakOf({ view, breakAt }: SolverMemory): number {
  return view.getUint32(breakAt, true);
}

/**
 * Copies the memory as it is. MUST be called only between calls of the solver, when the stack is
 * empty.
 */
export function takeSnapshot(memory: SolverMemory): Snapshot {
  const end = breakOf(memory);
  const runs = [...findRuns(memory, 0, memory.stackTop), ...findRuns(memory, memory.stackTop, end)];
  return { end, runs };
}

/** Creates an image for this memory from a snapshot of it, or of another instance's memory. */
export function imageOf(memory: SolverMemory, snapshot: Snapshot): MemoryImage {
  const { end, runs } = snapshot;
  const restore = (): void => {
    const dirtyEnd = breakOf(memory);
    for (const run of runs) {
      if ("bytes" in run) copy(memory, run.from, run.bytes);
      else if (run.word === 0n) clear(memory, run.from, run.to);
      else fill(memory, run);
    }
    clear(memory, end, dirtyEnd);
  };
  return { snapshot, digest: () => sha256(describe(runs, end)), restore };
}

/**
 * Writes only pages whose bytes differ. Four of five pages do not differ, and comparing costs half
 * as much as writing.
 */
function copy({ bytes, same }: SolverMemory, from: number, source: Uint8Array): void {
  for (let start = 0; start < source.length; start += PAGE) {
    const end = Math.min(start + PAGE, source.length);
    if (same.holds(from + start, source, start, end)) continue;
    bytes.set(source.subarray(start, end), from + start);
  }
}

function fill({ words, same }: SolverMemory, run: Extract<Run, { word: bigint }>): void {
  const { from, to, word } = run;
  if (words[from / WORD] === word && same.repeats(from, to)) return;
  words.fill(word, from / WORD, to / WORD);
}

function findRuns(memory: SolverMemory, start: number, end: number): Run[] {
  const runs: { from: number; to: number; word: bigint | undefined }[] = [];
  for (let from = start; from < end; from += GRAIN) {
    const to = Math.min(from + GRAIN, end);
    const word = repeatedWord(memory, from, to);
    const last = runs.at(-1);
    if (last !== undefined && last.word === word) last.to = to;
    else runs.push({ from, to, word });
  }
  return runs.map(({ from, to, word }) =>
    word === undefined ? { from, to, bytes: memory.bytes.slice(from, to) } : { from, to, word },
  );
}

/**
 * Returns the word that fills a range; undefined if there is none. Of the 10 MB of a new context
 * that are not zero, 7 MB repeat one word.
 */
function repeatedWord(memory: SolverMemory, from: number, to: number): bigint | undefined {
  if (from % WORD !== 0 || to % WORD !== 0) return undefined;
  const words = memory.words.subarray(from / WORD, to / WORD);
  const first = words[0];
  return words.every((word) => word === first) ? first : undefined;
}

/**
 * Zeroes a range of memory. Skips blocks that are zero already, because reading an untouched page
 * takes no memory, and writing one does.
 */
function clear(memory: SolverMemory, start: number, end: number): void {
  for (let from = start; from < end; from += BLOCK) {
    const to = Math.min(from + BLOCK, end);
    if (memory.isZero(from, to)) continue;
    const aligned = from % WORD === 0 && to % WORD === 0;
    if (aligned) memory.words.fill(0n, from / WORD, to / WORD);
    else memory.bytes.fill(0, from, to);
  }
}

function describe(runs: readonly Run[], end: number): Uint8Array {
  const numbers = (...values: readonly bigint[]): Uint8Array =>
    new Uint8Array(new BigUint64Array(values).buffer);
  const parts = runs.flatMap((run) => [
    numbers(BigInt(run.from), BigInt(run.to)),
    "bytes" in run ? run.bytes : numbers(run.word),
  ]);
  return concatBytes(...parts, numbers(BigInt(end)));
}
