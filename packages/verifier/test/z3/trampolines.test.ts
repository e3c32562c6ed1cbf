import { encodeModule, list, name, unsigned } from "@aethel/models/web-assembly";
import { describe, expect, test } from "vitest";
import {
  SET_THREW,
  STACK_RESTORE,
  STACK_SAVE,
  trampolineModule,
} from "../../src/z3/instance/trampoline-code.ts";
import { type WasmGlobal, type WasmTable, webAssembly } from "../../src/z3/wasm/web-assembly.ts";

interface Exports {
  readonly invoke_ii: (index: number, value: number) => number;
  readonly invoke_vi: (index: number, value: number) => void;
  readonly invoke_jii: (index: number, left: number, right: number) => bigint;
  readonly invoke_did: (index: number, left: number, right: number) => number;
  readonly stopped: () => number;
  readonly functions: WasmTable;
  readonly runtime: WasmTable;
  readonly thrown: WasmGlobal;
}

const letters: Readonly<Record<string, number>> = { i: 0x7f, j: 0x7e, f: 0x7d, d: 0x7c };

/** A function that a table can hold: JavaScript, imported and exported again. */
function tableFunction(signature: string, run: (...values: number[]) => unknown): unknown {
  const [result = "v", ...values] = signature;
  const results = result === "v" ? [] : [letters[result] ?? 0];
  const type = [0x60, list(values.map((letter) => letters[letter] ?? 0)), list(results)];
  const bytes = encodeModule([
    { id: 1, content: list([type]) },
    { id: 2, content: list([[name("host"), name("run"), 0, unsigned(0)]]) },
    { id: 7, content: list([[name("run"), 0, unsigned(0)]]) },
  ]);
  const module = new webAssembly.Module(bytes);
  const { exports } = new webAssembly.Instance(module, { host: { run } });
  return (exports as { readonly run: unknown }).run;
}

/** Trampolines over one function, and what they asked of Emscripten's runtime. */
function trampolines(signature: string, run: (...values: number[]) => unknown) {
  const names = ["invoke_ii", "invoke_vi", "invoke_jii", "invoke_did"];
  const module = new webAssembly.Module(trampolineModule(names));
  const exports = new webAssembly.Instance(module, {}).exports as Exports;
  const log: string[] = [];
  exports.functions.grow(8);
  exports.functions.set(7, tableFunction(signature, run));
  const save = (): number => 1234;
  const restore = (stack = 0): unknown => log.push(`restore ${stack}`);
  const threw = (flag = 0, value = 0): unknown => log.push(`threw ${flag} ${value}`);
  exports.runtime.set(STACK_SAVE, tableFunction("i", save));
  exports.runtime.set(STACK_RESTORE, tableFunction("vi", restore));
  exports.runtime.set(SET_THREW, tableFunction("vii", threw));
  return { exports, log };
}

describe("trampolines", () => {
  test("they call the function of that index and return what it returns, for every type", () => {
    const plusOne = trampolines("ii", (value = 0) => value + 1);
    const large = trampolines("jii", (left = 0, right = 0) => BigInt(left) << BigInt(right));
    const real = trampolines("did", (left = 0, right = 0) => left * right);

    expect(plusOne.exports.invoke_ii(7, 41)).toBe(42);
    expect(large.exports.invoke_jii(7, 5, 40)).toBe(5n << 40n);
    expect(real.exports.invoke_did(7, 3, 0.5)).toBe(1.5);
    expect(plusOne.exports.stopped()).toBe(0);
    expect([...plusOne.log, ...large.log, ...real.log]).toEqual([]);
  });

  test("a C++ exception is caught: the stack is put back, the flag is set, the result is zero", () => {
    const { exports, log } = trampolines("ii", () => {
      exports.thrown.value = 1;
      throw new Error("C++");
    });

    expect(exports.invoke_ii(7, 41)).toBe(0);
    expect(log).toEqual(["restore 1234", "threw 1 0"]);
    expect(exports.thrown.value).toBe(0);
  });

  test("any other exception goes on to the caller, as it is", () => {
    const host = new RangeError("host");
    const { exports, log } = trampolines("vi", () => {
      throw host;
    });

    expect(() => exports.invoke_vi(7, 1)).toThrow(host);
    expect(log).not.toContain("threw 1 0");
  });
});
