import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compiled, runExample } from "./written-calls.ts";

const library = new URL("../../library/contracts/", import.meta.url);
const page = readFileSync(new URL("../../docs/contracts-calls.md", import.meta.url), "utf8");

/** Examples on the page, by contract. */
const sections = page
  .split("\n## ")
  .slice(1)
  .map((section) => {
    const name = section.slice(0, section.indexOf("\n"));
    const examples = [...section.matchAll(/```\n([^]*?)\n```/g)].flatMap(([, text]) => text ?? []);
    return { name, examples };
  });

function sourceOf(file: string): string {
  return readFileSync(new URL(file, library), "utf8");
}

describe("calls of the library's contracts", () => {
  test("are shown for each contract, and each contract tells what happens in it", () => {
    const names = readdirSync(library).flatMap((file) =>
      file.endsWith(".ae") ? [file.slice(0, -3)] : [],
    );
    expect(sections.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const name of names) expect(sourceOf(`${name}.ae`), name).toContain("emit ");
  });

  test.each(sections)("of $name do what the page says", ({ name, examples }) => {
    const contract = compiled(sourceOf(`${name}.ae`));
    expect(examples.map((one) => runExample(contract, one))).toEqual(examples.map(() => undefined));
  });

  test.each(sections)(
    "one that $name refuses goes through in its faulty twin",
    ({ name, examples }) => {
      const twin = compiled(sourceOf(`attacks/${name}.ae`));
      // The twins emit nothing: what counts is which calls go through.
      const silent = examples.map((one) => one.replaceAll(/ -> (?!refused)\w+/g, ""));
      const wrong = silent.flatMap((one) => runExample(twin, one) ?? []);
      expect(wrong.filter(({ line }) => line.endsWith("-> refused"))).toContainEqual(
        expect.objectContaining({ because: "applied" }),
      );
    },
  );
});
