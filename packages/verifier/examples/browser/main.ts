import {
  type Counterexample,
  createJudge,
  type Judge,
  type Judged,
  type Judgement,
  type JudgePayload,
  renderDiagnostic,
  type Span,
} from "@aethel/verifier/browser";
import { samples } from "./samples.ts";

const find = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no ${id}`);
};

const sample = find("sample", HTMLSelectElement);
const source = find("source", HTMLTextAreaElement);
const judgeButton = find("judge", HTMLButtonElement);
const cancelButton = find("cancel", HTMLButtonElement);
const verdict = find("verdict", HTMLElement);
const reason = find("reason", HTMLElement);
const place = find("place", HTMLElement);
const state = find("state", HTMLTableElement);
const obligations = find("obligations", HTMLTableElement);

for (const { name } of samples) sample.append(new Option(name));
sample.addEventListener("change", showSample);
showSample();

try {
  const judge = await createJudge();
  judgeButton.addEventListener("click", () => void run(judge));
  judgeButton.disabled = false;
  say("Ready.");
} catch (error) {
  say(String(error), "rejected");
}

function showSample(): void {
  source.value = samples[sample.selectedIndex]?.text ?? "";
}

/** A script begins with a parenthesis or a comment of its own; anything else is a source. */
function payload(): JudgePayload {
  const bytes = new TextEncoder().encode(source.value);
  return /^\s*[(;]/.test(source.value)
    ? { type: "theorem", script: bytes }
    : { type: "publish", source: bytes };
}

async function run(judge: Judge): Promise<void> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  clear();
  say("Judging…");
  judgeButton.disabled = true;
  cancelButton.disabled = false;
  cancelButton.addEventListener("click", cancel);
  try {
    show(await judge.check(payload(), { signal: controller.signal }));
  } finally {
    cancelButton.removeEventListener("click", cancel);
    cancelButton.disabled = true;
    judgeButton.disabled = false;
  }
}

function show(judgement: Judgement): void {
  switch (judgement.type) {
    case "abstained":
      say(`no verdict: ${judgement.reason}`, "abstained");
      return;
    case "rejected": {
      const [first] = judgement.diagnostics;
      say("rejected", "rejected");
      reason.textContent = first === undefined ? "" : `${first.code}: ${first.message}`;
      if (first?.span !== undefined) place.textContent = excerpt(first.span);
      return;
    }
    case "judged":
      showJudged(judgement);
  }
}

/** The line of the source with carets under the place. */
function excerpt(span: Span): string {
  const diagnostic = { code: "syntax", message: "", span } as const;
  return renderDiagnostic(source.value, diagnostic).split("\n").slice(3).join("\n");
}

function showJudged(judged: Judged): void {
  const { resource, difficulty, milliseconds, counterexample } = judged;
  const cost = `${resource} units, difficulty ${difficulty}, ${milliseconds.toFixed(0)} ms`;
  say(`${judged.verdict}: ${cost}`, judged.verdict);
  reason.textContent = judged.reason ?? "";
  if (counterexample !== undefined && "accounts" in counterexample) {
    place.textContent = excerpt(counterexample.span);
    showState(counterexample);
  }
  if (counterexample !== undefined && "values" in counterexample) {
    fill(
      state,
      ["name", "value"],
      counterexample.values.map(({ name, value }) => [name, value]),
    );
  }
  const rows = judged.obligations.map((one) => [
    one.verdict,
    one.kind,
    one.label.replace(/ holds after the effects$/, ""),
    `${one.span.start.line}:${one.span.start.column}`,
    String(one.resource),
  ]);
  fill(obligations, ["verdict", "obligation", "", "line", "units"], rows);
}

function showState({ accounts, supplies = [], arguments: given }: Counterexample): void {
  const scalars = given.filter(({ type }) => type !== "Account");
  const held = accounts.flatMap(({ name, signs, before, after }) => {
    const now = new Map(Object.entries(after));
    return Object.entries(before).map(([field, value]) => {
      const owner = signs ? `${name} (signs)` : name;
      return [owner, field, value ?? "", now.get(field) ?? value ?? ""];
    });
  });
  const rows = [
    ...scalars.map(({ name, value }) => [name, "", value, ""]),
    ...held,
    ...supplies.map(({ asset, before, after }) => ["supply", asset, before, after]),
  ];
  fill(state, ["", "", "before", "after"], rows);
}

/** Fills a table with text nodes only, never with HTML, because a source may contain anything. */
function fill(
  table: HTMLTableElement,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  table.replaceChildren();
  if (rows.length === 0) return;
  const headRow = table.createTHead().insertRow();
  for (const word of head) {
    const cell = document.createElement("th");
    cell.textContent = word;
    if (["before", "after", "line", "units"].includes(word)) cell.className = "number";
    headRow.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of row) {
      const cell = line.insertCell();
      cell.textContent = text;
      if (/^-?\d+(:\d+)?$/.test(text)) cell.className = "number";
      if (["valid", "refuted", "unknown"].includes(text)) cell.className = text;
    }
  }
}

function clear(): void {
  reason.textContent = "";
  place.textContent = "";
  state.replaceChildren();
  obligations.replaceChildren();
}

function say(text: string, className = ""): void {
  verdict.textContent = text;
  verdict.className = className;
}
