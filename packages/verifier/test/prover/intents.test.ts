import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import { certify } from "../../src/kernel/index.ts";
import type { Obligation } from "../../src/obligation.ts";
import { findCertificate } from "../../src/prover/index.ts";
import { standardIntents } from "../../src/standard-intents.ts";
import { compileAll } from "../intent/prove.ts";
import { contractIntents } from "./contract-intents.ts";

function library(): readonly { readonly title: string; readonly source: string }[] {
  return ["../../library/", "../../library/assets/"].flatMap((folder) => {
    const url = new URL(folder, import.meta.url);
    const files = readdirSync(url).filter((name) => name.endsWith(".ae"));
    return files.toSorted().map((name) => ({
      title: name,
      source: readFileSync(new URL(name, url), "utf8"),
    }));
  });
}

function toBeProved(source: string): readonly Obligation[] {
  return compileAll(source)
    .flatMap((intent) => obligationsOf(intent))
    .filter(({ kind }) => kind !== "satisfiable");
}

/** Labels of the obligations that no certificate shows. */
function uncertified(source: string): readonly string[] {
  return toBeProved(source)
    .filter((obligation) => {
      const found = findCertificate(obligation);
      return found.type === "none" || certify(obligation, found.certificate).type !== "certified";
    })
    .map(({ label }) => label);
}

describe("Obligations of intents", () => {
  for (const { title, source } of [...library(), ...contractIntents]) {
    it(`are all certified: ${title}`, () => {
      expect(uncertified(source)).toEqual([]);
    });
  }

  it("are all certified: the standard intents", () => {
    expect(standardIntents().flatMap(({ source }) => uncertified(source))).toEqual([]);
  });

  it("have short certificates", () => {
    const sizes = library()
      .flatMap(({ source }) => toBeProved(source))
      .map((obligation) => findCertificate(obligation))
      .map((found) => (found.type === "found" ? found.certificate.length : Infinity))
      .toSorted((left, right) => left - right);

    expect(sizes[sizes.length >> 1]).toBeLessThanOrEqual(150);
    expect(sizes.at(-1)).toBeLessThanOrEqual(4_096);
  });
});
