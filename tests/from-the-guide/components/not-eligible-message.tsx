export function NotEligibleMessage({ sonarHomeURL }: { sonarHomeURL: string }) {
  return (
    <p>
      No entity may take part. <a href={sonarHomeURL}>See the reason on Sonar</a>
    </p>
  );
}
