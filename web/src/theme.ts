import { load, store } from "./settings";

type Theme = "light" | "dark";

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** The reader's choice, if there was one; else the system's, by the style sheet. */
export function startTheme(): void {
  const chosen = load("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}

export function nextTheme(): void {
  const next: Theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  store("theme", next);
}
