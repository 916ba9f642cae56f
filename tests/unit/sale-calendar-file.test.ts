import ICAL from "ical.js";
import { describe, expect, it, vi } from "vitest";
import { GET } from "@/app/sale.ics/route";
import { announcedTimes } from "@/lib/announced-times";
import { deadlineCalendar } from "@/lib/sale/calendar-file";

vi.mock("@/lib/config/env", () => ({
  getEnv: () => ({ appUrl: "https://sale.example.com", sonar: { saleUUID: "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1" } }),
}));
vi.mock("@/lib/announced-times", () => ({ announcedTimes: vi.fn() }));

const CLOSES_AT = Date.UTC(2026, 11, 20, 18);

const EVENT = {
  name: "Nordlicht; Größe, \\ Ordnung\nund ein Name, der länger ist als jede Zeile, die RFC 5545 erlaubt",
  saleUUID: "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e1",
  closesAt: CLOSES_AT,
  url: "https://sale.example.com",
  now: Date.UTC(2026, 10, 21, 10),
};

function fileOf(changes: Partial<typeof EVENT> = {}): string {
  return deadlineCalendar({ ...EVENT, ...changes }) ?? expect.fail("there is no file");
}

/** The file's only event, by a parser that is not its writer. ical.js throws on lines that are none of RFC 5545. */
function eventOf(file: string): ICAL.Component {
  const calendar = new ICAL.Component(ICAL.parse(file));
  expect(calendar.name).toBe("vcalendar");
  expect(calendar.getFirstPropertyValue("version")).toBe("2.0");
  expect(calendar.getFirstPropertyValue("prodid")).toBeTruthy();
  const events = calendar.getAllSubcomponents("vevent");
  expect(events).toHaveLength(1);
  return events[0] ?? expect.fail("there is no event");
}

describe("the calendar file of the deadline", () => {
  it("has lines of at most 75 octets that end as RFC 5545 demands, whatever the sale is called", () => {
    const file = fileOf();
    expect(file.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    const lengths = file.split("\r\n").map((line) => Buffer.byteLength(line));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(75);
  });

  it("tells the time of the deadline in UTC, when it was written, and an id that a later file keeps", () => {
    const event = eventOf(fileOf());
    expect(event.getFirstPropertyValue("dtstart")?.toString()).toBe("2026-12-20T18:00:00Z");
    expect(event.getFirstPropertyValue("dtstamp")?.toString()).toBe("2026-11-21T10:00:00Z");
    const moved = eventOf(fileOf({ closesAt: CLOSES_AT + 3_600_000 }));
    expect(moved.getFirstPropertyValue("uid")).toBe(event.getFirstPropertyValue("uid"));
    expect(event.getFirstPropertyValue("uid")).toBe(`${EVENT.saleUUID}@sale.example.com`);
    expect(event.getFirstPropertyValue("url")?.toString()).toContain(EVENT.url);
  });

  it("has the sale's name as it is, with the characters that have a meaning in such a file", () => {
    expect(eventOf(fileOf()).getFirstPropertyValue("summary")).toBe(
      `${EVENT.name.replace("\n", " ")}: commitments close`,
    );
    const injected = fileOf({ name: "A\r\nATTENDEE:mailto:evil@example.com" });
    expect(injected).not.toMatch(/^ATTENDEE/m);
    expect(eventOf(injected).getFirstProperty("attendee")).toBeNull();
  });

  it("reminds a day and an hour before", () => {
    const triggers = eventOf(fileOf())
      .getAllSubcomponents("valarm")
      .map((alarm) => alarm.getFirstPropertyValue("trigger")?.toString());
    expect(triggers).toEqual(["-P1D", "-PT1H"]);
  });

  it("does not exist for an end that no calendar can hold", () => {
    expect(deadlineCalendar({ ...EVENT, closesAt: 253_402_300_800_000 })).toBeUndefined();
  });
});

describe("the calendar file's address", () => {
  it("has the announced deadline, as a file", async () => {
    vi.mocked(announcedTimes).mockResolvedValue({ closesAt: CLOSES_AT });
    const response = await GET();
    expect(response.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    expect(response.headers.get("content-disposition")).toContain("attachment");
    expect(
      eventOf(await response.text())
        .getFirstPropertyValue("dtstart")
        ?.toString(),
    ).toBe("2026-12-20T18:00:00Z");
  });

  it("says so where no end is announced", async () => {
    vi.mocked(announcedTimes).mockResolvedValue({});
    const response = await GET();
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("The end of this sale is not announced.");
  });
});
