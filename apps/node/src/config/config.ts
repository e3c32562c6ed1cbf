import { readFile } from "node:fs/promises";
import { z } from "zod";
import { failure } from "../failure/failure.ts";

/**
 * Least number of blocks that a node keeps: a restarted validator searches as many for votes that
 * its signing log lacks, and a peer that is hardly behind asks for them.
 */
export const KEPT_BLOCKS_MIN = 64;

const port = z.int().min(0).max(65_535);
const SENTRY = /^\/.+\/p2p\/[1-9A-HJ-NP-Za-km-z]+$/;

/**
 * History that the node keeps besides the state. Whatever is chosen, it keeps the blocks in which an
 * offence can still be punished, blocks with evidence, and changes of the validator set.
 */
const History = z.discriminatedUnion("keep", [
  /** All blocks that the node has ever applied. */
  z.strictObject({ keep: z.literal("full") }),
  /** The last blocks, by number. */
  z.strictObject({ keep: z.literal("blocks"), last: z.int().min(KEPT_BLOCKS_MIN) }),
  /** The blocks of the last days, by their timestamps. */
  z.strictObject({ keep: z.literal("days"), last: z.number().positive() }),
  /** Headers of all blocks, and only the blocks that have to be kept. */
  z.strictObject({ keep: z.literal("headers") }),
]);
export type History = Readonly<z.infer<typeof History>>;

/** `config.json` of a data directory. Flags of `aethel start` override it. */
export const Config = z
  .strictObject({
    version: z.literal(1),
    /**
     * `validator`: the node votes with its consensus key. `observer`: it follows the chain and serves
     * the API. `sentry`: it follows the chain and relays for private validators.
     */
    role: z.enum(["validator", "sentry", "observer"]).default("validator"),
    /**
     * Checkpoint of an operator whom this operator trusts, as `SEQUENCE:DIGEST:TIME`. A node that was
     * away for long joins the chain from it.
     */
    checkpoint: z.string().optional(),
    http: z
      .strictObject({
        /**
         * Address on which the API listens. The default is loopback, because the API has no
         * authentication.
         */
        host: z.string().min(1).default("127.0.0.1"),
        /** Port of the API. 0 stands for any free port. */
        port: port.default(4600),
      })
      .prefault({}),
    p2p: z
      .strictObject({
        listen: z.array(z.string().startsWith("/")).default(["/ip4/127.0.0.1/tcp/4500"]),
        /** Multiaddresses of peers. The node dials each until it answers. */
        peers: z.array(z.string().startsWith("/")).default([]),
        /**
         * Multiaddresses that other nodes are told in place of `listen`, such as that of a router
         * in front of this node.
         */
        announce: z.array(z.string().startsWith("/ip")).default([]),
        /**
         * `on`: the node asks its peers for others, dials them, and remembers them. `auto`: unless
         * all addresses here are loopback.
         */
        discovery: z.enum(["auto", "on", "off"]).default("auto"),
        /** Number of peers that the node dials by itself. Strangers are at most half of them. */
        outbound: z.int().min(1).max(64).default(12),
        /**
         * `true`: this validator dials and accepts its own sentries only. Then `sentries` names them,
         * and `peers` is not used.
         */
        private: z.boolean().default(false),
        /** Multiaddresses of this private validator's sentries, each ending in `/p2p/PEER-ID`. */
        sentries: z.array(z.string().regex(SENTRY, "needs the form /.../p2p/PEER-ID")).default([]),
        /**
         * Addresses of the sentries that other nodes are told, if they differ from `sentries`, for
         * example because the validator reaches its sentries over a private network.
         */
        sentryAddresses: z
          .array(z.string().regex(SENTRY, "needs the form /.../p2p/PEER-ID"))
          .default([]),
        /** Peer ids of the private validators behind this sentry. */
        privatePeers: z.array(z.string().regex(/^[1-9A-HJ-NP-Za-km-z]+$/)).default([]),
      })
      .prefault({}),
    history: History.prefault({ keep: "full" }),
    judge: z
      .strictObject({
        /** Number of solver processes. Each occupies one core while it judges. */
        workers: z.int().min(1).max(64).default(1),
      })
      .prefault({}),
    log: z
      .strictObject({
        level: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
        /** Destination of the log. `file` is `node.log` in the data directory. */
        to: z.enum(["file", "stderr"]).default("file"),
      })
      .prefault({}),
  })
  .check(({ value: { role, p2p }, issues }) => {
    const say = (field: keyof typeof p2p, message: string) =>
      issues.push({ code: "custom", path: ["p2p", field], message, input: p2p[field] });
    if (p2p.private && role !== "validator") say("private", "only a validator can be private");
    if (p2p.private && p2p.sentries.length === 0) say("sentries", "a private validator needs one");
    if (!p2p.private && p2p.sentries.length > 0) say("private", "must be true with `sentries`");
    if (role !== "sentry" && p2p.privatePeers.length > 0) {
      say("privatePeers", "only a node with the role `sentry` has private peers");
    }
  });
export type Config = Readonly<z.infer<typeof Config>>;

/** Configuration with all defaults. */
export const defaultConfig: Config = Config.parse({ version: 1 });

/** Reads `config.json`. @throws NodeError `CONFIG`, which names the first field to correct. */
export async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const next = "make a data directory with `aethel init --data-dir DIR`";
    throw failure("DATA_DIR_MISSING", `there is no configuration ${file}`, next, cause);
  });
  const parsed = Config.safeParse(parseJson(file, text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? "" : ` at \`${issue.path.join(".")}\`: ${issue.message}`;
  throw failure("CONFIG", `${file} is wrong${where}`, "correct that field", parsed.error);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw failure("CONFIG", `${file} is not JSON`, "correct the file", cause);
  }
}
