import { PostForm } from "@/components/auth/post-form";

/** Forgets the Sonar connection of this user; nothing changes on Sonar itself. */
export function DisconnectForm({ returnTo }: { returnTo: string }) {
  return <PostForm action="/auth/disconnect/sonar" label="Disconnect Sonar" variant="quiet" returnTo={returnTo} />;
}
