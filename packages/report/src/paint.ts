/** A colour of the page by what it means, a ledger class or a host's state; page-theme.ts says which colour that is. */
export const paint = (meaning: string): string => `var(--of-${meaning})`;
