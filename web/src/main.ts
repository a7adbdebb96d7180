import { AlphabetChooser } from "./alphabet";
import * as api from "./api";
import { Connection } from "./connection";
import { Desk } from "./desk";
import { Detail } from "./detail";
import { byId } from "./dom";
import { showGiven } from "./given";
import { History } from "./history";
import { language, onLanguage, setLanguage, startLanguage, t } from "./i18n";
import { Kept } from "./kept";
import { Pictures } from "./pictures";
import { refusalParts } from "./refusal";
import { nextTheme, startTheme } from "./theme";

// Puts the page's parts together: each knows its own place, and here they hear of each other.

type Place = "write" | "pictures" | "history";

const kToastTime = 7_000;

function placeOf(hash: string): Place {
  return hash === "#pictures" ? "pictures" : hash === "#history" ? "history" : "write";
}

function showPlace(focus: boolean): void {
  const place = placeOf(location.hash);
  for (const section of document.querySelectorAll<HTMLElement>(".place")) {
    section.hidden = section.id !== `place-${place}`;
  }
  for (const link of document.querySelectorAll<HTMLElement>("[data-place]")) {
    if (link.dataset.place === place) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("alphabets", HTMLElement).hidden = place === "history";
  if (focus) {
    scrollTo(0, 0);
    byId("main", HTMLElement).focus({ preventScroll: true });
  }
}

let toastTimer: ReturnType<typeof setTimeout> | undefined;

function toast(...words: (Node | string)[]): void {
  const element = byId("toast", HTMLElement);
  element.replaceChildren(...words);
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element.hidden = true), kToastTime);
}

/** For ears: the live region. The same words twice are said twice. */
function say(words: string): void {
  const element = byId("say", HTMLElement);
  element.textContent = "";
  requestAnimationFrame(() => (element.textContent = words));
}

function showConnection(up: boolean | undefined): void {
  const where = byId("where", HTMLElement);
  const text = byId("where-text", HTMLElement);
  where.classList.toggle("up", up === true);
  where.classList.toggle("down", up === false);
  text.dataset.t = up === undefined ? "connecting" : up ? "readHere" : "unreachable";
  text.textContent = t(up === undefined ? "connecting" : up ? "readHere" : "unreachable");
  byId("offline", HTMLElement).hidden = up !== false;
}

function start(): void {
  startTheme();
  startLanguage();

  const kept = new Kept();
  const connection = new Connection();
  const chooser = new AlphabetChooser();
  const alphabet = () => chooser.chosen;
  connection.onChange(showConnection);
  byId("try-now", HTMLButtonElement).addEventListener("click", () => void connection.tryNow());

  const lost = (error: unknown): void => {
    // One request that broke off says little: whether the server is there is asked apart.
    if (error instanceof api.Unreachable) void connection.tryNow();
    else if (!(error instanceof api.Refusal) && !api.isAbort(error)) console.error(error);
  };
  const failed = (error: unknown): void => {
    lost(error);
    if (api.isAbort(error)) return;
    if (error instanceof api.Refusal) toast(...refusalParts(error));
    else toast(t(error instanceof api.Unreachable ? "offline" : "failed"));
  };

  let desk: Desk;
  let pictures: Pictures;
  const detail = new Detail(byId("detail", HTMLDialogElement), {
    kept,
    failed,
    say,
    changed: (id, record) => {
      if (record) kept.put(record);
      else kept.remove(id);
      desk.changed(id, record);
      pictures.changed(id, record);
    },
  });
  const open = (id: string, correct = false) => void detail.open(id, correct);
  const keep = (record: api.Recognition) => kept.put(record);

  const isShown = () => placeOf(location.hash) === "write";
  desk = new Desk({ alphabet, connection, kept: keep, open, failed, lost, say, isShown });
  pictures = new Pictures({
    alphabet,
    kept: keep,
    open,
    failed,
    lost,
    say,
    shown: () => {
      if (placeOf(location.hash) !== "pictures") location.hash = "#pictures";
    },
  });
  chooser.onChange(() => desk.alphabetChanged());
  connection.onChange((up) => {
    if (!up) return;
    const offer = (models: api.Model[]) => {
      chooser.offer(models);
      desk.offer(models);
    };
    api.models().then(offer).catch(lost);
  });
  new History({ kept, connection, open, failed, lost });

  byId("language", HTMLButtonElement).addEventListener("click", () => setLanguage(language() === "en" ? "zh" : "en", true));
  byId("theme", HTMLButtonElement).addEventListener("click", () => {
    nextTheme();
    desk.repaint();
  });
  onLanguage(() => detail.render());
  addEventListener("hashchange", () => showPlace(true));
  showPlace(false);
  showGiven(open);
  void connection.tryNow();
}

start();
