import { readFile, stat } from "node:fs/promises";
import { formatSource, renderDiagnostic } from "@aethel/verifier";
import { note, print } from "../cli/output.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";

interface FmtOptions {
  readonly check?: boolean;
}

/**
 * `aethel fmt`: lays out sources in the one layout of the language, in place. A file that does
 * not parse stays as it is. Exit code 0 when all is well, 1 when a file could not be formatted, or
 * with `--check` when one is not.
 */
export async function formatFiles(files: readonly string[], options: FmtOptions): Promise<number> {
  let exitCode = 0;
  for (const file of files) {
    const source = await readSource(file);
    const result = source === undefined ? undefined : formatSource(source);
    if (source === undefined || result === undefined) {
      exitCode = 1;
    } else if (!result.ok) {
      const [first] = result.diagnostics;
      if (first !== undefined) note(`${file}: ${renderDiagnostic(source, first)}`);
      exitCode = 1;
    } else if (result.text !== source) {
      print(file);
      if (options.check === true) exitCode = 1;
      else await writeFileAtomic(file, result.text, { mode: (await stat(file)).mode });
    }
  }
  return exitCode;
}

/** The text of a file, or undefined after one line that says why there is none. */
async function readSource(file: string): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    note(`${file}: cannot be read as UTF-8 text: ${reason}`);
    return undefined;
  }
}
