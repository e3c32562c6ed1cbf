/** Page with the kernel alone: loads it on demand, and checks one certificate. */
export interface KernelPage {
  readonly firstCheck: (
    claim: string,
    certificate: readonly number[],
  ) => Promise<{ readonly type: string; readonly milliseconds: number }>;
}

const kernelPage: KernelPage = {
  firstCheck: async (text, certificate) => {
    const claim = JSON.parse(text, (_, value: unknown) =>
      typeof value === "string" && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
    );
    const bytes = Uint8Array.from(certificate);
    const begun = performance.now();
    const { certify } = await import("@aethel/verifier/kernel");
    const { type } = certify(claim, bytes);
    return { type, milliseconds: performance.now() - begun };
  },
};

Object.assign(globalThis, { kernelPage });
