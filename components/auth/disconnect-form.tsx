import type { ConnectTarget } from "@/components/auth/connect-target";
import { PostForm } from "@/components/auth/post-form";

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
