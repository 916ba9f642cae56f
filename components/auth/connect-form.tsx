import type { ConnectTarget } from "@/components/auth/connect-target";
import { PostForm } from "@/components/auth/post-form";
import type { ButtonVariant } from "@/components/ui/button-class";

interface ConnectFormProps {
  /** Path of this site to come back to. */
  returnTo: string;
  /** After a connection that ended or an attempt that failed. */
  again?: boolean;
  /** Absent: Sonar. */
  provider?: ConnectTarget | undefined;
  variant?: ButtonVariant;
}

const SONAR: ConnectTarget = { id: "sonar", name: "with Sonar" };

/** Sends the user to a provider to connect an account. */
export function ConnectForm({ returnTo, again = false, provider = SONAR, variant = "primary" }: ConnectFormProps) {
  const label = again ? "Connect again" : `Connect ${provider.name}`;
  return <PostForm action={`/auth/connect/${provider.id}`} label={label} variant={variant} returnTo={returnTo} />;
}
