import { PostForm } from "@/components/auth/post-form";

/** Ends the session and every connection of its user. */
export function SignOutForm() {
  return <PostForm action="/auth/sign-out" label="Sign out" variant="quiet" />;
}
