import "server-only";
import type { AttributeValue, Attributes } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { TELEMETRY_SCOPE, type TelemetryFields } from "@/lib/http/telemetry";
import { isFailureCode } from "@/lib/result";

type Form = (value: AttributeValue) => boolean;

function text(form: RegExp): Form {
  return (value) => typeof value === "string" && form.test(value);
}

const METHODS: ReadonlySet<AttributeValue> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A failure code, a class name as code has them, or an HTTP status. A token or an address has none of these forms. */
function isErrorType(value: AttributeValue): boolean {
  return typeof value === "string" && (isFailureCode(value) || /^([A-Z][A-Za-z]{0,60}|unknown|\d{3})$/.test(value));
}

/** A name in code: letters, with dots, dashes and underscores between them. */
const NAME = text(/^[A-Za-z]+([._-][A-Za-z]+)*$/);

const isStatus: Form = (value) => typeof value === "number" && Number.isInteger(value) && value >= 100 && value < 600;

/** Attributes that come from elsewhere than this app's own fields. */
type OtherAttribute = "app.request_id" | "http.route" | "next.span_type" | "next.rsc";

/**
 * The attributes that may leave this server, each with the form of its values. Everything else is dropped: Next's spans carry whole addresses, with
 * the code and state of a callback, and another version of it may carry more.
 */
const PUBLIC: Readonly<Record<keyof TelemetryFields | OtherAttribute, Form>> = {
  "app.call": NAME,
  "app.provider": text(/^[a-z][a-z0-9_-]{0,40}$/),
  "app.outcome": NAME,
  "app.reason": NAME,
  "app.request_id": text(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
  "error.type": isErrorType,
  "server.address": text(/^[\w.:[\]-]{1,253}$/),
  "http.request.method": (value) => METHODS.has(value),
  "http.response.status_code": isStatus,
  // The pattern of a route, as its folder is named: `/oauth/callback/[[...provider]]`.
  "http.route": text(/^\/[a-z_.\-/[\]]{0,100}$/i),
  "rpc.system.name": NAME,
  "rpc.method": NAME,
  "db.system.name": NAME,
  "db.operation.name": NAME,
  "db.collection.name": NAME,
  "next.span_type": NAME,
  "next.rsc": (value) => typeof value === "boolean",
};

const FORMS: ReadonlyMap<string, Form> = new Map(Object.entries(PUBLIC));

/** Next writes the names that OpenTelemetry has replaced since. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["http.method", "http.request.method"],
  ["http.status_code", "http.response.status_code"],
]);

/** The attributes on the list whose values have their form. */
export function publicAttributes(attributes: Attributes): Attributes {
  const renamed = Object.entries(attributes).map(([name, value]) => [RENAMED.get(name) ?? name, value] as const);
  return Object.fromEntries(
    renamed.filter(([name, value]) => value !== undefined && FORMS.get(name)?.(value) === true),
  );
}

const NEXT_SCOPE = "next.js";

const REQUEST = "BaseServer.handleRequest";

/** The kinds of Next's spans that are sent. The others tell how it loads its own modules, and would be a third of all. */
const SHOWN: ReadonlySet<unknown> = new Set([
  REQUEST,
  "Middleware.execute",
  "AppRender.getBodyResult",
  "AppRouteRouteHandlers.runHandler",
  "ResolveMetadata.generateMetadata",
]);

/** A request by its method and route, another span of Next by its type: the names that Next gives contain addresses. Undefined: not to be sent. */
function publicName({ name, instrumentationScope }: ReadableSpan, attributes: Attributes): string | undefined {
  if (instrumentationScope.name === TELEMETRY_SCOPE) return name;
  const { "next.span_type": type, "http.request.method": method = "request", "http.route": route } = attributes;
  if (instrumentationScope.name !== NEXT_SCOPE || !SHOWN.has(type)) return undefined;
  if (type !== REQUEST) return String(type);
  return [method, route].filter((part) => part !== undefined).join(" ");
}

/**
 * What may be sent of a span: no events and no status text, which hold messages of errors, and no links. Undefined for a span of a library that
 * this app does not know.
 */
export function publicSpan(span: ReadableSpan): ReadableSpan | undefined {
  const attributes = publicAttributes(span.attributes);
  const name = publicName(span, attributes);
  if (name === undefined) return undefined;
  return {
    name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext && { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes,
    links: [],
    events: [],
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
