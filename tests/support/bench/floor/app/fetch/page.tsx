/** A bare action that only fetches: one call of the upstream and its answer, without a session, tokens or checks. */
async function fetchEntities(): Promise<string> {
  // eslint-disable-next-line no-restricted-syntax -- This app is not the one whose actions are kept in one place.
  "use server";
  const { FLOOR_UPSTREAM = "", FLOOR_ACCESS_TOKEN = "", FLOOR_BODY = "" } = process.env;
  const headers = { "Content-Type": "application/json", Authorization: `api:Bearer ${FLOOR_ACCESS_TOKEN}` };
  const answer = await fetch(FLOOR_UPSTREAM, { method: "POST", headers, body: FLOOR_BODY });
  return answer.text();
}

/** Names the action, so that the build has it. */
export default function FetchPage() {
  return (
    <form action={fetchEntities as unknown as () => Promise<void>}>
      <button>Fetch</button>
    </form>
  );
}
