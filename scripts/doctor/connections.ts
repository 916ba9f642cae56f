import type { Env } from "@/lib/config/env";
import { requireProvider } from "@/lib/providers/registry";
import { registeredProviders } from "@/lib/providers/index";
import type { ProviderDefinition } from "@/lib/providers/definition";
import type { Deadline } from "@/lib/http/deadline";
import { networkReason } from "@/lib/http/upstream";
import { authorizationServer } from "@/lib/oauth/discovery";
import { clientAuthOf, LOGIN_CALLBACK_PATH, loginSpec } from "@/lib/oauth/oauth-spec";
import type { Provider } from "@/lib/oauth/provider";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { fail, type Failure } from "@/lib/result";
import { fix, hostOf, note, ok, type Finding } from "@/scripts/doctor/finding";
import { unreachableText } from "@/scripts/doctor/sonar";

/** A page may be of any size; a refusal stands at its beginning. */
const MOST_PAGE_CHARACTERS = 200_000;

/** The answer to the address that a browser would open. */
interface Page {
  status: number;
  /** The target of a redirect. */
  location?: string;
  text: string;
}

async function beginningOf(answer: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of answer.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > MOST_PAGE_CHARACTERS) break;
  }
  return text;
}

async function openPage(url: string, { signal }: Deadline): Promise<Page | Failure> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal, headers: { accept: "text/html" } });
    const location = answer.headers.get("location") ?? undefined;
    return { status: answer.status, text: await beginningOf(answer), ...(location !== undefined && { location }) };
  } catch (error) {
    const reason = networkReason(error);
    if (!reason) throw error;
    return fail("oauth/network_error", { reason }).error;
  }
}

/** The error in a redirect back to this site, e.g. "unauthorized_client" (RFC 6749 section 4.1.2.1). */
function sentBackWith(url: string, { location }: Page, redirectUri: string): string | undefined {
  if (location === undefined || !URL.canParse(location, url)) return undefined;
  const target = new URL(location, url);
  const own = new URL(redirectUri);
  if (target.origin !== own.origin || target.pathname !== own.pathname) return undefined;
  const error = target.searchParams.get("error");
  return error !== null && /^\w{1,60}$/.test(error) ? error : undefined;
}

/** A provider, and the names that its findings use. */
interface Subject {
  name: string;
  redirectUri: string;
  /** Variables of the registration, for the remedy. */
  credentials: string;
}

/** The meaning of the authorize page. A page that decides in the browser, after the sign-in, shows a refusal only there. */
function pageFinding(url: string, page: Page, { name, redirectUri, credentials }: Subject): Finding | undefined {
  const { status, text } = page;
  const error = sentBackWith(url, page, redirectUri);
  if (error !== undefined)
    return fix(name, `its authorize page sends people back with "${error}". Check this client's registration there.`);
  if (status < 400) return undefined;
  if (/redirect[ _-]?ur[il]|callback url/i.test(text))
    return fix(name, `the redirect URI is not registered. Register ${redirectUri} there, letter for letter.`);
  if (/client/i.test(text)) return fix(name, `the client is unknown. Correct ${credentials}.`);
  if (status >= 500)
    return fix(name, `its authorize page answers with an error of its own (${status}). Try again later.`);
  return note(
    name,
    `its authorize page answers programs with ${status}. Connect once in a browser to see whether it accepts this client.`,
  );
}

/** The meaning of a token request with a code that cannot exist: a server that knows the client complains of the code. */
function tokenFinding(failure: Failure, { name, credentials }: Subject): Finding | undefined {
  const { code, status } = failure;
  const unreachable = unreachableText(failure);
  if (unreachable !== undefined) return fix(name, `its token endpoint ${unreachable}`);
  if (code === "oauth/invalid_grant" || code === "oauth/invalid_request") return undefined;
  if (code === "oauth/invalid_client" || code === "oauth/unauthorized_client")
    return fix(name, `the client or its secret is refused. Correct ${credentials}.`);
  if (code === "oauth/issuer_mismatch")
    return fix(name, "its discovery document names another issuer. Copy the issuer from it, letter for letter.");
  const answer = status === undefined ? "" : ` (${status})`;
  return fix(name, `its endpoints do not answer as OAuth demands${answer}. Check the addresses that are set for it.`);
}

/** A code that no server has issued, so that nothing can be obtained with it. */
const NO_CODE = "doctor-asks-whether-this-client-is-known";

