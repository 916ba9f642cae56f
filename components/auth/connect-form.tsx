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
  /** Under a heading that names the provider: the button shows the verb alone. */
  brief?: boolean;
}

const SONAR: ConnectTarget = { id: "sonar", name: "with Sonar" };

function connectLabel(name: string, brief: boolean) {
  return brief ? { label: "Connect", unseenLabel: name } : { label: `Connect ${name}` };
}

/** Sends the user to a provider to connect an account. */
export function ConnectForm({ returnTo, again = false, brief = false, ...rest }: ConnectFormProps) {
  const { provider = SONAR, variant = "primary" } = rest;
  const form = { action: `/auth/connect/${provider.id}`, variant, returnTo };
  if (again) return <PostForm {...form} label="Connect again" />;
  return <PostForm {...form} {...connectLabel(provider.name, brief)} />;
}
