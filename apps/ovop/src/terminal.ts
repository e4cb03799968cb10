/** What the command line reads and writes; passed in so that it can be watched. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly now: () => Date;
  /** Asks for a line without showing it; absent where nobody is there to type. */
  readonly askSecret?: (question: string) => Promise<string>;
}
