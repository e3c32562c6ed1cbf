import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { fromHex, toHex } from "@aethel/models";
import { z } from "zod";
import { failure } from "../failure/failure.ts";

/** Purpose of a key. A key file is refused for any other purpose. */
export type KeyPurpose = "consensus" | "network" | "account";

const hex = (bytes: number): z.ZodString =>
  z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

/** Ed25519 seed of 32 bytes, encrypted with a password (scrypt, AES-256-GCM). */
export const SealedKey = z.strictObject({
  format: z.literal("aethel-key"),
  version: z.literal(1),
  purpose: z.enum(["consensus", "network", "account"]),
  publicKey: hex(32),
  kdf: z.strictObject({
    name: z.literal("scrypt"),
    // Bounded, so that a forged file cannot exhaust the memory: 2^20 takes 1 GiB.
    log2N: z.int().min(10).max(20),
    r: z.literal(8),
    p: z.literal(1),
    salt: hex(32),
  }),
  cipher: z.strictObject({
    name: z.literal("aes-256-gcm"),
    iv: hex(12),
    text: hex(32),
    tag: hex(16),
  }),
});
export type SealedKey = Readonly<z.infer<typeof SealedKey>>;

/**
 * Default cost of a key file, as log2 of scrypt's N. It takes 128 MiB and a third of a second, as
 * RFC 7914 advises for files.
 */
export const FILE_COST = 17;
/**
 * Cost of keys of a local network, as log2 of scrypt's N. It takes milliseconds: the password is
 * public anyway.
 */
export const LOCALNET_COST = 10;

/** Encrypts a seed. Purpose and public key stay readable, and the encryption authenticates them. */
export async function sealKey(options: {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly purpose: KeyPurpose;
  readonly password: string;
  readonly log2N?: number;
}): Promise<SealedKey> {
  const { secret, publicKey, purpose, password, log2N = FILE_COST } = options;
  const salt = randomBytes(32);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", await derive(password, salt, log2N), iv);
  cipher.setAAD(context(purpose, toHex(publicKey)));
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return {
    format: "aethel-key",
    version: 1,
    purpose,
    publicKey: toHex(publicKey),
    kdf: { name: "scrypt", log2N, r: 8, p: 1, salt: toHex(salt) },
    cipher: {
      name: "aes-256-gcm",
      iv: toHex(iv),
      text: toHex(text),
      tag: toHex(cipher.getAuthTag()),
    },
  };
}

/**
 * Decrypts a seed. @throws NodeError `PASSWORD` if the password is wrong or the file was altered.
 */
export async function openKey(sealed: SealedKey, password: string): Promise<Uint8Array> {
  const { kdf, cipher, purpose, publicKey } = sealed;
  const key = await derive(password, fromHex(kdf.salt), kdf.log2N);
  const decipher = createDecipheriv("aes-256-gcm", key, fromHex(cipher.iv));
  decipher.setAAD(context(purpose, publicKey));
  decipher.setAuthTag(fromHex(cipher.tag));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(fromHex(cipher.text)), decipher.final()]));
  } catch (cause) {
    throw failure(
      "PASSWORD",
      "the password is wrong, or the key file was altered",
      "give the password it was made with (AETHEL_PASSWORD, --password-file, or type it)",
      cause,
    );
  }
}

function context(purpose: KeyPurpose, publicKey: string): Uint8Array {
  return Buffer.from(`aethel-key/1/${purpose}/${publicKey}`);
}

function derive(password: string, salt: Uint8Array, log2N: number): Promise<Buffer> {
  const N = 2 ** log2N;
  return new Promise((resolve, reject) => {
    const text = password.normalize("NFKC");
    scrypt(text, salt, 32, { N, r: 8, p: 1, maxmem: 256 * N * 8 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
