import { CALLS_MAX } from "@aethel/models";
import { z } from "zod";
import { failure, NodeError } from "../failure/failure.ts";
import { type GivenCall, readCallWords } from "./call-words.ts";

/** Call of a list in JSON: `{ "call": "escrow.release", "arguments": { "id": 7 } }`. */
const JsonCall = z.strictObject({
  call: z.string().min(1),
  arguments: z.record(z.string(), z.union([z.string(), z.int(), z.boolean()])).default({}),
});

/**
 * Reads the calls of a file. A `.json` file has a list of `{ "call", "arguments" }`. Any other file
 * has a call on each line, in the form of the command line; `#` begins a comment, and a value with
 * spaces stands in double quotes.
 * @throws NodeError `FILE` that names the line or the field to correct.
 */
export function readCallList(file: string, text: string): readonly GivenCall[] {
  const calls = file.endsWith(".json") ? readJson(file, text) : readLines(file, text);
  if (calls.length === 0) throw failure("FILE", `${file} has no call`, FORM);
  if (calls.length <= CALLS_MAX) return calls;
  const text0 = `${file} has ${calls.length} calls, and a transaction has at most ${CALLS_MAX}`;
  throw failure("FILE", text0, "divide it into several files");
}

const FORM = "write a call on each line, such as `escrow.release id=7`";

function readLines(file: string, text: string): readonly GivenCall[] {
  return text.split("\n").flatMap((line, at) => {
    const place = `${file}:${at + 1}`;
    const words = wordsOf(line, place);
    return words.length === 0 ? [] : [atPlace(place, () => readCallWords(words))];
  });
}

/** A word: parts that have no space, or stand in double quotes. */
const WORD = /(?:"[^"]*"|[^\s"#]|(?<=\S)#)+/y;

/** Divides a line into words, without its comment. */
function wordsOf(line: string, place: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(line[at] ?? "")) at++;
    if (at >= line.length || line[at] === "#") return words;
    WORD.lastIndex = at;
    const [word] = WORD.exec(line) ?? [];
    if (word === undefined) {
      throw failure("FILE", `${place}: a double quote is not closed`, "close it on the same line");
    }
    words.push(word.replaceAll('"', ""));
    at += word.length;
  }
}

function readJson(file: string, text: string): readonly GivenCall[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw failure("FILE", `${file} is not JSON`, "correct the file", cause);
  }
  const parsed = z.array(JsonCall).safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? "" : ` at \`${issue.path.join(".")}\`: ${issue.message}`;
    const next = 'write [{ "call": "escrow.release", "arguments": { "id": 7 } }]';
    throw failure("FILE", `${file} is no list of calls${where}`, next, parsed.error);
  }
  return parsed.data.map(({ call, arguments: given }) => ({
    target: call,
    given: Object.entries(given).map(([name, value]) => ({ name, text: String(value) })),
  }));
}

/** Runs `read`, and names the place in its error. */
function atPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const { message, next } = error.fault;
    throw failure("FILE", `${place}: ${message}`, next, error).explainedBy(error.details);
  }
}
