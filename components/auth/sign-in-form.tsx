import { PostForm } from "@/components/auth/post-form";

/** Signs in on this site. */
export function SignInForm({ returnTo }: { returnTo?: string }) {
  return <PostForm action="/auth/sign-in" label="Sign in" variant="primary" returnTo={returnTo} />;
}
