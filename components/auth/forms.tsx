import { PostForm } from "@/components/auth/post-form";
import type { ButtonVariant } from "@/components/ui/link";

/** A provider that an account can be connected to. */
export interface ConnectTarget {
  id: string;
  name: string;
}

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

const WITH_SONAR: ConnectTarget = { id: "sonar", name: "with Sonar" };

function connectLabel(name: string, brief: boolean) {
  return brief ? { label: "Connect", unseenLabel: name } : { label: `Connect ${name}` };
}

/** Sends the user to a provider to connect an account. */
export function ConnectForm({ returnTo, again = false, brief = false, ...rest }: ConnectFormProps) {
  const { provider = WITH_SONAR, variant = "primary" } = rest;
  const form = { action: `/auth/connect/${provider.id}`, variant, returnTo };
  if (again) return <PostForm {...form} label="Connect again" />;
  return <PostForm {...form} {...connectLabel(provider.name, brief)} />;
}

interface DisconnectFormProps {
  /** Path of this site to come back to. */
  returnTo: string;
  /** Absent: Sonar. */
  provider?: ConnectTarget;
  /** Under a heading that names the provider: the button shows the verb alone. */
  brief?: boolean;
}

const SONAR: ConnectTarget = { id: "sonar", name: "Sonar" };

/** Forgets this user's connection to a provider; nothing changes on their account there. */
export function DisconnectForm({ returnTo, provider = SONAR, brief = false }: DisconnectFormProps) {
  const form = { action: `/auth/disconnect/${provider.id}`, variant: "quiet", returnTo } as const;
  if (brief) return <PostForm {...form} label="Disconnect" unseenLabel={provider.name} />;
  return <PostForm {...form} label={`Disconnect ${provider.name}`} />;
}

/** Signs in on this site. */
export function SignInForm({ returnTo }: { returnTo?: string }) {
  return <PostForm action="/auth/sign-in" label="Sign in" variant="primary" returnTo={returnTo} />;
}

/** Ends the session and every connection of its user. */
export function SignOutForm() {
  return <PostForm action="/auth/sign-out" label="Sign out" variant="quiet" />;
}
