import { askSecret } from './ask-secret.js';
import { runCli } from './cli.js';

// A reader that goes away (`ovop … | head -1`) ends the program quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(1);
});

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  now: () => new Date(),
  ...(process.stdin.isTTY ? { askSecret } : {}),
});
