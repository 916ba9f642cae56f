"use client";

import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { ChartData, DrawnChart } from "@/components/sale/draw-chart";
import { Skeleton } from "@/components/ui/feedback";
import type { ChartAxis } from "@/lib/sale/chart-axis";

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

/** Draws into the element once it is visible: visitors who never scroll there load no code for it. */
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
      const { drawChart } = await import("@/components/sale/draw-chart");
      if (gone) return;
      chart.current = drawChart(element, latest.current);
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
  return { place, chart, state };
}

/** The words for one point. */
export interface PointWords {
  when: string;
  value: string;
  more?: string;
}

/** The point that is looked at, its place in the chart, and the chart's size. */
interface Look {
  index: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The bubble stays within the chart, whichever point it is about, and does not cover it: it is in the other half. */
function Tooltip({ look, words }: { look: Look; words: PointWords }) {
  const { left, width, top, height } = look;
  const share = width > 0 ? (left / width) * 100 : 0;
  return (
    <>
      <span
        className="pointer-events-none absolute -mt-1.5 -ml-1.5 size-3 rounded-full border-2 border-surface-raised bg-accent"
        style={{ left, top }}
      />
      <span
        translate="no"
        className={`${2 * top > height ? "top-0" : "bottom-0"} pointer-events-none absolute z-10 grid w-max max-w-full rounded-md border border-line bg-surface-raised px-2 py-1 text-sm tabular-nums shadow-raised`}
        style={{ left, transform: `translateX(-${share}%)` }}
      >
        <span className="text-text-quiet">{words.when}</span>
        <span className="font-medium">{words.value}</span>
        {words.more && <span className="text-text-quiet">{words.more}</span>}
      </span>
    </>
  );
}

/** The point that a key leads to; undefined for a key that leads nowhere. */
function pointAfter(key: string, index: number, last: number): number | undefined {
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(last, index + 1);
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(0, index - 1);
  if (key === "PageUp") return Math.min(last, index + 10);
  if (key === "PageDown") return Math.max(0, index - 10);
  if (key === "Home") return 0;
  return key === "End" ? last : undefined;
}

interface PointReaderProps {
  name: string;
  count: number;
  chart: () => DrawnChart | undefined;
  tell: (index: number) => PointWords;
}

/** Lies over a drawn chart and tells its points one by one, by pointer, finger and arrow keys; to a screen reader it is a slider. */
function PointReader({ name, count, chart, tell }: PointReaderProps) {
  const [look, setLook] = useState<Look>();
  const last = count - 1;
  const index = Math.min(look?.index ?? last, last);
  const words = tell(index);
  const show = (next: number, element: HTMLElement) => {
    const place = chart()?.placeOf(next);
    if (place) setLook({ index: next, ...place, width: element.clientWidth, height: element.clientHeight });
  };
  const followPointer = (event: PointerEvent<HTMLDivElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    show(chart()?.indexAt(event.clientX - left) ?? last, event.currentTarget);
  };
  const followKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "Escape") return setLook(undefined);
    const next = pointAfter(event.key, index, last);
    if (next === undefined) return;
    event.preventDefault();
    show(next, event.currentTarget);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`${name}, point by point`}
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={index + 1}
      aria-valuetext={[words.when, words.value, words.more].filter(Boolean).join(", ")}
      className="absolute inset-0 touch-pan-y rounded-md"
      onPointerMove={followPointer}
      onPointerDown={followPointer}
      onPointerLeave={() => setLook(undefined)}
      onFocus={(event) => show(index, event.currentTarget)}
      onBlur={() => setLook(undefined)}
      onKeyDown={followKey}
    >
      {look && <Tooltip look={look} words={words} />}
    </div>
  );
}

/** A point of the curve. */
export interface ChartPoint {
  /** Milliseconds since 1970. */
  at: number;
  /** In smallest units. */
  value: bigint;
}

interface ChartProps {
  name: string;
  /** Oldest first, two or more. */
  points: readonly ChartPoint[];
  /** Decimals of the values. */
  decimals: number;
  axis: ChartAxis<{ label: string; value: bigint }>;
  /** A text version of the picture for screen readers. */
  description: string;
  tell: (index: number) => PointWords;
}

/** A curve over time, in a box of fixed height. */
export function Chart({ name, points, decimals, axis, description, tell }: ChartProps) {
  const data = useMemo(() => {
    const whole = (value: bigint) => Number(value) / 10 ** decimals;
    return {
      times: points.map(({ at }) => at / 1000),
      values: points.map(({ value }) => whole(value)),
      from: whole(axis.from),
      to: whole(axis.to),
      marks: axis.marks.map(({ label, value }) => ({ label, value: whole(value) })),
    };
  }, [points, decimals, axis]);
  const { place, chart, state } = useDrawnChart(data);
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
      {state === "drawn" && <PointReader name={name} count={points.length} chart={() => chart.current} tell={tell} />}
      {state === "failed" && (
        <p className="text-sm text-text-quiet">
          The chart could not be loaded. The text below it has the same figures.
        </p>
      )}
    </div>
  );
}
