import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSigner, type PublicKey, toHex } from "@aethel/models";
import { failure } from "../failure/failure.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { type KeyPurpose, openKey, SealedKey, sealKey } from "./sealed-key.ts";

/**
 * Makes a key, or takes `secret`, and writes it encrypted with file mode 0600. Never replaces a
 * file.
 */
export async function createKeyFile(options: {
  readonly file: string;
  readonly purpose: KeyPurpose;
  readonly password: string;
  readonly secret?: Uint8Array;
  readonly log2N?: number;
}): Promise<PublicKey> {
  const { file, purpose, password, log2N } = options;
  if ((await readIfThere(file)) !== undefined) {
    throw failure(
      "KEY_FILE",
      `${file} exists already`,
      "use it (`aethel keys show`), or name another place: a key is never replaced",
    );
  }
  const secret = options.secret ?? new Uint8Array(randomBytes(32));
  const { publicKey } = createSigner(secret);
  const cost = log2N === undefined ? {} : { log2N };
  const sealed = await sealKey({ secret, publicKey, purpose, password, ...cost });
  await writeFileAtomic(file, `${JSON.stringify(sealed, undefined, 2)}\n`, { mode: 0o600 });
  return publicKey;
}

/**
 * Reads a key file without decrypting it, which needs no password. @throws NodeError `KEY_FILE`,
 * also if the key's purpose is not in `purposes`.
 */
export async function readKeyFile(
  file: string,
  ...purposes: readonly [KeyPurpose, ...KeyPurpose[]]
): Promise<SealedKey> {
  const text = await readIfThere(file);
  if (text === undefined) {
    const next = "make one with `aethel keys new --data-dir DIR`, or correct the path";
    throw failure("KEY_FILE", `there is no key file ${file}`, next);
  }
  const sealed = SealedKey.safeParse(parseJson(text));
  if (!sealed.success) {
    const next = "restore the file from your backup";
    throw failure("KEY_FILE", `${file} is damaged or not a key file`, next, sealed.error);
  }
  if (purposes.includes(sealed.data.purpose)) return sealed.data;
  throw failure(
    "KEY_FILE",
    `${file} is a ${sealed.data.purpose} key; a key for ${purposes.join(" or ")} is needed`,
    "give the file with the right purpose: keys are never shared between purposes",
  );
}

/** Decrypts the 32-byte seed of a key file. @throws NodeError `KEY_FILE`, `PASSWORD`. */
export async function openKeyFile(options: {
  readonly file: string;
  readonly purpose: KeyPurpose | readonly [KeyPurpose, ...KeyPurpose[]];
  readonly password: string;
}): Promise<Uint8Array> {
  const { file, purpose } = options;
  const sealed =
    typeof purpose === "string"
      ? await readKeyFile(file, purpose)
      : await readKeyFile(file, ...purpose);
  const secret = await openKey(sealed, options.password);
  if (toHex(createSigner(secret).publicKey) === sealed.publicKey) return secret;
  const next = "restore the file from your backup";
  throw failure(
    "KEY_FILE",
    `${file} has a public key that does not belong to its secret key`,
    next,
  );
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    const next = "check the permissions of the file and its folder";
    throw failure("KEY_FILE", `${file} cannot be read`, next, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
