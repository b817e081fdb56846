/** The one file that knows the form engine: opens an XForm, restores a draft, and blocks every way out of the phone. */
import { constants, loadForm, type AnyChildNode, type CreateFormInstance, type RootNode } from "@getodk/xforms-engine";
import { shallowReactive } from "vue";

import { UnreadableForm, type Lists } from "./types";

export type { RootNode };
export type Node = AnyChildNode;

export interface ToOpen {
  xform: string;
  xml?: string; // of a draft
  lists?: Lists;
}

/** Vue observes what the engine writes; only the top of each state, because the nodes are classes with private parts. */
const config = { stateFactory: shallowReactive as <T extends object>(state: T) => T, preloadProperties: { deviceID: "firstline" } };

export async function open({ xform, xml, lists = {} }: ToOpen): Promise<RootNode> {
  const form = await loadForm(xform, {
    fetchFormDefinition: blocked,
    fetchFormAttachment: (address) => Promise.resolve(stored(address, lists)),
    missingResourceBehavior: constants.MISSING_RESOURCE_BEHAVIOR.BLANK,
  });
  if (form.status === "failure") throw new UnreadableForm(form.error.message);
  const restored = xml ? await form.restoreInstance({ data: [payload(xml)] }, config).catch(() => null) : null;
  if (restored) return restored.root;
  const root = fresh(form);
  if (xml) carry(root, xml); // the form was changed since: what fits is carried over, question by question
  return root;
}

function fresh(form: { createInstance: CreateFormInstance }): RootNode {
  try {
    return form.createInstance(config).root;
  } catch (error) {
    throw new UnreadableForm(String(error));
  }
}

function blocked(): Promise<Response> {
  return Promise.reject(new UnreadableForm("a form never fetches anything"));
}

function stored(address: URL, lists: Lists): Response {
  const list = lists[decodeURIComponent(address.pathname.split("/").pop() ?? "")];
  if (list === undefined) return new Response("", { status: 404 });
  return new Response(list, { headers: { "content-type": "text/csv" } });
}

function payload(xml: string) {
  const data = new FormData();
  const { INSTANCE_FILE_NAME: name, INSTANCE_FILE_TYPE: type } = constants;
  data.set(name, new File([xml], name, { type }));
  return data as never;
}

/** Every node with a value, in the order of the form; what is not asked now is left out unless `all`. */
export function* leaves(parent: { currentState: { children: readonly unknown[] | null } }, all = false): Generator<Node> {
  for (const child of (parent.currentState.children ?? []) as readonly Node[]) {
    if (!all && !child.currentState.relevant) continue;
    if (child.currentState.children) yield* leaves(child as never, all);
    else yield child;
  }
}

export function nameOf(node: Node): string {
  return node.currentState.reference.split("/").pop()!.replace(/\[\d+\]$/, "");
}

function carry(root: RootNode, xml: string): void {
  const old = new DOMParser().parseFromString(xml, "text/xml").documentElement;
  const asked = new Map<string, string>();
  const read = (element: Element): void => {
    if (!element.childElementCount && element.textContent) asked.set(element.localName, element.textContent);
    for (const child of element.children) read(child);
  };
  if (old) read(old);
  for (const node of leaves(root, true)) {
    const value = asked.get(nameOf(node));
    if (value === undefined || node.currentState.readonly) continue;
    if (node.nodeType === "input") node.setValue(value as never);
    if (node.nodeType === "select") node.selectValues(value.split(" "));
  }
}

/** The form's language that fits the reader's: columns are headed `label::中文 (zh)`, `label::English (en)`. */
export function speak(root: RootNode, language: string): void {
  const wanted = language.toLowerCase().startsWith("en") ? "en" : "zh";
  const found = root.languages.find(({ language: name }) => new RegExp(`\\(${wanted}[^)]*\\)\\s*$`).test(name));
  if (found && found !== root.currentState.activeLanguage && !found.isSyntheticDefault) root.setLanguage(found);
}
