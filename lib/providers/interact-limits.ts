/** The longest title and text of an entry, for the form and the server alike. */
export const ENTRY_LIMITS = { title: 120, text: 2_000 } as const;
