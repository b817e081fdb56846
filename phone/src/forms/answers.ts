/** Answers as a visit carries them, read off the engine's tree. The same as the console's page makes of the same typing. */
import { leaves, nameOf, type Node, type RootNode } from "./engine";
import type { Answer, Answers, Row } from "./types";

/** Whether "not obtained" was said of a node. */
export type Absent = (node: Node) => boolean;

/** What is wrong with a question: "required", "constraint", or nothing. */
export interface Problem {
  node: Node;
  why: "required" | "constraint";
}

const ASKED = new Set(["input", "select"]);

export function isAsked(node: Node): boolean {
  return ASKED.has(node.nodeType) && !node.currentState.readonly;
}

export function problemOf(node: Node, absent: Absent): Problem["why"] | null {
  if (!isAsked(node) || !node.currentState.relevant || absent(node)) return null;
  const violation = (node.validationState as { violation?: { condition: Problem["why"] } | null }).violation;
  return violation?.condition ?? null;
}

export function problems(root: RootNode, absent: Absent): Problem[] {
  const found: Problem[] = [];
  for (const node of leaves(root)) {
    const why = problemOf(node, absent);
    if (why) found.push({ node, why });
  }
  return found;
}

export function answersOf(root: RootNode, absent: Absent): Answers {
  const answers: Answers = {};
  collect(root, absent, answers);
  return answers;
}

function collect(parent: { currentState: { children: readonly unknown[] | null } }, absent: Absent, into: Answers): void {
  for (const node of (parent.currentState.children ?? []) as readonly Node[]) {
    if (!node.currentState.relevant || nameOf(node) === "meta") continue;
    if (node.nodeType === "group") collect(node, absent, into);
    else if (node.nodeType.startsWith("repeat-range")) {
      const rows = rowsOf(node, absent);
      if (rows.length) into[nameOf(node)] = rows;
    } else if (isAsked(node) && absent(node)) into[nameOf(node)] = null;
    else {
      const answer = answerOf(node);
      if (answer !== undefined) into[nameOf(node)] = answer;
    }
  }
}

/** A row in which nothing was said is no row. */
function rowsOf(range: Node, absent: Absent): Row[] {
  const rows: Row[] = [];
  for (const instance of (range.currentState.children ?? []) as readonly Node[]) {
    const row: Answers = {};
    if (instance.currentState.relevant) collect(instance as never, absent, row);
    if (Object.keys(row).length) rows.push(row as Row);
  }
  return rows;
}

/** undefined: nothing was said. */
export function answerOf(node: Node): Answer | undefined {
  if (node.nodeType === "select") {
    const chosen = [...node.currentState.value];
    if (!chosen.length) return undefined;
    return node.selectType === "select" ? chosen : chosen[0];
  }
  if (node.nodeType !== "input" && node.nodeType !== "model-value") return undefined;
  const text = node.currentState.instanceValue.trim();
  if (!text) return undefined;
  // A calculation's value is text, on the server as well.
  if (node.nodeType === "model-value") return text;
  if (node.valueType === "int" || node.valueType === "decimal") return Number(text);
  return node.valueType === "date" ? text.slice(0, 10) : text;
}
