import { sha256, toHex } from "@aethel/models/primitives";
import { count, group } from "@aethel/terminal";
import {
  CERTIFICATE_BYTES_MAX,
  checkIntentCertificate,
  checkTheoremCertificate,
  compileSource,
  KERNEL_VERSION,
} from "@aethel/verifier/certificate";
import { failure } from "../failure/failure.ts";
import { bytesMaxOf, type FileKind, kindOf } from "../judge/file-kind.ts";
import { readNamedFile } from "../judge/read-file.ts";
import { formatMs } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";
import { visible } from "../terminal/visible.ts";

/** Result of checking a file against its certificate. `--json` prints it. */
interface Certified {
  readonly file: string;
  readonly certified: boolean;
  readonly kernelVersion: number;
  readonly bytes: number;
  /** Units of work that the kernel counted. Absent if not certified. */
  readonly work?: number;
  /**
   * Digests by which a chain names what the file claims: the canonical texts of intents and
   * batches, or the script of a theorem. Absent if not certified.
   */
  readonly digests?: readonly string[];
  /** Number of obligations (formulas to prove) of certified intents. Absent if there are none. */
  readonly obligations?: number;
  readonly reason?: string;
  /**
   * `line:column` in the source of the obligation that is not proved, or of the error. Absent if
   * there is neither.
   */
  readonly place?: string;
}

/**
 * Runs `aethel certify`: exit code 0 if the certificate proves the claim of the file, 1 otherwise.
 */
export async function certifyFile(
  file: string,
  certificateFile: string,
  options: { readonly json?: boolean; readonly privileged?: boolean },
): Promise<number> {
  const kind = kindOf(file);
  if (kind === undefined) {
    throw failure("USAGE", `${file} is no .ae or .smt2 file`, "name a source or a theorem");
  }
  const bytes = await readOrRefuse(file, bytesMaxOf(kind));
  const certificate = await readOrRefuse(certificateFile, CERTIFICATE_BYTES_MAX);
  const begun = performance.now();
  const about = { file, kernelVersion: KERNEL_VERSION, bytes: certificate.length };
  const privileged = options.privileged ?? false;
  const found = { ...about, ...check(kind, { bytes, certificate, privileged }) };
  print(
    options.json === true
      ? JSON.stringify(found)
      : describe(found, certificateFile, performance.now() - begun),
  );
  return found.certified ? 0 : 1;
}

async function readOrRefuse(file: string, bytesMax: number): Promise<Uint8Array> {
  const content = await readNamedFile(file, bytesMax);
  if (content.ok) return content.bytes;
  throw failure("FILE", `${file}: ${content.reason}`, "name a file that can be read");
}

type Found = Omit<Certified, "file" | "kernelVersion" | "bytes">;

function check(
  kind: FileKind,
  given: {
    readonly bytes: Uint8Array;
    readonly certificate: Uint8Array;
    readonly privileged: boolean;
  },
): Found {
  const { bytes, certificate, privileged } = given;
  if (kind === "theorem") {
    const answer = checkTheoremCertificate(bytes, certificate);
    if (answer.type === "certified") {
      return { certified: true, work: answer.work, digests: [toHex(sha256(bytes))] };
    }
    const reason = answer.type === "failed" ? answer.reason : `${answer.code}: ${answer.message}`;
    return { certified: false, reason };
  }
  const answer = checkIntentCertificate(bytes, certificate, { privileged });
  switch (answer.type) {
    case "certified":
      return {
        certified: true,
        work: answer.work,
        obligations: answer.obligations,
        digests: digestsOf(bytes, privileged),
      };
    case "failed": {
      const { reason, obligation } = answer;
      if (obligation === undefined) return { certified: false, reason };
      const { kind: what, intent, label, span } = obligation;
      const text = `${what} of ${intent}: ${label}: ${reason}`;
      return { certified: false, reason: text, place: placeOf(span.start) };
    }
    case "rejected": {
      const [first] = answer.diagnostics;
      const hint =
        first?.code === "privileged" ? " (--privileged checks it as part of a genesis)" : "";
      const reason = `${first?.code ?? "source"}: ${first?.message ?? "it is no program"}${hint}`;
      return {
        certified: false,
        reason,
        ...(first?.span === undefined ? {} : { place: placeOf(first.span.start) }),
      };
    }
  }
}

/**
 * Returns the digests under which a chain records a source: first of its intents outside batches,
 * then of its batches. Empty if the source does not compile.
 */
function digestsOf(source: Uint8Array, privileged: boolean): readonly string[] {
  const compiled = compileSource(source, { privileged });
  if (!compiled.ok) return [];
  const alone = compiled.intents.filter((intent) => intent.batch === undefined);
  return [...alone, ...compiled.batches].map(({ digest }) => toHex(digest));
}

function placeOf({ line, column }: { readonly line: number; readonly column: number }): string {
  return `${line}:${column}`;
}

function describe(found: Certified, certificateFile: string, ms: number): string {
  const { certified, obligations, work = 0, reason = "", place, bytes, digests = [] } = found;
  if (!certified) {
    const where = place === undefined ? "" : `:${place}`;
    return `not certified  ${found.file}${where}: ${visible(reason)}`;
  }
  const what = obligations === undefined ? "the theorem" : count(obligations, "obligation");
  const cost = `${group(bytes)} bytes, ${group(work)} units of kernel ${found.kernelVersion}`;
  const line = `certified  ${found.file}: ${what} by ${certificateFile} (${cost}, ${formatMs(ms)})`;
  return [line, ...digests.map((digest) => `digest     ${digest}`)].join("\n");
}
