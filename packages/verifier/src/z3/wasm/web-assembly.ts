/** Compiled WebAssembly code, which worker threads can share. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

/** Running WebAssembly code with its memory. */
export interface WasmInstance {
  readonly exports: object;
}

/** Values that an instance imports, by module and name. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Table of functions. */
export interface WasmTable {
  readonly length: number;
  readonly grow: (count: number) => number;
  readonly set: (index: number, value: unknown) => void;
}

/** Variable that WebAssembly and JavaScript share. */
export interface WasmGlobal {
  value: number;
}

/**
 * Members of the global `WebAssembly` that are used. They are declared here because neither
 * `es2024` nor Node's types have them, and a whole browser library in scope would hide mistakes.
 */
export const webAssembly: {
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
  readonly Module: {
    new (bytes: Uint8Array<ArrayBuffer>): WasmModule;
    imports(module: WasmModule): readonly { readonly name: string; readonly kind: string }[];
  };
  readonly Instance: new (
    module: WasmModule,
    imports: WasmImports,
  ) => WasmInstance;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the WebAssembly of the host
} = (globalThis as unknown as { readonly WebAssembly: typeof webAssembly }).WebAssembly;
