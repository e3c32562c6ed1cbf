import type { Manifest, Package } from "./repository.ts";
import type { Violation } from "./violation.ts";

const LINES_MAX = 120;

/** Headings that every README has, in this order, so that a reader knows where to look. */
const HEADINGS = ["Guarantees", "Limits", "Errors", "How it works"] as const;

/** Finds faults in the README of a package and in the example in it. */
export function findReadmeViolations({ folder, manifest, files }: Package): readonly Violation[] {
  const path = `${folder}/README.md`;
  const readme = files.find((file) => file.path === path)?.text;
  if (readme === undefined) return [{ file: path, rule: "is missing", mend: "write it" }];
  return [
    ...findFormViolations({ path, readme }),
    ...findEngineViolations({ path, readme }, manifest),
    ...findExampleViolations({ path, readme, examples: examplesOf({ folder, files }) }),
  ];
}

interface Readme {
  readonly path: string;
  readonly readme: string;
}

function findFormViolations({ path, readme }: Readme): readonly Violation[] {
  const violations: Violation[] = [];
  const lines = readme.trimEnd().split("\n");
  if (lines.length > LINES_MAX) {
    const rule = `has ${lines.length} lines, more than ${LINES_MAX}`;
    violations.push({ file: path, rule, mend: "move detail to docs/" });
  }
  const headings = lines
    .filter((line) => line.startsWith("## "))
    .map((line) => line.slice(3).trim());
  const missing = HEADINGS.filter((heading) => !headings.includes(heading));
  for (const heading of missing) {
    violations.push({ file: path, rule: `has no heading "## ${heading}"`, mend: "add it" });
  }
  const ordered = headings.filter((heading) => HEADINGS.some((known) => known === heading));
  if (missing.length === 0 && ordered.join() !== HEADINGS.join()) {
    const mend = `write them once each, in this order: ${HEADINGS.join(", ")}`;
    violations.push({ file: path, rule: "has its headings in another order", mend });
  }
  return violations;
}

/**
 * Finds a README that does not name the least version of Node that the package's manifest requires.
 */
function findEngineViolations({ path, readme }: Readme, { engines }: Manifest): Violation[] {
  const least = engines?.node?.replace(/^>=/, "");
  if (least === undefined || readme.includes(`Node ${least} or later`)) return [];
  const mend = `say "Node ${least} or later", beside the example`;
  return [{ file: path, rule: "does not say which Node it needs", mend }];
}

function findExampleViolations(
  readme: Readme & { readonly examples: readonly string[] },
): readonly Violation[] {
  const { path: file, examples } = readme;
  if (examples.length === 0) {
    return [{ file, rule: "has no example", mend: "write one in examples/, and embed it" }];
  }
  const blocks = [...readme.readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  if (examples.some((example) => blocks.includes(example))) return [];
  const rule = "embeds no file of examples/ word for word";
  return [{ file, rule, mend: "copy the whole file into a ts block" }];
}

function examplesOf({ folder, files }: Pick<Package, "folder" | "files">): readonly string[] {
  return files
    .filter(({ path }) => path.startsWith(`${folder}/examples/`) && path.endsWith(".ts"))
    .map(({ text }) => text);
}
