/** Compiled code. It may be sent to worker threads, which share it. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

/** Code with its memory. */
export interface WasmInstance {
  readonly exports: object;
}

/** Functions that an instance calls, by module and name. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The part of the global `WebAssembly` that is used. Declared here because neither `es2024` nor
 * Node's types hold it, and a whole browser library in scope would hide mistakes.
 */
export const webAssembly: {
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
} = (globalThis as unknown as { readonly WebAssembly: typeof webAssembly }).WebAssembly;
