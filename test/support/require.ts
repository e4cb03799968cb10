import { describe, it } from '@jest/globals';
import { z } from 'zod';

/** Things that a machine may lack; tests that need one say so. */
export type Tool = 'kafka' | 'browser' | 'openssl' | 'zbarimg' | 'pdftoppm' | 'softhsm';

/** Why a tool is not there, as scripts/test.mjs found out; what it does not name is there. */
const missing = z.record(z.string(), z.string()).parse(JSON.parse(process.env['TEST_MISSING'] ?? '{}'));
const required = (process.env['REQUIRE'] ?? '').split(',');

/** `describe` for tests that need these tools: without them they are skipped, or fail where REQUIRE names the tool. */
export function describeWith(tools: Tool | Tool[], name: string, tests: () => void): void {
  const lacking = [tools].flat().filter((tool) => missing[tool] !== undefined);
  const broken = lacking.filter((tool) => required.includes(tool));
  if (broken.length > 0) {
    describe(name, () => {
      it.each(broken)('has %s, which REQUIRE names', (tool) => {
        throw new Error(`${tool} is required but not there: ${missing[tool]}`);
      });
    });
    return;
  }
  (lacking.length > 0 ? describe.skip : describe)(name, tests);
}
