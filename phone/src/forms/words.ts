/** What the form itself says; the questions speak for themselves. They travel with the lazy chunk. */
import { computed, inject, type ComputedRef, type InjectionKey, type Ref } from "vue";

const WORDS = {
  notObtained: ["未了解到", "Not obtained"],
  optional: ["选填", "optional"],
  done: ["完成", "Done"],
  cancel: ["稍后再填", "Answer later"],
  required: ["请回答；确实没有了解到的，点“未了解到”。", "Please answer, or tap “Not obtained”."],
  constraint: ["这个答案不在允许的范围内，请核对。", "This answer is out of range; please check it."],
  wrongOne: ["还有 {n} 题需要看一下", "{n} question still needs an answer"],
  wrongMany: ["还有 {n} 题需要看一下", "{n} questions still need an answer"],
  progress: ["已答 {n}/{of}", "{n} of {of} answered"],
  add: ["再添一条", "Add another"],
  remove: ["删除这一条", "Remove this one"],
  removed: ["已删除", "Removed"],
  undo: ["撤销", "Undo"],
  row: ["第 {n} 条", "No. {n}"],
  none: ["还没有，点下面添加。", "None yet; add one below."],
  pickDate: ["选日期", "Choose a day"],
  pickTime: ["选时间", "Choose a time"],
  day: ["日期", "Day"],
  time: ["时间", "Time"],
  today: ["今天", "Today"],
  yesterday: ["昨天", "Yesterday"],
  ok: ["确定", "OK"],
  back: ["返回", "Back"],
  clear: ["清除", "Clear"],
  find: ["输入几个字查找", "Type to find"],
  more: ["还有 {n} 项，请输入几个字查找", "{n} more: type to find them"],
  unsupported: ["手机上答不了这一题，可在电脑上补。", "This question cannot be answered on a phone; the office can add it."],
  unreadable: [
    "这份问卷打不开，走访的其他内容不受影响。请联网更新后再试，或告诉社区。",
    "This questionnaire cannot be opened; the rest of the visit is not affected. Go online and try again, or tell your office.",
  ],
  loading: ["正在打开问卷…", "Opening the questionnaire…"],
} as const satisfies Record<string, readonly [string, string]>;
export type Word = keyof typeof WORDS;
export type Say = (word: Word, values?: Record<string, number>) => string;

export function sayIn(language: string): Say {
  const at = language.toLowerCase().startsWith("en") ? 1 : 0;
  return (word, values = {}) => WORDS[word][at].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const sayKey: InjectionKey<ComputedRef<Say>> = Symbol("words");
export const allWords = WORDS;
export function sayFrom(language: Ref<string>): ComputedRef<Say> {
  return computed(() => sayIn(language.value));
}
export function useSay(): ComputedRef<Say> {
  return inject(sayKey, computed(() => sayIn("zh-hans")));
}
