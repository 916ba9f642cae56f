"use client";

import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from "react";

/** Says a whole sentence to users of a screen reader, after whatever is being said. */
type Announce = (sentence: string) => void;

const AnnouncerContext = createContext<Announce>(() => undefined);

/** In milliseconds: longer than a sentence is read. A sentence that stayed would be found again at the end of the page. */
const FORGET_AFTER_MS = 20_000;

interface Announcement {
  id: number;
  sentence: string;
}

/**
 * The page's only live region, and `useAnnounce` for everything below it. The server renders the region: screen readers ignore the text that
 * a region arrives with. Each sentence is an element of its own, so the same sentence is heard again, and two at once are both heard. The
 * `aria-live` keeps it from being hidden beside a dialog.
 */
export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<readonly Announcement[]>([]);
  const count = useRef(0);
  const announce = useCallback((sentence: string) => {
    const id = (count.current += 1);
    setSaid((earlier) => [...earlier, { id, sentence }]);
  }, []);
  const lastId = said.at(-1)?.id;
  useEffect(() => {
    if (lastId === undefined) return;
    const timer = setTimeout(() => setSaid((all) => all.filter(({ id }) => id > lastId)), FORGET_AFTER_MS);
    return () => clearTimeout(timer);
  }, [lastId]);
  return (
    <AnnouncerContext value={announce}>
      <div className="contents">{children}</div>
      <div role="log" aria-live="polite" aria-label="Announcements" className="sr-only">
        {said.map(({ id, sentence }) => (
          <p key={id}>{sentence}</p>
        ))}
      </div>
    </AnnouncerContext>
  );
}

/**
 * The function that announces a sentence. It stays the same from render to render, and does nothing outside of `AnnouncerProvider`. Call it in
 * an event handler or effect, once for each thing that happens, and only for news that takes no focus: a focused element is read by itself.
 */
export function useAnnounce(): Announce {
  return use(AnnouncerContext);
}
