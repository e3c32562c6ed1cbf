/**
 * A complaint of commander about arguments on one line: its "did you mean" is on a second one. `next` is
 * the whole sentence that follows.
 */
export function onOneLine(
  complaint: string,
  { program, next }: { readonly program: string; readonly next: string },
): string {
  const text = complaint
    .replace(/^error: /, "")
    .trim()
    .replaceAll("\n", " ");
  const end = /[.?)]$/.test(text) ? "" : ".";
  return `${program}: ${text}${end} ${next}\n`;
}
