import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a line on a terminal without showing what is typed; the question goes to standard error. */
export async function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
