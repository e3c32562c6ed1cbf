import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeError } from "../src/failure/failure.ts";
import { createKeyFile, openKeyFile, readKeyFile } from "../src/keys/key-file.ts";
import { LOCALNET_COST } from "../src/keys/sealed-key.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aethel-keys-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const password = "correct horse";
const cheap = { password, log2N: LOCALNET_COST };

describe("key files", () => {
  test("open with their password and no other", async () => {
    const file = path.join(folder, "opens.json");
    const secret = new Uint8Array(randomBytes(32));
    await createKeyFile({ file, purpose: "account", secret, ...cheap });

    expect(await openKeyFile({ file, purpose: "account", password })).toEqual(secret);
    expect(await codeOf(openKeyFile({ file, purpose: "account", password: "x" }))).toBe("PASSWORD");
  });

  test("are readable by their owner alone, hold no secret in the clear, and leave no draft", async () => {
    const file = path.join(folder, "private", "key.json");
    const secret = new Uint8Array(randomBytes(32));
    await createKeyFile({ file, purpose: "consensus", secret, ...cheap });

    const text = await readFile(file, "utf8");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(Buffer.from(secret).toString("hex"));
    expect(await readdir(path.dirname(file))).toEqual(["key.json"]);
  });

  test("are never replaced", async () => {
    const file = path.join(folder, "kept.json");
    await createKeyFile({ file, purpose: "account", ...cheap });
    const before = await readFile(file, "utf8");

    expect(await codeOf(createKeyFile({ file, purpose: "account", ...cheap }))).toBe("KEY_FILE");
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test("of one purpose are refused for another", async () => {
    const file = path.join(folder, "purpose.json");
    await createKeyFile({ file, purpose: "network", ...cheap });

    expect(await codeOf(readKeyFile(file, "consensus"))).toBe("KEY_FILE");
    expect((await readKeyFile(file, "network")).purpose).toBe("network");
  });

  test("that were changed in any hex digit do not open", async () => {
    const file = path.join(folder, "changed.json");
    await createKeyFile({ file, purpose: "account", ...cheap });
    const sealed = JSON.parse(await readFile(file, "utf8"));
    const fields = ["publicKey", "salt", "iv", "text", "tag"] as const;

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), fc.nat(), async (field, at) => {
        const copy = structuredClone(sealed);
        const place = field === "publicKey" ? copy : field === "salt" ? copy.kdf : copy.cipher;
        place[field] = flipDigit(place[field], at);
        const changed = path.join(folder, "flipped.json");
        await writeFile(changed, JSON.stringify(copy));

        expect(await codeOf(openKeyFile({ file: changed, purpose: "account", password }))).toBe(
          "PASSWORD",
        );
      }),
      { numRuns: 100 },
    );
  });

  test("that were cut anywhere are refused with one clear line", async () => {
    const file = path.join(folder, "cut.json");
    await createKeyFile({ file, purpose: "account", ...cheap });
    const text = await readFile(file, "utf8");
    for (const length of [0, 1, 40, 200, text.length - 3]) {
      await writeFile(file, text.slice(0, length));
      expect(await codeOf(openKeyFile({ file, purpose: "account", password }))).toBe("KEY_FILE");
    }
  });
});

function flipDigit(hex: string, at: number): string {
  const index = at % hex.length;
  const digit = hex[index] === "0" ? "1" : "0";
  return hex.slice(0, index) + digit + hex.slice(index + 1);
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
    return "no error";
  } catch (error) {
    return error instanceof NodeError ? error.fault.code : String(error);
  }
}
