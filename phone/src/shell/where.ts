/** Which browser this is, as far as it changes what can be promised. */

/** Browsers inside chat apps throw away service workers and storage as they like: there the app works online only. */
const CHAT = /MicroMessenger|WeChat|wxwork|DingTalk|AliApp|Lark|Feishu|QQ\/|Weibo/i;

export function isChatBrowser(agent: string): boolean {
  return CHAT.test(agent);
}

export function systemName(agent: string): string {
  const system = [/HarmonyOS/i, /Android/i, /iPhone|iPad/i, /Windows/i, /Mac OS/i, /Linux/i].find((one) => one.test(agent));
  const browser = [/MicroMessenger/i, /DingTalk/i, /Lark|Feishu/i, /Edg/i, /Firefox/i, /Chrome/i, /Safari/i].find((one) => one.test(agent));
  return [system, browser].map((one) => one?.exec(agent)?.[0]).filter(Boolean).join(" ") || "?";
}
