/** The page's script as one file. */
export function bundled(): Promise<string>;
