/** What the tests of questionnaires share: the forms, and how somebody answers one question by its name. */
import { readFileSync } from "node:fs";

import type { RepeatRangeUncontrolledNode } from "@getodk/xforms-engine";

import { leaves, nameOf, type Node } from "../../src/forms/engine";
import { Sitting } from "../../src/forms/sitting";
import type { Draft, Lists } from "../../src/forms/types";

export const form = (name: string): string => readFileSync(`${import.meta.dirname}/${name}.xml`, "utf8");

export function begin(name: string, draft: Draft | null = null, lists: Lists = {}): Promise<Sitting> {
  return Sitting.begin({ xform: form(name), draft, lists, language: "zh-hans" });
}

/** `of(sitting, "arrival_on", 2)` is the question in the second row. */
export function of(sitting: Sitting, name: string, row = 1): Node {
  return [...leaves(sitting.root, true)].filter((node) => nameOf(node) === name)[row - 1]!;
}

export function say(sitting: Sitting, said: Record<string, string | string[]>, row = 1): void {
  for (const [name, value] of Object.entries(said)) {
    const node = of(sitting, name, row);
    sitting.answer(node, () => write(node, value));
  }
}

function write(node: Node, value: string | string[]): void {
  if (node.nodeType === "select") node.selectValues([value].flat());
  else if (node.nodeType === "input") node.setValue(value as never);
  else throw new Error(`${node.nodeType} takes no answer`);
}

export function notObtained(sitting: Sitting, ...names: string[]): void {
  for (const name of names) sitting.setAbsent(of(sitting, name), true);
}

export const asked = (sitting: Sitting): string[] => [...leaves(sitting.root)].map(nameOf).filter((name) => name !== "instanceID");
export const wrong = (sitting: Sitting): string[] => sitting.problems.value.map(({ node, why }) => `${nameOf(node)}: ${why}`);

export function range(sitting: Sitting, name: string): RepeatRangeUncontrolledNode {
  const found = sitting.root.currentState.children.find((node) => node.currentState.reference.endsWith(name));
  return found as RepeatRangeUncontrolledNode;
}
