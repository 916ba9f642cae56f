import type { BrowserContext } from "@playwright/test";

/** A page translator: at which moment it starts, and if it leaves alone what `translate="no"` excludes. */
export interface Translator {
  from: "the first byte" | "the loaded page";
  honoursNo: boolean;
}

/** Runs in the page: replaces every text by `<font><font>text</font></font>`, as Google's translator does, also texts that come later. */
function translateTexts({ from, honoursNo }: Translator): void {
  const untranslated = "script, style, noscript, title, textarea, font" + (honoursNo ? ", [translate=no]" : "");
  const translate = (text: Text) => {
    if (!text.parentElement || text.data === "" || text.parentElement.closest(untranslated)) return;
    const outer = document.createElement("font");
    outer.appendChild(document.createElement("font")).append(text.data);
    text.replaceWith(outer);
  };
  const translateAll = (node: Node) => {
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    if (node instanceof Text) found.push(node);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) if (text instanceof Text) found.push(text);
    found.forEach(translate);
  };
  const begin = () => {
    if (document.body) translateAll(document.body);
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "characterData") translateAll(target);
        addedNodes.forEach((node) => document.body?.contains(node) && translateAll(node));
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  };
  if (from === "the first byte") begin();
  else window.addEventListener("load", () => setTimeout(begin, 500));
}

/** Lets a page translator work on every page of a browser. */
export async function translatePages(context: BrowserContext, translator: Translator): Promise<void> {
  await context.addInitScript(translateTexts, translator);
}
