"use client";

import { useEffect, useRef, useState } from "react";
import type { ChartData, DrawnChart } from "@/components/sale/draw-commitment-chart";
import { Skeleton } from "@/components/ui/skeleton";

type ChartState = "waiting" | "drawn" | "failed";

/** Calls back once, when the element comes into view. */
function whenVisible(element: HTMLElement, onVisible: () => void): () => void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    onVisible();
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/** Draws into the element once it is seen: who never scrolls there loads no code for it. */
function useDrawnChart(data: ChartData) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<DrawnChart>(undefined);
  const latest = useRef(data);
  const [state, setState] = useState<ChartState>("waiting");
  useEffect(() => {
    latest.current = data;
    chart.current?.update(data);
  }, [data]);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let gone = false;
    const draw = async () => {
      const { drawCommitmentChart } = await import("@/components/sale/draw-commitment-chart");
      if (gone) return;
      chart.current = drawCommitmentChart(element, latest.current);
      setState("drawn");
    };
    const stop = whenVisible(element, () => void draw().catch(() => setState("failed")));
    return () => {
      gone = true;
      stop();
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, []);
  return { place, state };
}

interface CommitmentChartProps {
  data: ChartData;
  /** What the picture shows, for who does not see it. */
  description: string;
}

/** The curve of the total, in a place of fixed height. */
export function CommitmentChart({ data, description }: CommitmentChartProps) {
  const { place, state } = useDrawnChart(data);
  return (
    <div className="relative h-44">
      <div
        ref={place}
        role="img"
        aria-label={description}
        data-chart={state}
        className="absolute inset-0 overflow-hidden"
      />
      {state === "waiting" && <Skeleton className="absolute inset-0 size-full" />}
      {state === "failed" && (
        <p className="text-sm text-text-quiet">
          The chart could not be loaded. The table below holds the same figures.
        </p>
      )}
    </div>
  );
}
