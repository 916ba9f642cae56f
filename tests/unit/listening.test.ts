import { describe, expect, it } from "vitest";
import { developmentHost, listeningPort } from "@/scripts/listening.mjs";

describe("a development server", () => {
  it("listens on this machine only, unless another name is asked for", () => {
    expect(developmentHost([], {})).toEqual({ host: "localhost", given: false });
    expect(developmentHost(["--turbopack"], { DEV_HOSTNAME: "" })).toEqual({ host: "localhost", given: false });
    expect(developmentHost([], { DEV_HOSTNAME: "0.0.0.0" })).toEqual({ host: "0.0.0.0", given: false });
  });

  it.each([[["--hostname", "0.0.0.0"]], [["-H", "0.0.0.0"]], [["--hostname=0.0.0.0"]], [["-v", "-H", "0.0.0.0"]]])(
    "takes the name of the command line first: %j",
    (args) => {
      expect(developmentHost(args, { DEV_HOSTNAME: "dev-machine" })).toEqual({ host: "0.0.0.0", given: true });
    },
  );
});

describe("the port", () => {
  it.each([
    [{}, "3000"],
    [{ PORT: "4000", APP_URL: "http://localhost:5000" }, "4000"],
    [{ APP_URL: "http://localhost:5000" }, "5000"],
    [{ APP_URL: "http://localhost" }, "80"],
    [{ APP_URL: "https://sale.example.com" }, "3000"],
    [{ APP_URL: "no address" }, "3000"],
  ])("of %j is %s", (vars, port) => {
    expect(listeningPort(vars)).toBe(port);
  });
});
