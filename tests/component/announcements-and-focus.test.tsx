import { act, render, renderHook, screen } from "@testing-library/react";
import { useRef, useState, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AnnouncerProvider, useAnnounce } from "@/hooks/use-announcer";
import { useFocusNet, useFocusOnArrival } from "@/hooks/use-focus-on-arrival";

describe("the live region", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function mountRegion() {
    const { result } = renderHook(useAnnounce, { wrapper: AnnouncerProvider });
    const region = screen.getByRole("log");
    const heard: (string | null)[] = [];
    // A screen reader speaks what is added to the region.
    const observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) heard.push(...[...addedNodes].map(({ textContent }) => textContent));
    });
    observer.observe(region, { childList: true });
    return { announce: result, region, heard: async () => (await Promise.resolve(), heard) };
  }

  it("is polite, and in the server's page before anything is said", () => {
    const page = document.createElement("div");
    page.innerHTML = renderToString(<AnnouncerProvider>The page</AnnouncerProvider>);
    const region = page.querySelector("[role=log]");
    expect(region).toHaveAttribute("aria-live", "polite");
    expect(region).toBeEmptyDOMElement();
  });

  it("says the same sentence again, also after it was forgotten", async () => {
    const { announce, region, heard } = mountRegion();
    act(() => announce.current("Confirmed."));
    act(() => announce.current("Confirmed."));
    act(() => void vi.runAllTimers());
    expect(region).toBeEmptyDOMElement();
    act(() => announce.current("Confirmed."));
    expect(await heard()).toEqual(["Confirmed.", "Confirmed.", "Confirmed."]);
  });

  it("says two sentences of one moment, in their order", async () => {
    const { announce, heard } = mountRegion();
    act(() => (announce.current("Wallet connected."), announce.current("Step 2 of 5.")));
    expect(await heard()).toEqual(["Wallet connected.", "Step 2 of 5."]);
  });

  it("keeps its function, and does not render its users again", () => {
    let renders = 0;
    const { result } = renderHook(() => ((renders += 1), useAnnounce()), { wrapper: AnnouncerProvider });
    const first = result.current;
    act(() => first("Sonar connected."));
    expect(result.current).toBe(first);
    expect(renders).toBe(1);
  });
});

/** A step whose content is replaced: `shown` names it, and undefined shows none. */
function Place({ shown }: { shown: string | undefined }) {
  const area = useRef<HTMLDivElement>(null);
  const target = useRef<HTMLHeadingElement>(null);
  useFocusOnArrival(shown, { target, area });
  return (
    <div ref={area} tabIndex={-1} data-testid="area">
      {shown && (
        <h2 key={shown} ref={target} tabIndex={-1}>
          {shown}
        </h2>
      )}
      <input aria-label="Amount" />
      <button>Inside</button>
    </div>
  );
}

describe("the focus on arrival", () => {
  function usePage(hasBeenActive: boolean) {
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { userActivation: { hasBeenActive } }));
  }
  beforeEach(() => usePage(true));
  afterEach(() => vi.unstubAllGlobals());

  function mount(first?: string) {
    const { rerender } = render(
      <>
        <Place shown={first} />
        <button>Outside</button>
        <input aria-label="Elsewhere" />
      </>,
    );
    return (shown: string) =>
      rerender(
        <>
          <Place shown={shown} />
          <button>Outside</button>
          <input aria-label="Elsewhere" />
        </>,
      );
  }
  const heading = (name: string) => screen.getByRole("heading", { name });
  const focus = (element: HTMLElement) => act(() => element.focus());

  it("goes to content that arrives while the focus is lost, without scrolling", () => {
    const scroll = vi.spyOn(HTMLElement.prototype, "focus");
    mount()("receipt");
    expect(heading("receipt")).toHaveFocus();
    expect(scroll).toHaveBeenCalledWith({ preventScroll: true });
  });

  it("follows content that replaces the focused one", () => {
    const show = mount("steps");
    focus(heading("steps"));
    show("receipt");
    expect(heading("receipt")).toHaveFocus();
  });

  it("follows a focus inside of the area that changes", () => {
    const show = mount("steps");
    focus(screen.getByRole("button", { name: "Inside" }));
    show("receipt");
    expect(heading("receipt")).toHaveFocus();
  });

  it("stays where its user has put it", () => {
    const show = mount();
    focus(screen.getByRole("button", { name: "Outside" }));
    show("receipt");
    expect(screen.getByRole("button", { name: "Outside" })).toHaveFocus();
  });

  it("is never taken from a field", () => {
    const show = mount();
    focus(screen.getByLabelText("Elsewhere"));
    show("steps");
    expect(screen.getByLabelText("Elsewhere")).toHaveFocus();
    focus(screen.getByLabelText("Amount"));
    show("receipt");
    expect(screen.getByLabelText("Amount")).toHaveFocus();
  });

  it("stays when the same content is drawn again", () => {
    const show = mount("receipt");
    focus(heading("receipt"));
    act(() => heading("receipt").blur());
    show("receipt");
    expect(document.body).toHaveFocus();
  });

  it("is caught when its element goes and nothing takes its place", async () => {
    function Area({ children }: { children?: ReactNode }) {
      const area = useRef<HTMLDivElement>(null);
      const target = useRef<HTMLHeadingElement>(null);
      useFocusNet({ target, area });
      return (
        <div ref={area}>
          <h2 ref={target} tabIndex={-1}>
            Commit
          </h2>
          <div>{children}</div>
        </div>
      );
    }
    const { rerender } = render(
      <Area>
        <button>Close</button>
      </Area>,
    );
    focus(screen.getByRole("button", { name: "Close" }));
    rerender(<Area />);
    await act(() => Promise.resolve());
    expect(heading("Commit")).toHaveFocus();
  });

  it("goes nowhere on a page that nobody has used yet", () => {
    usePage(false);
    mount()("receipt");
    expect(document.body).toHaveFocus();
  });

  it("goes nowhere when the server's content is hydrated", async () => {
    function Page() {
      const [shown] = useState("receipt");
      return <Place shown={shown} />;
    }
    const page = document.createElement("div");
    page.innerHTML = renderToString(<Page />);
    document.body.append(page);
    await act(async () => void hydrateRoot(page, <Page />));
    expect(document.body).toHaveFocus();
    page.remove();
  });
});
