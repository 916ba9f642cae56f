import type { ConnectTarget } from "@/components/auth/connect-target";
import { PostForm } from "@/components/auth/post-form";

interface DisconnectFormProps {
  /** Path of this site to come back to. */
  returnTo: string;
  /** Absent: Sonar. */
  provider?: ConnectTarget;
}

const SONAR: ConnectTarget = { id: "sonar", name: "Sonar" };

/** Forgets this user's connection to a provider; nothing changes on his account there. */
export function DisconnectForm({ returnTo, provider = SONAR }: DisconnectFormProps) {
  const action = `/auth/disconnect/${provider.id}`;
  return <PostForm action={action} label={`Disconnect ${provider.name}`} variant="quiet" returnTo={returnTo} />;
}
