import { getSession } from "@/lib/session";

/** A bare page for each request, with the same session read as this app's pages. */
export default async function SessionPage() {
  const session = await getSession();
  return <p>{session ? "Signed in" : "Signed out"}</p>;
}
