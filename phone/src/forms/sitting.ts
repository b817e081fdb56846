/** One filling-in of a questionnaire: the engine's tree, where "not obtained" was said, and the draft of both. */
import { computed, inject, reactive, ref, shallowReactive, type InjectionKey } from "vue";

import { answersOf, isAsked, problemOf, problems } from "./answers";
import { leaves, open, speak, type Node, type RootNode, type ToOpen } from "./engine";
import type { Draft, Filled } from "./types";

export class Sitting {
  readonly root: RootNode;
  readonly shows = reactive({ problems: false }); // after the first try to finish
  readonly touched = ref(0); // counts what was typed
  readonly #absent = shallowReactive(new Set<string>());

  private constructor(root: RootNode, absent: readonly string[]) {
    this.root = root;
    const said = new Set(absent);
    for (const node of leaves(root, true)) if (said.has(node.currentState.reference)) this.#absent.add(node.nodeId);
  }

  static async begin(given: Omit<ToOpen, "xml"> & { draft?: Draft | null; language: string }): Promise<Sitting> {
    const root = await open({ xform: given.xform, lists: given.lists, xml: given.draft?.xml });
    const sitting = new Sitting(root, given.draft?.absent ?? []);
    sitting.speak(given.language);
    return sitting;
  }

  speak(language: string): void {
    speak(this.root, language);
  }

  isAbsent = (node: Node): boolean => this.#absent.has(node.nodeId);

  /** "Not obtained" takes the place of an answer, and an answer of "not obtained". */
  setAbsent(node: Node, absent: boolean): void {
    if (absent) {
      clear(node);
      this.#absent.add(node.nodeId);
    } else this.#absent.delete(node.nodeId);
    this.touched.value++;
  }

  answer(node: Node, write: () => void): void {
    write();
    this.#absent.delete(node.nodeId);
    this.touched.value++;
  }

  problemOf = (node: Node) => problemOf(node, this.isAbsent);
  readonly problems = computed(() => problems(this.root, this.isAbsent));

  /** How many questions are asked now, and how many of them are answered or known not to be. */
  readonly progress = computed(() => {
    const asked = [...leaves(this.root)].filter(isAsked);
    const settled = asked.filter((node) => this.isAbsent(node) || (node.currentState as { instanceValue?: string }).instanceValue);
    return { asked: asked.length, settled: settled.length };
  });

  filled(): Filled {
    return { answers: answersOf(this.root, this.isAbsent) };
  }

  draft(): Draft {
    const absent = [...leaves(this.root, true)].filter(this.isAbsent).map((node) => node.currentState.reference);
    return { version: 1, xml: this.root.instanceState.instanceXML, absent };
  }
}

function clear(node: Node): void {
  if (node.nodeType === "select") node.selectValues([]);
  if (node.nodeType === "input") node.setValue("" as never);
}

export const sittingKey: InjectionKey<Sitting> = Symbol("sitting");
export function useSitting(): Sitting {
  const sitting = inject(sittingKey);
  if (!sitting) throw new Error("a question stands in no questionnaire");
  return sitting;
}
