import { realpath } from "node:fs/promises";
import { formatSource, LANGUAGE_LIMITS } from "@aethel/verifier";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { excerpt } from "../judge/excerpt.ts";
import { readNamedFile } from "../judge/read-file.ts";
import { note, print } from "../terminal/output.ts";
import { visible } from "../terminal/visible.ts";

interface FmtOptions {
  readonly check?: boolean;
}

/** File name that stands for standard input. */
const STANDARD_INPUT = "-";

/**
 * Runs `aethel fmt`: formats sources in place. A file that does not parse stays unchanged. Exit
 * code 1 if a file could not be formatted, or with `--check` if a file is not formatted.
 */
export async function formatFiles(files: readonly string[], options: FmtOptions): Promise<number> {
  let exitCode = 0;
  for (const file of files) {
    const isWell =
      file === STANDARD_INPUT ? await formatInput(options) : await formatFile(file, options);
    if (!isWell) exitCode = 1;
  }
  return exitCode;
}

async function formatFile(file: string, { check = false }: FmtOptions): Promise<boolean> {
  const content = await readNamedFile(file, LANGUAGE_LIMITS.sourceBytes);
  if (!content.ok) return complain(file, content.reason);
  if (!file.endsWith(".ae")) return complain(file, "it is no .ae file");
  const source = textOf(content.bytes);
  if (source === undefined) return complain(file, "it is not UTF-8 text");
  const text = layOut(file, source);
  if (text === undefined) return false;
  if (text === source) return true;
  print(visible(file));
  if (check) return false;
  try {
    // The real path: a link to the file stays a link.
    await writeFileAtomic(await realpath(file), text, { mode: content.mode & 0o777 });
  } catch (error) {
    return complain(
      file,
      `it cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return true;
}

/**
 * Formats standard input to standard output, for editors. Writes nothing if the input has an error.
 * With `check`, writes only the file's name, and only if the input is not formatted. Returns false
 * in both of these cases.
 */
async function formatInput({ check = false }: FmtOptions): Promise<boolean> {
  const name = "standard input";
  const bytes = await readInput();
  if (bytes === undefined) {
    return complain(name, `it has more than ${LANGUAGE_LIMITS.sourceBytes} bytes`);
  }
  const source = textOf(bytes);
  if (source === undefined) return complain(name, "it is not UTF-8 text");
  const text = layOut(name, source);
  if (text === undefined) return false;
  if (!check) process.stdout.write(text);
  else if (text !== source) print(name);
  return !check || text === source;
}

/** Reads standard input. Undefined if it has more bytes than a source may have. */
async function readInput(): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes: Uint8Array = chunk;
    chunks.push(bytes);
    size += bytes.length;
    if (size > LANGUAGE_LIMITS.sourceBytes) return undefined;
  }
  return Buffer.concat(chunks);
}

/**
 * Formats a source. If it does not parse, prints its errors with their places and returns
 * undefined.
 */
function layOut(name: string, source: string): string | undefined {
  const result = formatSource(source);
  if (result.ok) return result.text;
  for (const { code, message, span } of result.diagnostics) {
    const { line, column } = span.start;
    complain(`${name}:${line}:${column}`, `${code}: ${message}`);
    for (const shown of excerpt(source, span, process.stderr.columns ?? 100)) note(shown);
  }
  return undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Prints an error about a file, with the name as it was given. Always returns false. */
function complain(name: string, what: string): false {
  note(visible(`${name}: ${what}`));
  return false;
}
