import { PostForm } from "@/components/auth/post-form";

interface ConnectFormProps {
  /** Path of this site to come back to. */
  returnTo: string;
  /** After a connection that ended or an attempt that failed. */
  again?: boolean;
}

/** Sends the user to Sonar to connect an account. */
export function ConnectForm({ returnTo, again = false }: ConnectFormProps) {
  const label = again ? "Connect again" : "Connect with Sonar";
  return <PostForm action="/auth/connect/sonar" label={label} variant="primary" returnTo={returnTo} />;
}
