import { readFile } from "node:fs/promises";
import type { Ban, BanStore } from "@aethel/p2p";
import { z } from "zod";
import { writeFileAtomic } from "../files/atomic-file.ts";

/** Most bytes of the file that are read. 1,024 bans need less. */
const BYTES_MAX = 1_048_576;

const time = z.int().nonnegative();

const File = z.object({
  bans: z.array(
    z.object({
      target: z.string(),
      sinceMs: time,
      untilMs: time,
      reason: z.string(),
      by: z.enum(["node", "operator"]),
      times: time,
    }),
  ),
});

/**
 * Creates a storage of bans in a JSON file, which the operator can read when the node is stopped. A
 * file that is missing or damaged has no bans: a node must start although a ban is lost.
 */
export function createBanFile(file: string, onDamaged: (error: unknown) => void): BanStore {
  return {
    async load(): Promise<readonly Ban[]> {
      try {
        const text = await readFile(file, "utf8");
        if (text.length > BYTES_MAX) throw new Error(`${text.length} bytes are too many`);
        return File.parse(JSON.parse(text)).bans;
      } catch (error) {
        const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
        if (!isMissing) onDamaged(error);
        return [];
      }
    },
    save: async (bans) =>
      await writeFileAtomic(file, `${JSON.stringify({ bans }, undefined, 2)}\n`),
  };
}
