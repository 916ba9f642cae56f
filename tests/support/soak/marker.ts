/** A text that stands in the data of one user only. Where another user sees it, foreign data is shown. */
export function markerOf(user: string): string {
  return `mark-${user}-ed`;
}

const MARKER = /mark-(\w+)-ed/g;

/** The users whose data a text contains. */
export function usersIn(text: string): Set<string> {
  return new Set([...text.matchAll(MARKER)].map(([, user = ""]) => user));
}

/** Puts a user's marker into an answer of the upstream: into the email address and the names of entities and companies. */
export function withMarker(body: string, user: string): string {
  return body
    .replace(/"EmailAddress":"[^"]*"/g, `"EmailAddress":"${markerOf(user)}@example.com"`)
    .replace(/"(Label|CompanyName)":"([^"\\]*)"/g, `"$1":"$2 ${markerOf(user)}"`);
}
