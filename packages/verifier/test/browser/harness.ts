import {
  type BrowserJudgeOptions,
  type CertificateCheck,
  checkIntentCertificate,
  createJudge,
  type Judge,
  type Judged,
  type JudgeIdentity,
  type Judgement,
  type JudgePayload,
  type JudgeStatistics,
  judgeIdentity,
  VerifierError,
  type VerifierFault,
} from "@aethel/verifier/browser";

/** Functions of the page that a test in Node calls. */
export interface Harness {
  readonly open: (options: BrowserJudgeOptions) => Promise<VerifierFault | undefined>;
  readonly check: (task: Task) => Promise<ShownJudgement | VerifierFault>;
  /** All at once. */
  readonly checkAll: (
    tasks: readonly Task[],
  ) => Promise<readonly (ShownJudgement | VerifierFault)[]>;
  /** Checks a certificate by the page's own kernel. */
  readonly checkCertificate: (task: Task, certificate: readonly number[]) => CertificateCheck;
  readonly close: () => Promise<void>;
  readonly statistics: () => JudgeStatistics | undefined;
  /** Digests of the memory that a solver starts from, for obligations and for scripts. */
  readonly imageDigests: () => Promise<readonly string[]>;
  /** Bytes do not survive the way out of the page, so the hash is an array. */
  readonly identity: () => Omit<JudgeIdentity, "wasmHash"> & {
    readonly wasmHash: readonly number[];
  };
}

/** A judgement as it comes out of a page: bytes do not survive the way, so they are an array. */
export type ShownJudgement =
  | Exclude<Judgement, Judged>
  | (Omit<Judged, "certificate"> & { readonly certificate?: readonly number[] });

/** A payload as text: bytes do not survive the way into a page. */
export interface Task {
  readonly type: JudgePayload["type"];
  readonly text: string;
  readonly privileged: boolean;
  readonly resourceLimit?: number;
  /** Gives up after so many milliseconds. */
  readonly abortAfter?: number;
}

declare const Worker: new (
  script: URL,
  options: { readonly type: "module" },
) => {
  onmessage: (event: { readonly data: readonly string[] }) => void;
  terminate(): void;
};

let judge: Judge | undefined;

const harness: Harness = {
  open: async (options) => {
    try {
      judge = await createJudge(options);
      return undefined;
    } catch (error) {
      if (error instanceof VerifierError) return error.fault;
      throw error;
    }
  },
  check,
  checkCertificate: ({ text, privileged }, certificate) =>
    checkIntentCertificate(text, Uint8Array.from(certificate), { privileged }),
  checkAll: (tasks) => Promise.all(tasks.map(check)),
  close: async () => judge?.close(),
  statistics: () => judge?.statistics(),
  imageDigests: () =>
    new Promise((resolve) => {
      const worker = new Worker(new URL("./image-worker.ts", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }) => {
        worker.terminate();
        resolve(data);
      };
    }),
  identity: () => {
    const identity: JudgeIdentity = judgeIdentity();
    return { ...identity, wasmHash: [...identity.wasmHash] };
  },
};

async function check(task: Task): Promise<ShownJudgement | VerifierFault> {
  const { resourceLimit, abortAfter } = task;
  try {
    if (judge === undefined) throw new Error("no judge is open");
    const judgement = await judge.check(payloadOf(task), {
      ...(resourceLimit === undefined ? {} : { resourceLimit }),
      ...(abortAfter === undefined ? {} : { signal: AbortSignal.timeout(abortAfter) }),
    });
    if (judgement.type !== "judged") return judgement;
    const { certificate, ...rest } = judgement;
    return certificate === undefined ? rest : { ...rest, certificate: [...certificate] };
  } catch (error) {
    if (error instanceof VerifierError) return error.fault;
    throw error;
  }
}

function payloadOf({ type, text, privileged }: Task): JudgePayload {
  const bytes = new TextEncoder().encode(text);
  return type === "theorem" ? { type, script: bytes } : { type, source: bytes, privileged };
}

Object.assign(globalThis, { harness });
