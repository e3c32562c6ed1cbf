/**
 * Program of `npm run words [-- [--list] PATH...]`: reports words that the glossary bans, in
 * Markdown, docstrings and the other text of sources, and docstrings with a banned first word.
 * Prints their number for each part of the repository, or with `--list` each with its line.
 * Findings do not make it fail.
 */
import { readRepository } from "../repository.ts";
import { findWords } from "./findings.ts";
import { countByPart, countByWord, listFindings } from "./report.ts";
import { readWording } from "./say-and-not.ts";

const wanted = process.argv.slice(2).filter((argument) => argument !== "--list");
const files = readRepository();
const glossary = files.find(({ path }) => path === "docs/glossary.md")?.text ?? "";
const chosen = files.filter(
  ({ path }) => wanted.length === 0 || wanted.some((prefix) => path.startsWith(prefix)),
);
if (chosen.length === 0) {
  process.stderr.write(
    `No file is in ${wanted.join(" or ")}. Next: name a folder, such as docs.\n`,
  );
  process.exit(2);
}
const findings = findWords(chosen, readWording(glossary));
const lines = process.argv.includes("--list")
  ? listFindings(findings)
  : [...countByPart(findings), "", ...countByWord(findings)];
process.stdout.write(`${lines.join("\n")}\n`);
