/**
 * One object for the whole process. A module-level variable is not: Next gives route handlers other copies of a module than
 * pages and actions, in development and in production, and an edit in development makes new ones.
 */
export function processGlobal<T>(name: string, create: () => T): T {
  const key = Symbol.for(`sonar-app.${name}`);
  // TypeScript cannot know what another copy of this module has put there; every name has one creator and one type.
  const slots = globalThis as unknown as Record<symbol, T | undefined>;
  return (slots[key] ??= create());
}
