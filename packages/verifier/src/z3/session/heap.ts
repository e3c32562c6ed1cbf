import { VerifierError } from "../../errors.ts";
import type { Pointer, SolverExports } from "./solver-exports.ts";

/**
 * Strings and arrays in the solver's memory. Nothing is freed, because the next session restores
 * the whole memory.
 */
export interface Heap {
  /** Writes a text with a terminating 0. */
  readonly writeText: (text: string) => Pointer;
  readonly writePointers: (pointers: readonly Pointer[]) => Pointer;
  /** Reads a text up to its terminating 0. A null pointer is read as an empty text. */
  readonly readText: (at: Pointer) => string;
  readonly readPointer: (at: Pointer) => Pointer;
  /**
   * Reserves `size` bytes, and returns their address.
   *
   * @throws VerifierError `SOLVER_UNUSABLE` if the solver has no memory left.
   */
  readonly allocate: (size: number) => Pointer;
}

/** Creates the heap of a running instance. */
export function createHeap(exports: SolverExports, bytes: Uint8Array): Heap {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const view = new DataView(bytes.buffer);

  function allocate(size: number): Pointer {
    const at = exports.malloc(Math.max(size, 4));
    if (at === 0) throw new VerifierError({ code: "SOLVER_UNUSABLE", reason: "out of memory" });
    return at;
  }

  return {
    allocate,
    writeText: (text) => {
      const encoded = encoder.encode(text);
      const at = allocate(encoded.length + 1);
      bytes.set(encoded, at);
      bytes[at + encoded.length] = 0;
      return at;
    },
    writePointers: (pointers) => {
      const at = allocate(pointers.length * 4);
      pointers.forEach((pointer, index) => view.setUint32(at + index * 4, pointer, true));
      return at;
    },
    readText: (at) => {
      if (at === 0) return "";
      // A copy: TextDecoder refuses shared memory.
      return decoder.decode(bytes.slice(at, bytes.indexOf(0, at)));
    },
    readPointer: (at) => view.getUint32(at, true),
  };
}
