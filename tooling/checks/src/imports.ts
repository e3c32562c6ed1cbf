import { builtinModules } from "node:module";
import type { File } from "./repository.ts";
import { scan } from "./scan.ts";
import { lineAt } from "./violation.ts";

/** One `import`, `export ... from`, `import()` or `require()`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Finds every module that a file imports, in order. Imports of types only count too. */
export function findImports({ text }: File): readonly Import[] {
  const { code, literals } = scan(text);
  return literals
    .filter(({ offset }) =>
      /(?:\bfrom|\bimport|\b(?:import|require)\s*\()\s*$/.test(code.slice(0, offset)),
    )
    .map(({ value, offset }) => ({ specifier: value, line: lineAt(text, offset) }));
}

/** Returns the `@scope/name` or `name` of a specifier; undefined for a path. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("/")) return undefined;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Tells whether Node itself provides the module. */
export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}
