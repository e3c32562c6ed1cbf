import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  checkIntentCertificate,
  checkTheoremCertificate,
  KERNEL_VERSION,
} from "../../src/certificate/index.ts";

/** Certificates as one version of the kernel accepted them; a new version adds a file. */
interface Accepted {
  readonly kernelVersion: number;
  readonly intents: readonly {
    readonly name: string;
    readonly source: string;
    readonly privileged: boolean;
    readonly certificate: string;
  }[];
  readonly theorems: readonly { readonly script: string; readonly certificate: string }[];
}

const folder = new URL("accepted/", import.meta.url);
const versions = readdirSync(folder).map(
  (file): Accepted => JSON.parse(readFileSync(new URL(file, folder), "utf8")),
);

describe("what was certified stays certified", () => {
  test("there is a file for each version of the kernel, this one included", () => {
    const expected = Array.from({ length: KERNEL_VERSION }, (_, at) => at + 1);

    expect(versions.map((one) => one.kernelVersion).toSorted((a, b) => a - b)).toEqual(expected);
  });

  test.each(versions)("certificates of version $kernelVersion are accepted", (accepted) => {
    for (const { name, source, privileged, certificate } of accepted.intents) {
      const answer = checkIntentCertificate(source, bytesOf(certificate), { privileged });
      expect(answer, name).toMatchObject({ type: "certified" });
    }
    for (const { script, certificate } of accepted.theorems) {
      const answer = checkTheoremCertificate(
        new TextEncoder().encode(script),
        bytesOf(certificate),
      );
      expect(answer, script).toMatchObject({ type: "certified" });
    }
  });
});

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
