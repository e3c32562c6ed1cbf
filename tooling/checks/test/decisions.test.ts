import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../../docs/decisions/", import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name !== "README.md")
  .toSorted();
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");

test("decisions have numbers without a gap, a title, a date and a status", () => {
  files.forEach((name, at) => {
    const number = String(at + 1).padStart(3, "0");
    const [title = "", blank, status = ""] = read(name).split("\n");

    expect(name).toMatch(new RegExp(`^${number}-[a-z0-9-]+\\.md$`));
    expect(title, name).toMatch(new RegExp(`^# ${number} \\S`));
    expect(blank, name).toBe("");
    expect(status, name).toMatch(/^Accepted, \d{4}-\d\d-\d\d\.( |$)/);
  });
});

test("the list of decisions has each with its title and date", () => {
  const rows = read("README.md")
    .split("\n")
    .filter((line) => /^\| \[\d/.test(line));
  const wanted = files.map((name) => {
    const [title = "", , status = ""] = read(name).split("\n");
    const [, number = "", text = ""] = /^# (\d+) (.*)$/.exec(title) ?? [];
    const [, date = ""] = /^Accepted, ([\d-]+)\./.exec(status) ?? [];
    return `| [${number}](${name}) | ${text} | ${date} |`;
  });

  expect(rows).toEqual(wanted);
});
