/** How the app looks on this phone: language, light or dark, type size. Nothing personal, so it is kept in the open. */
import { ref, watchEffect } from "vue";
import { languageOf, setLanguage, type Language } from "../i18n";

export type Theme = "system" | "light" | "dark";
export type TypeSize = "normal" | "large" | "larger" | "largest";

const KEY = "firstline-display";
const kept = read();
export const theme = ref<Theme>(kept.theme ?? "system");
export const typeSize = ref<TypeSize>(kept.type ?? "normal");
const chosenLanguage = ref<Language | undefined>(kept.language);
const darkDevice = window.matchMedia?.("(prefers-color-scheme: dark)");
const deviceIsDark = ref(darkDevice?.matches ?? false);

export function startDisplay(): void {
  darkDevice?.addEventListener("change", (event) => { deviceIsDark.value = event.matches; });
  setLanguage(chosenLanguage.value ?? languageOf(navigator.language));
  watchEffect(paint);
}

export function chooseLanguage(language: Language): void {
  chosenLanguage.value = language;
  setLanguage(language);
  write();
}

/** The account says its language once; what was chosen on this phone stays. */
export function offerLanguage(code: string | undefined): void {
  if (code && !chosenLanguage.value) setLanguage(languageOf(code));
}

export function chooseTheme(wanted: Theme): void {
  theme.value = wanted;
  write();
}

export function chooseType(wanted: TypeSize): void {
  typeSize.value = wanted;
  write();
}

function paint(): void {
  const dark = theme.value === "dark" || (theme.value === "system" && deviceIsDark.value);
  const root = document.documentElement;
  root.dataset.theme = dark ? "dark" : "light";
  root.dataset.type = typeSize.value;
  root.classList.toggle("van-theme-dark", dark);
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", dark ? "#171c23" : "#ffffff");
}

function read(): { theme?: Theme; type?: TypeSize; language?: Language } {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

function write(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ theme: theme.value, type: typeSize.value, language: chosenLanguage.value }));
  } catch {
    return; // private mode: it holds for this session
  }
}
