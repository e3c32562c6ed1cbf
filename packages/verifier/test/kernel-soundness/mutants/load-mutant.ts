import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Checker, loadChecker } from "../hostile/checker.ts";

/** A change to one file of the kernel: the text that stands there once, and what replaces it. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const source = new URL("../../../src/", import.meta.url);

/** Folders that make up kernel and prover; neither imports anything else but `term.ts`. */
const FOLDERS = ["kernel", "prover"] as const;

/**
 * Kernel and prover as they stand in `src`, with changes, as plain JavaScript in a folder of their
 * own: a mutant never touches the sources, and child processes need no loader.
 */
export function writeKernel(changes: readonly Change[]): {
  readonly folder: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), "kernel-mutant-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const write = (path: string): void => {
    const text = changes
      .filter(({ file }) => file === path)
      .reduce(apply, readFileSync(new URL(path, source), "utf8"));
    const code = stripTypeScriptTypes(text, { mode: "strip" });
    const renamed = code.replaceAll(/(from\s*"[^"]*)\.ts"/g, '$1.js"');
    writeFileSync(join(folder, path.replace(/\.ts$/, ".js")), renamed);
  };
  for (const name of FOLDERS) {
    for (const path of readdirSync(new URL(name, source), { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".ts")) continue;
      mkdirSync(join(folder, name, dirname(path)), { recursive: true });
      write(`${name}/${path}`);
    }
  }
  write("term.ts");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The modules of a mutant, loaded. The folder is gone again when this returns. */
export async function loadMutant(changes: readonly Change[]): Promise<Checker> {
  const { folder, remove } = writeKernel(changes);
  try {
    return await loadChecker(
      async (path) =>
        await import(/* @vite-ignore */ pathToFileURL(join(folder, `${path}.js`)).href),
    );
  } finally {
    remove();
  }
}

function apply(text: string, { file, from, to }: Change): string {
  const parts = text.split(from);
  if (parts.length !== 2) {
    throw new Error(`${file} has ${parts.length - 1} places for a change: ${from}`);
  }
  return parts.join(to);
}
