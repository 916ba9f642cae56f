/** For the operator of this site: which variables are not set. Their names only. */
export function MissingVariables({ names }: { names: readonly string[] }) {
  return (
    <>
      <p>
        This site has no credentials for it yet. Its operator sets{" "}
        {names.length === 1 ? "this variable" : "these variables"}:
      </p>
      <ul className="mt-2 grid gap-1">
        {names.map((name) => (
          <li key={name} className="font-mono text-sm">
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}
