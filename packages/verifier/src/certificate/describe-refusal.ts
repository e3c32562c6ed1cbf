/**
 * Returns the reason why the kernel refused a certificate. If the refusal names a step of the
 * certificate, the text also says what can cause it: damaged bytes, or a certificate of another
 * source.
 */
export function describeRefusal(refused: {
  readonly reason: string;
  readonly step?: number;
}): string {
  const { reason, step } = refused;
  if (step === undefined) return reason;
  return `step ${step}: ${reason} (the bytes are damaged, or of another source)`;
}
