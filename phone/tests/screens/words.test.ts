/** Both languages are whole, no screen has words of its own, and no message is left over. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { NodeTypes, parse, type TemplateChildNode } from "@vue/compiler-dom";
import { describe, expect, it } from "vitest";
import { MESSAGES } from "../../src/i18n";

const SOURCES = new URL("../../src/", import.meta.url).pathname;
const FILES = ["screens", "parts", "i18n"].flatMap((folder) => readdirSync(join(SOURCES, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)));
const CODE = FILES.filter((file) => /\.(vue|ts)$/.test(file)).map(read).join("\n");
const PHONE = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts")).map(read).join("\n");
const PAIRS = Object.entries(MESSAGES) as [string, readonly [string, string]][];
const CHINESE = /[\u3400-\u9fff]/;
const ONLY_BLANKS = /^(\{\w+\}|[^\p{L}])*$/u;
/** How a group of houses is written and how a language calls itself: the same in every language. */
const OWN_NAMES = /2组|平房3排/g;
const SAMPLES = ["me.type_sample"]; // an address stays as it is written here
/** Codes that come from elsewhere: `word("outcome", code)`. */
const CODED = /^(standing|channel|way|source|outcome|use|presence|need|role|mine|state|state_hint|kind|edit_field|error)\./;
const READ_OUT = new Set(["aria-label", "title", "placeholder", "alt", "label", "legend", "text", "hint"]);

describe("the words of the phone", () => {
  it("are there in Chinese", () => {
    expect(keysOf(([zh]) => !CHINESE.test(zh) && !ONLY_BLANKS.test(zh))).toEqual([]);
  });

  it("are there in English, and hold no Chinese", () => {
    expect(keysOf(([, en]) => en.trim() === "" || CHINESE.test(en.replace(OWN_NAMES, "")))).toEqual(SAMPLES);
  });

  it("have the same blanks in both", () => {
    expect(keysOf(([zh, en]) => blanks(zh) !== blanks(en))).toEqual([]);
  });

  it("choose between one and many by a number that they say", () => {
    expect(keysOf(([zh, en]) => zh.includes("|") || en.split("|").length > 2 || (en.includes("|") && !en.split("|")[1]!.includes("{n}")))).toEqual([]);
  });

  it("stand nowhere in a template", () => {
    const found = FILES.filter((file) => file.endsWith(".vue")).flatMap((file) => wordsIn(file).map((word) => `${file}: ${word}`));
    expect(found).toEqual([]);
  });

  it("explain whatever the phone itself refuses", () => {
    const refused = [...new Set([...PHONE.matchAll(/(?:Refused|Failed)\((?:\w+, )?"([a-z_.]+)"/g)].map(([, code]) => code!))];
    expect(refused).toContain("phone.full");
    expect(refused.filter((code) => !(`error.${code}` in MESSAGES))).toEqual([]);
  });

  it("are all said somewhere", () => {
    expect(PAIRS.map(([key]) => key).filter((key) => !CODED.test(key) && !said(key))).toEqual([]);
  });
});

function keysOf(test: (pair: readonly [string, string]) => boolean): string[] {
  return PAIRS.filter(([, pair]) => test(pair)).map(([key]) => key);
}

function blanks(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g))].sort().join();
}

/** In quotes outside its own line, or put together: `me.theme_${value}`. */
function said(key: string): boolean {
  const quoted = CODE.split(`"${key}"`).length > 2 || CODE.includes(`'${key}'`);
  return quoted || [...key.matchAll(/[._]/g)].some(({ index }) => CODE.includes(`\`${key.slice(0, index + 1)}\${`));
}

function read(file: string): string {
  return readFileSync(join(SOURCES, file), "utf8");
}

/** Text between tags, and attributes that are read out or shown: what Vue itself takes for fixed text. */
function wordsIn(file: string): string[] {
  const templates = parse(read(file), { parseMode: "sfc" }).children.filter((node) => node.type === NodeTypes.ELEMENT && node.tag === "template");
  return templates.flatMap(fixed).filter((text) => /\p{L}{2}/u.test(text));
}

function fixed(node: TemplateChildNode): string[] {
  if (node.type === NodeTypes.TEXT) return [node.content.trim()];
  if (node.type !== NodeTypes.ELEMENT) return [];
  const told = node.props.map((one) => (one.type === NodeTypes.ATTRIBUTE && READ_OUT.has(one.name) ? (one.value?.content ?? "") : ""));
  return [...told, ...node.children.flatMap(fixed)];
}
