/** The element of that id, of that class; the page's own HTML has it. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return element;
}

type Child = Node | string;

/** Makes an element. Text is always text: nothing from outside is read as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || (target instanceof HTMLInputElement && !/^(range|radio|checkbox)$/.test(target.type)) ||
      target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
  );
}

/** Moves focus with the arrow keys, Home and End among a group's buttons, of which one is a tab stop. */
export function roveFocus(group: HTMLElement, selector: string): void {
  group.addEventListener("keydown", (event) => {
    const items = [...group.querySelectorAll<HTMLElement>(selector)];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = items[(next + items.length) % items.length]!;
    for (const item of items) item.tabIndex = item === target ? 0 : -1;
    target.focus();
  });
}
