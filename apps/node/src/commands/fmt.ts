import { realpath } from "node:fs/promises";
import { formatSource, LANGUAGE_LIMITS } from "@aethel/verifier";
import { note, print } from "../cli/output.ts";
import { visible } from "../cli/visible.ts";
import { excerpt } from "../judge/excerpt.ts";
import { readNamedFile } from "../judge/read-file.ts";
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
    const result = source === undefined ? undefined : formatSource(source.text);
    if (source === undefined || result === undefined) {
      exitCode = 1;
    } else if (!result.ok) {
      for (const { code, message, span } of result.diagnostics) {
        const { line, column } = span.start;
        complain(`${file}:${line}:${column}`, `${code}: ${message}`);
        for (const shown of excerpt(source.text, span, process.stderr.columns ?? 100)) note(shown);
      }
      exitCode = 1;
    } else if (result.text !== source.text) {
      print(visible(file));
      if (options.check === true) exitCode = 1;
      // The file itself: a link to it stays a link.
      else await writeFileAtomic(await realpath(file), result.text, { mode: source.mode });
    }
  }
  return exitCode;
}

/** The text of a file, or undefined after one line that says why there is none. */
async function readSource(
  file: string,
): Promise<{ readonly text: string; readonly mode: number } | undefined> {
  const content = await readNamedFile(file, LANGUAGE_LIMITS.sourceBytes);
  if (!content.ok) {
    complain(file, content.reason);
    return undefined;
  }
  if (!file.endsWith(".ae")) {
    complain(file, "it is no .ae file");
    return undefined;
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(content.bytes), mode: content.mode & 0o777 };
  } catch {
    complain(file, "it is not UTF-8 text");
    return undefined;
  }
}

/** The name as it was given, so that a terminal can open it. */
function complain(file: string, what: string): void {
  note(visible(`${file}: ${what}`));
}
