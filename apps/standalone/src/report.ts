import { services } from '#contracts';
import type { Demo } from './demo/load.js';
import type { Config } from './config.js';
import { say } from './prepare.js';

/** The last words of a start: where everything is. */
export function report({ baseUrl, dataDir, demoFile }: Config, logFile: string, demo: Demo | undefined): void {
  say('');
  say(`ovop-trace is ready at ${baseUrl}`);
  say(`  pages          ${baseUrl}/   and   ${baseUrl}/check`);
  for (const service of services) say(`  API            ${baseUrl}/api/${service}/docs`);
  say(`  trust bundle   ${baseUrl}/.well-known/ovop-trust`);
  if (demo !== undefined) {
    say('');
    say('Demonstration, not for trade:');
    for (const role of new Set(demo.accounts.map((account) => account.role))) {
      const account = demo.accounts.find((candidate) => candidate.role === role);
      if (account !== undefined) say(`  ${role.padEnd(14)} ${account.login}   ${account.password}`);
    }
    say(`  a label        ${demo.labels[0] ?? ''}`);
    say(`  a sheet        ${demo.sheetPdf}`);
    say(`  all of it      ${demoFile}`);
  }
  say('');
  say(`Data is in ${dataDir}, the log in ${logFile}. Ctrl-C stops; npm run reset starts afresh.`);
}
