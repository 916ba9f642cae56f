import { SpanKind, SpanStatusCode, type Attributes } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { describe, expect, it } from "vitest";
import { publicAttributes, publicSpan } from "@/lib/http/public-span";
import { TELEMETRY_SCOPE } from "@/lib/http/telemetry";

const CANARY = "canary-Ada-0x52908400098527886E0F7030069857D2E4169EE7";

interface Made {
  scope?: string;
  name?: string;
  attributes?: Attributes;
}

/** A real span, with everything that can be put into one. */
function spanOf({ scope = "next.js", name = `GET /?code=${CANARY}`, attributes = {} }: Made): ReadableSpan {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "test" }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer(scope);
  const linked = tracer.startSpan("linked").spanContext();
  const links = [{ context: linked, attributes: { canary: CANARY } }];
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes, links });
  span.recordException(new Error(CANARY));
  span.addEvent(CANARY, { canary: CANARY });
  span.setStatus({ code: SpanStatusCode.ERROR, message: CANARY });
  span.end();
  const [made] = exporter.getFinishedSpans();
  if (!made) throw new Error("No span was made");
  return made;
}

const REQUEST = { "next.span_type": "BaseServer.handleRequest", "http.method": "GET" };

describe("an attribute", () => {
  it.each([
    ["http.target", "/oauth/callback?code=x"],
    ["http.url", "https://api.example.com/"],
    ["next.span_name", "GET /?state=x"],
    ["next.page", "/page"],
    ["exception.message", "text"],
    ["enduser.id", "ada"],
    ["db.query.text", "select 1"],
    ["db.statement", "select 1"],
  ])("that is not on the list is dropped: %s", (name, value) => {
    expect(publicAttributes({ [name]: value })).toEqual({});
  });

  it.each([
    ["app.call", "getEntities"],
    ["app.call", "sonar.ListAvailableEntities"],
    ["app.provider", "sonar"],
    ["error.type", "oauth/invalid_state"],
    ["error.type", "TypeError"],
    ["error.type", "503"],
    ["server.address", "api.echo.xyz"],
    ["server.address", "[::1]"],
    ["http.route", "/oauth/callback/[[...provider]]"],
    ["http.response.status_code", 503],
    ["rpc.method", "eth_call"],
    ["db.collection.name", "entity_consents"],
    ["next.rsc", true],
  ])("that is on the list is kept if its value has the form: %s %s", (name, value) => {
    expect(publicAttributes({ [name]: value })).toEqual({ [name]: value });
  });

  it.each([
    ["app.call", "https://api.example.com/ada"],
    ["app.call", "user 1"],
    ["app.provider", "0x52908400098527886E0F7030069857D2E4169EE7"],
    ["error.type", "ada@example.com was not found"],
    ["error.type", "eyJhbGciOiJIUzI1NiJ9.e30.abc"],
    ["error.type", "oauth/no_such_code"],
    ["server.address", "api.example.com/key"],
    ["http.route", "/activity/0x1234"],
    ["http.route", "/activity?wallet=a"],
    ["http.request.method", "ADA"],
    ["http.response.status_code", "200"],
    ["http.response.status_code", 0x52908400],
    ["db.collection.name", "users where id = 1"],
    ["app.request_id", "ada@example.com"],
    ["next.rsc", "ada"],
  ])("whose value has another form is dropped: %s %s", (name, value) => {
    expect(publicAttributes({ [name]: value })).toEqual({});
  });

  it("of an older name gets the current one", () => {
    const old = { "http.method": "POST", "http.status_code": 303 };
    expect(publicAttributes(old)).toEqual({ "http.request.method": "POST", "http.response.status_code": 303 });
  });
});

describe("a span of Next", () => {
  it("keeps nothing of an address, an error's message, an event or a link", () => {
    const attributes = { ...REQUEST, "http.target": `/?code=${CANARY}`, "http.route": "/", [CANARY]: CANARY };
    const span = publicSpan(spanOf({ attributes }));
    expect(span).toMatchObject({ name: "GET /", links: [], events: [], status: { code: SpanStatusCode.ERROR } });
    expect(JSON.stringify(span)).not.toContain(CANARY);
  });

  it("that is a request without a route is named by its method, and by nothing if that is odd too", () => {
    expect(publicSpan(spanOf({ attributes: REQUEST }))?.name).toBe("GET");
    expect(publicSpan(spanOf({ attributes: { ...REQUEST, "http.method": CANARY } }))?.name).toBe("request");
  });

  it("of another kind is named by its kind", () => {
    const attributes = { "next.span_type": "AppRender.getBodyResult", "next.route": CANARY };
    expect(publicSpan(spanOf({ attributes }))?.name).toBe("AppRender.getBodyResult");
  });

  it.each(["AppRender.fetch", "NextNodeServer.findPageComponents", CANARY, ""])(
    "of the kind %o is not sent",
    (type) => {
      expect(publicSpan(spanOf({ attributes: { "next.span_type": type } }))).toBeUndefined();
    },
  );
});

it("a span of this app keeps its name, and its attributes pass the same list", () => {
  const attributes = { "app.call": "getEntities", "app.other": CANARY, "error.type": CANARY };
  const span = publicSpan(spanOf({ scope: TELEMETRY_SCOPE, name: "getEntities", attributes }));
  expect(span).toMatchObject({ name: "getEntities", attributes: { "app.call": "getEntities" } });
  expect(JSON.stringify(span)).not.toContain(CANARY);
});

it("a span of a library that this app does not know is not sent", () => {
  expect(publicSpan(spanOf({ scope: "@opentelemetry/instrumentation-http", attributes: REQUEST }))).toBeUndefined();
});