async function askTokenEndpoint(
  { oauth, issuer, redirectUri }: Provider,
  state: string,
  verifier: string | undefined,
  deadline: Deadline,
) {
  const callback = new URLSearchParams({ code: NO_CODE, state, ...(issuer !== undefined && { iss: issuer }) });
  const answer = await oauth.exchange({ callback, state, codeVerifier: verifier, redirectUri }, deadline);
  return answer.ok ? undefined : answer.error;
}

/** Checks one registration as far as it shows without an account. */
export async function examineProvider(
  provider: Provider,
  credentials: string,
  deadline: Deadline,
  name = `connecting ${provider.name}`,
): Promise<Finding[]> {
  const { redirectUri, oauth } = provider;
  const subject = { name, redirectUri, credentials };
  const begun = await oauth.begin(redirectUri, deadline);
  if (!begun.ok) return [tokenFinding(begun.error, subject)].filter((finding) => finding !== undefined);
  const { url, state, codeVerifier } = begun.data;
  const [page, refusal] = await Promise.all([
    openPage(url, deadline),
    askTokenEndpoint(provider, state, codeVerifier, deadline),
  ]);
  const shown =
    "code" in page
      ? fix(subject.name, `its authorize page (${hostOf(url)}) ${unreachableText(page) ?? "cannot be read."}`)
      : pageFinding(url, page, subject);
  const found = [shown, refusal && tokenFinding(refusal, subject)].filter((finding) => finding !== undefined);
  return found.length > 0
    ? found
    : [ok(subject.name, `client and redirect URI are accepted, as far as shows before a sign-in.`)];
}

/** The variables without a default: a provider is set up once all of them have a value. */
function credentialsOf({ variables }: ProviderDefinition): string[] {
  return Object.keys(variables).filter((name) => variables[name]?.fallback === undefined);
}

/** A stand-in of the sandbox that does not run keeps nobody from buying. */
function mildly({ level, subject, text }: Finding): Finding {
  return level === "fix" ? note(subject, text) : { level, subject, text };
}

async function examineFurther(env: Env, definition: ProviderDefinition, deadline: Deadline): Promise<Finding[]> {
  const { id, name } = definition;
  const credentials = credentialsOf(definition);
  const settings = env.providers.get(id);
  const missing = settings?.missing ?? credentials;
  const found = requireProvider(env, id);
  if (found.ok) {
    const findings = await examineProvider(found.data.provider, credentials.join(" and "), deadline);
    return env.sandbox ? findings.map(mildly) : findings;
  }
  const isBegun = credentials.some((variable) => settings?.values.has(variable));
  return isBegun ? [fix(`connecting ${name}`, `${missing.join(" and ")} is missing, so nobody can connect it.`)] : [];
}

const OTHER_HOST = "If its sign-in page is on another host than the issuer, add that origin to FORM_ACTION_ORIGINS.";

const ANYBODY =
  "LOGIN_ISSUER is not set: everybody who signs in becomes a new demo user, unless lib/authenticate.ts has been replaced.";

/** Checks the identity provider that people sign in with. In the sandbox, everybody may be a demo user. */
async function examineLogin(env: Env, deadline: Deadline): Promise<Finding[]> {
  const { login, formActionOrigins, appUrl } = env;
  if (!login) return env.sandbox ? [] : [note("signing in", ANYBODY)];
  const name = `signing in (${hostOf(login.issuer)})`;
  const redirectUri = appUrl + LOGIN_CALLBACK_PATH;
  const credentials = "LOGIN_CLIENT_ID and LOGIN_CLIENT_SECRET";
  const spec = loginSpec(login, formActionOrigins);
  const server = await authorizationServer(spec, deadline);
  if (!server.ok) {
    const unreachable = unreachableText(server.error);
    return [fix(name, unreachable ?? `its discovery document cannot be used. Check LOGIN_ISSUER. ${OTHER_HOST}`)];
  }
  const { oauth, issuer } = standardOAuth({ ...spec, clientAuth: clientAuthOf(server.data) });
  return examineProvider({ id: "login", name, redirectUri, issuer, oauth }, credentials, deadline, name);
}

/** Checks the identity provider, and the registration with Sonar and with every other provider for which something is set. */
export async function examineConnections(env: Env, deadline: Deadline): Promise<Finding[]> {
  const sonar = requireProvider(env, "sonar");
  const all = await Promise.all([
    examineLogin(env, deadline),
    sonar.ok ? examineProvider(sonar.data.provider, "SONAR_CLIENT_UUID", deadline) : [],
    ...registeredProviders.map((definition) => examineFurther(env, definition, deadline)),
  ]);
  return all.flat();
}
