/** Piece of a Markdown text, and its offset in characters. */
export interface Piece {
  readonly text: string;
  readonly offset: number;
}

/** Replaces the text in fenced code blocks by spaces. All offsets and line breaks stay the same. */
export function withoutFences(text: string): string {
  return text.replace(/^( *)(```+|~~~+)[\s\S]*?^\1\2[^\n]*$/gm, (block) =>
    block.replace(/[^\n]/g, " "),
  );
}

/** Finds code spans that begin and end on the same line. */
export function codeSpans(text: string): readonly Piece[] {
  return [...withoutFences(text).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(
    ({ 1: span = "", index }) => ({ text: span, offset: index }),
  );
}

/** Finds the targets of links within the repository. */
export function ownLinks(text: string): readonly Piece[] {
  const prose = withoutFences(text).replace(/(?<!`)`[^`\n]+`(?!`)/g, (span) =>
    " ".repeat(span.length),
  );
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(({ 1: target = "", index }) => ({ text: target, offset: index }))
    .filter(({ text: target }) => !/^[a-z][a-z+.-]*:/.test(target));
}

/** Returns the anchors of the headings of a text, as GitHub makes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Map<string, number>();
  for (const [, heading = ""] of withoutFences(text).matchAll(/^#{1,6} +(.+?) *#* *$/gm)) {
    const anchor = heading
      .replace(/\]\([^)]*\)/g, "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    const times = anchors.get(anchor) ?? 0;
    anchors.set(anchor, times + 1);
    if (times > 0) anchors.set(`${anchor}-${times}`, 1);
  }
  return new Set(anchors.keys());
}
