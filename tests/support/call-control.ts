/** Calls a control endpoint of the sandbox at `origin`; resolves with the answer's text, rejects with what was said against it. */
export async function callControl(origin: string, method: string, control: string, body?: unknown): Promise<string> {
  const response = await fetch(`${origin}/sandbox/${control}`, {
    method,
    headers: { "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /sandbox/${control} answered ${response.status}: ${text}`);
  return text;
}
