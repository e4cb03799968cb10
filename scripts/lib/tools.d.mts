/** The browser for tests, or undefined where none is installed. */
export function findBrowser(): string | undefined;
