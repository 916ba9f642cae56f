import { PostForm } from "@/components/auth/post-form";

/** Signs in on this site. */
export function SignInForm() {
  return <PostForm action="/auth/sign-in" label="Sign in" variant="primary" />;
}
