// @vitest-environment jsdom
/** The questionnaire as it stands on the screen: typed, left, finished, taken back. */
import { createApp, h, nextTick, ref, type Ref } from "vue";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { QuestionnaireForm, loadQuestionnaire } from "../../src/forms";
import type { Draft, Filled } from "../../src/forms";
import { form } from "./forms";

interface Stage {
  language: Ref<string>;
  drafts: Draft[];
  done: Filled[];
  cancelled: number;
  leave(): void;
}

let stage: Stage;

async function show(name: string, draft: Draft | null = null): Promise<void> {
  await loadQuestionnaire();
  const language = ref("zh-hans");
  stage = { language, drafts: [], done: [], cancelled: 0, leave: () => app.unmount() };
  const app = createApp(() =>
    h(QuestionnaireForm, {
      xform: name === "broken" ? "<h:html/>" : form(name), language: language.value, draft,
      onChange: (now: Draft) => stage.drafts.push(now),
      onDone: (filled: Filled) => stage.done.push(filled),
      onCancel: () => stage.cancelled++,
    } as never),
  );
  app.mount(document.body.appendChild(document.createElement("div")));
  await vi.waitFor(() => expect(document.querySelectorAll(".question, .wrong").length).toBeGreaterThan(0), 10_000);
}

beforeEach(() => {
  document.body.innerHTML = "";
  Element.prototype.scrollIntoView = () => undefined;
  vi.stubGlobal("CSS", { escape: (text: string) => text.replace(/[^\w-]/g, (sign) => `\\${sign}`) });
});
afterEach(() => stage.leave());

const question = (text: string): HTMLElement =>
  [...document.querySelectorAll<HTMLElement>(".question")].find((one) => one.querySelector(".label")!.textContent!.includes(text))!;
const shown = (text: string): boolean => question(text) !== undefined;

async function type(text: string, typed: string): Promise<void> {
  const box = question(text).querySelector<HTMLInputElement>("input, textarea")!;
  box.value = typed;
  box.dispatchEvent(new Event("input"));
  await nextTick();
}

async function tick(text: string, choice: string): Promise<void> {
  const label = [...question(text).querySelectorAll("label")].find((one) => one.textContent!.trim() === choice)!;
  label.querySelector("input")!.click();
  await nextTick();
}

async function press(text: string): Promise<void> {
  [...document.querySelectorAll("button")].findLast((one) => one.textContent!.includes(text))!.click();
  await nextTick();
  await nextTick();
}

test("typed and finished", async () => {
  await show("welfare_check");
  await type("几口人", "２");
  await tick("独自居住", "没有");
  await tick("身体怎么样", "都好");
  await tick("眼下缺什么", "都不缺");
  await press("完成");
  expect(stage.done).toEqual([{ answers: { people_now: 2, alone: "no", wellness: "well", needs: ["none"] } }]);
});

test("what is missing is told at the first try to finish, not before", async () => {
  await show("welfare_check");
  expect(document.querySelectorAll(".question .wrong")).toHaveLength(0);
  await press("完成");
  expect(stage.done).toEqual([]);
  expect(document.querySelectorAll(".question .wrong")).toHaveLength(4);
  expect(document.activeElement!.closest(".question")).toBe(question("几口人"));
  await tick("几口人", "未了解到");
  expect(document.querySelectorAll(".question .wrong")).toHaveLength(3);
});

test("not obtained everywhere is a finished questionnaire", async () => {
  await show("welfare_check");
  for (const text of ["几口人", "独自居住", "身体怎么样", "眼下缺什么"]) await tick(text, "未了解到");
  await press("完成");
  expect(stage.done).toEqual([{ answers: { people_now: null, alone: null, wellness: null, needs: null } }]);
});

test("a wrong answer is told at once, in the language that is read", async () => {
  await show("welfare_check");
  await type("几口人", "90");
  expect(question("几口人").querySelector(".wrong")!.textContent).toBe("人数应在 0 到 60 之间");
  stage.language.value = "en";
  await nextTick();
  await nextTick();
  expect(question("How many people").querySelector(".wrong")!.textContent).toBe("Between 0 and 60 people");
  expect(document.body.textContent).not.toMatch(/[\u4e00-\u9fff]/);
});

test("questions come and go with the answers they depend on", async () => {
  await show("welfare_check");
  expect(shown("哪里不舒服")).toBe(false);
  await tick("身体怎么样", "有人不舒服");
  expect(shown("哪里不舒服")).toBe(true);
});

test("leaving hands out the draft at once, and it opens where it was left", async () => {
  await show("arrival_screening");
  await type("几口人", "3");
  await tick("近 14 天", "有");
  await tick("接触过", "未了解到");
  await press("稍后再填");
  expect(stage.cancelled).toBe(1);
  const draft = JSON.parse(JSON.stringify(stage.drafts.at(-1)));
  stage.leave();
  document.body.innerHTML = "";
  await show("arrival_screening", draft);
  expect(question("几口人").querySelector("input")!.value).toBe("3");
  expect(shown("从哪里来")).toBe(true);
  expect(question("接触过").querySelector<HTMLInputElement>(".absent input")!.checked).toBe(true);
});

test("a draft comes a moment after the last letter, and when the page is hidden", async () => {
  await show("welfare_check");
  await type("几口人", "3");
  await vi.waitFor(() => expect(stage.drafts).toHaveLength(1));
  await type("几口人", "4");
  window.dispatchEvent(new Event("pagehide"));
  expect(stage.drafts).toHaveLength(2);
  expect(stage.drafts[1]!.xml).toContain("<people_now>4</people_now>");
});

test("a row that was removed comes back with one tap", async () => {
  await show("arrival_screening");
  await tick("近 14 天", "有");
  await type("从哪里来", "某市");
  await press("再添一条");
  expect(document.querySelectorAll(".row-of")).toHaveLength(2);
  document.querySelector<HTMLButtonElement>(".row-of > .button")!.click();
  await nextTick();
  expect(document.querySelectorAll(".row-of")).toHaveLength(1);
  await press("撤销");
  await vi.waitFor(() => expect(document.querySelectorAll(".row-of")).toHaveLength(2));
  expect(question("从哪里来").querySelector("textarea")!.value).toBe("某市");
});

test("a form that cannot be read says so and does not stop the visit", async () => {
  await show("broken");
  expect(document.querySelector(".state.wrong")!.textContent).toContain("打不开");
  await press("稍后再填");
  expect(stage.cancelled).toBe(1);
});
