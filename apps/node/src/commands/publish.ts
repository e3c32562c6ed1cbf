import { hashGenesis, signProof, toAccountId, toAmount, toHex } from "@aethel/models";
import { listenForStop } from "@aethel/terminal";
import { compileContract, compileSource, createJudge, LANGUAGE_LIMITS } from "@aethel/verifier";
import { composeBody } from "../client/compose-body.ts";
import { createNodeClient } from "../client/node-client.ts";
import { describeAgreement } from "../contract/agreement.ts";
import { failure } from "../failure/failure.ts";
import { judgeFile } from "../judge/judge-file.ts";
import { shownNames } from "../judge/names.ts";
import { readNamedFile } from "../judge/read-file.ts";
import { toJsonLine } from "../judge/report.ts";
import { createScreen } from "../judge/screen.ts";
import { note, print } from "../terminal/output.ts";
import { openAuthor } from "./author.ts";
import { checkFeeLimit, type FeeOptions } from "./fee-bound.ts";
import { describeReceipt, exitCodeFor, type SendOptions, sendProof } from "./send-proof.ts";

interface PublishOptions extends SendOptions, FeeOptions {
  readonly account: string;
  readonly url: string;
  readonly limit?: number;
  readonly tip?: bigint;
  readonly nonce?: number;
  readonly passwordFile?: string;
  /** Whether this machine judges the source first. */
  readonly judge: boolean;
}

/** Program that a source publishes, by the name and digest under which the chain records it. */
interface Published {
  readonly kind: "contract" | "intent" | "batch";
  readonly name: string;
  readonly digest: string;
}

/**
 * Runs `aethel publish`: judges a source here, and publishes it if it is valid. Exit code 0 if it
 * is on the chain, 1 otherwise.
 */
export async function publish(file: string, options: PublishOptions): Promise<number> {
  if (!file.endsWith(".ae")) {
    throw failure(
      "USAGE",
      `${file} is no .ae file`,
      "name a source; `aethel submit` takes theorems",
    );
  }
  const content = await readNamedFile(file, LANGUAGE_LIMITS.sourceBytes);
  if (!content.ok) throw failure("FILE", `${file}: ${content.reason}`, "name a readable source");
  const { bytes } = content;
  const client = createNodeClient(options.url);
  // Judging can take long: a node that does not answer is told of first.
  await client.status();
  if (options.judge && !(await isValidHere(file, options))) return 1;
  const signer = await openAuthor(options);
  const author = toAccountId(signer.publicKey);
  const body = await composeBody(client, { file, bytes, author, ...options });
  const quoted = await client.quote(body);
  const priced = { ...body, feeLimit: toAmount(options.fee ?? BigInt(quoted.feeLimit)) };
  const programs = programsOf(bytes);
  const isJson = options.json === true;
  if (!isJson) {
    const content = programs.map((one) => `${one.kind} ${one.name}  ${one.digest}`);
    const { head } = await client.status();
    const facts = { content, assets: new Map(), run: undefined, head: head.sequence };
    for (const line of describeAgreement(priced, facts)) note(line);
  }
  checkFeeLimit(priced, options);
  const proof = signProof(hashGenesis(await client.genesis()), priced, [signer]);
  const receipt = await sendProof(client, proof, options);
  if (receipt === undefined) return 0;
  if (isJson) print(JSON.stringify({ programs, receipt }));
  else {
    print(describeReceipt(receipt));
    const [only] = programs;
    const isFinal = exitCodeFor(receipt) === 0;
    if (isFinal && only?.kind === "contract") print(nextStep(only));
  }
  return exitCodeFor(receipt);
}

function nextStep({ name, digest }: Published): string {
  return [
    `contract  ${digest}`,
    `call it with: aethel call ${name}.INTENT --NAME VALUE, or ${name}@${digest.slice(0, 8)}.INTENT`,
  ].join("\n");
}

/** Judges a source on this machine, and prints the report unless it is valid. */
async function isValidHere(
  file: string,
  { limit, json }: Pick<PublishOptions, "limit" | "json">,
): Promise<boolean> {
  const begun = performance.now();
  using stop = listenForStop();
  await using judge = await createJudge({ workers: 1 });
  const judging = limit === undefined ? {} : { limit };
  const judged = await judgeFile(judge, file, { ...judging, signal: stop.signal });
  if (judged.report.verdict === "valid") {
    if (json !== true) {
      note(`valid here, in ${Math.round(judged.report.ms)} ms; every validator proves it again`);
    }
    return true;
  }
  if (json === true) print(toJsonLine(judged.report));
  else createScreen(shownNames([file]), { begun }).show(judged, 0);
  note("aethel: nothing was published. Next: correct the source, then publish it again.");
  return false;
}

/** Programs of a source. Empty if it does not compile, so that the chain will say why. */
function programsOf(source: Uint8Array): readonly Published[] {
  const compiled = compileContract(source);
  if (compiled.type === "contract") {
    const { name, digest } = compiled.contract;
    return [{ kind: "contract", name, digest: toHex(digest) }];
  }
  const intents = compileSource(source);
  if (!intents.ok) return [];
  const alone = intents.intents.filter((intent) => intent.batch === undefined);
  return [
    ...alone.map(({ name, digest }) => ({ kind: "intent" as const, name, digest: toHex(digest) })),
    ...intents.batches.map(({ name, digest }) => {
      return { kind: "batch" as const, name, digest: toHex(digest) };
    }),
  ];
}
