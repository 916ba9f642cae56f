"use client";

import { useSession } from "@/hooks/use-session";

export function AuthenticationSection() {
  const { authenticated, loading, sonarConnected, login, logout, connectSonar, disconnectSonar, refreshSession } =
    useSession();

  const reconnect = async () => {
    try {
      await refreshSession();
      await connectSonar();
    } catch (error) {
      console.error("Connecting failed:", error);
    }
  };

  if (loading) return <p>One moment</p>;
  if (!authenticated) return <button onClick={login}>Sign in</button>;
  return (
    <div>
      {sonarConnected ? (
        <>
          <p>Sonar is connected</p>
          <button onClick={disconnectSonar}>Disconnect Sonar</button>
        </>
      ) : (
        <button onClick={() => void reconnect()}>Connect with Sonar</button>
      )}
      <button onClick={logout}>Sign out</button>
    </div>
  );
}
