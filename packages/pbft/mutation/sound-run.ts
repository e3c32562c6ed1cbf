import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Mutant } from "./mutants.ts";
import type { Workshop } from "./workshop.ts";

/** Facts about a test file that passes on sources without a mutant. */
export interface SoundTest {
  readonly test: string;
  /** Hash of the sources, of what tests share, and of the test file. */
  readonly of: string;
  readonly ms: number;
  /** Parts that are never executed of each source file that is loaded. */
  readonly idle: Readonly<Record<string, readonly (readonly [start: number, end: number])[]>>;
  /** Source files that it imports itself. */
  readonly imports: readonly string[];
  /** With a part of its runs it passes as well. */
  readonly canHurry: boolean;
  /** Its child processes execute what the record does not show. */
  readonly hasChildren: boolean;
}

/** Part of the runs that a hurried round gives to properties. */
export const HURRY = 10;

/** A property that counts what it has seen may need all its runs, and pass by luck with fewer. */
const HURRIED_TRIES = 3;

/** Runs each test file that is not recorded yet in `record`, and throws if one fails. */
export async function runSound(
  workshops: readonly Workshop[],
  record: string,
): Promise<readonly SoundTest[]> {
  const home = workshops[0]?.home ?? "";
  const known = new Map(readSound(record).map((each) => [each.test, each]));
  const wanted = testsIn(home);
  const pending = wanted.filter(({ test, of }) => known.get(test)?.of !== of);
  await Promise.all(
    workshops.map(async (workshop) => {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        known.set(next.test, await runOne(workshop, next, known.get(next.test)));
        writeFileSync(record, JSON.stringify([...known.values()]));
        process.stderr.write(`sound: ${next.test}, ${pending.length} to go\n`);
      }
    }),
  );
  return wanted.flatMap(({ test }) => known.get(test) ?? []);
}

/** Whether a test file executes any of what the mutant changes. */
export function isExecuted(mutant: Mutant, { idle, hasChildren }: SoundTest): boolean {
  if (hasChildren) return true;
  const parts = idle[mutant.file];
  if (parts === undefined) return false;
  return !parts.some(([start, end]) => start <= mutant.start && mutant.end <= end);
}

async function runOne(
  workshop: Workshop,
  { test, of }: Pick<SoundTest, "test" | "of">,
  before: SoundTest | undefined,
): Promise<SoundTest> {
  const folder = mkdtempSync(path.join(tmpdir(), "coverage-"));
  const coverage = path.join(folder, "coverage.json");
  const { verdict, ms } = await workshop.run({ tests: [test], coverage }, 600_000);
  if (verdict !== "survived") throw new Error(`${test} fails without any mutant: ${verdict}`);
  const idle: SoundTest["idle"] = JSON.parse(readFileSync(coverage, "utf8"));
  rmSync(folder, { recursive: true });
  const text = readFileSync(path.join(workshop.home, test), "utf8");
  let canHurry = before?.canHurry ?? true;
  // Asked once: it is the properties that need their runs, whatever the sources are.
  const tries = before === undefined && text.includes("fast-check") ? HURRIED_TRIES : 0;
  for (let at = 0; at < tries && canHurry; at += 1) {
    const hurried = await workshop.run({ tests: [test], hurry: HURRY }, 600_000);
    canHurry = hurried.verdict === "survived";
  }
  const imports = [...text.matchAll(/from "(?:\.\.\/)+(src\/[^"]+)"/gu)].map(
    (match) => match[1] ?? "",
  );
  const hasChildren = /child_process|log-children/u.test(text);
  return { test, of, ms, idle, imports, canHurry, hasChildren };
}

function readSound(record: string): readonly SoundTest[] {
  return existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : [];
}

export function testsIn(home: string): readonly Pick<SoundTest, "test" | "of">[] {
  const sources = createHash("sha256");
  const folder = path.join(home, "src");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
    if (name.endsWith(".ts")) sources.update(readFileSync(path.join(folder, name)));
  }
  const common = sources.digest("hex");
  return readdirSync(path.join(home, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .toSorted()
    .map((name) => {
      const hash = createHash("sha256").update(common);
      for (const text of textsOf(path.join(home, "test"), name)) hash.update(text);
      return { test: `test/${name}`, of: hash.digest("hex") };
    });
}

/** A test file, and what it imports of its folder and those in it. */
function textsOf(folder: string, name: string): readonly string[] {
  const names = [name];
  const texts: string[] = [];
  for (const each of names) {
    const text = readFileSync(path.join(folder, each), "utf8");
    texts.push(text);
    for (const [, imported = ""] of text.matchAll(/from "(\.\.?\/[^"]+)"/gu)) {
      const other = path.join(path.dirname(each), imported);
      if (!other.startsWith("..") && !names.includes(other)) names.push(other);
    }
  }
  return texts;
}
