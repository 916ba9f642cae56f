/**
 * One object for the whole process. A module-level variable would not be: Next gives route handlers other copies of a module than pages and
 * actions, in development and in production, and every edit in development makes new ones.
 */
export function processGlobal<T>(name: string, create: () => T): T {
  const key = Symbol.for(`sonar-app.${name}`);
  // TypeScript cannot know the value that another copy of this module has stored; every name has one creator and one type.
  const slots = globalThis as unknown as Record<symbol, T | undefined>;
  return (slots[key] ??= create());
}
