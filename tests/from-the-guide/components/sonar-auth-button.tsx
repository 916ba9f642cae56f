"use client";

interface SonarAuthButtonProps {
  ready: boolean;
  authenticated: boolean;
  login: () => void;
  logout: () => void;
}

export function SonarAuthButton({ ready, authenticated, login, logout }: SonarAuthButtonProps) {
  return (
    <button disabled={!ready} onClick={authenticated ? logout : login}>
      {authenticated ? "Disconnect from Sonar" : "Sign in with Sonar"}
    </button>
  );
}
