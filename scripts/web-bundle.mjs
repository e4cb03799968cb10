// npm run build:web [FILE]    bundles the verifier for browsers into dist/web/ovop-verify.js (or FILE) and says how large it is.
// Fails when it is larger than a phone on a slow line should load (docs/decisions/0007-verifying-in-a-browser.md).
import { dirname, join, relative, resolve } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Failure, main, root, say } from './lib/run.mjs';

const gzipLimit = 60 * 1024;
const outfile = join(root, 'dist', 'web', 'ovop-verify.js');

/** These packages only define classes and functions: a module of theirs that nothing uses can be left out. */
const definitionsOnly = /^@peculiar\/(?:asn1-|utils)/;

/** Bundles libs/pki/src/web.ts as one ES module; gives its file with its size in bytes, plain and in gzip. */
export async function bundleForWeb(file = outfile) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join('libs', 'pki', 'src', 'web.ts')],
    outfile: file,
    write: false,
    bundle: true,
    minify: true,
    charset: 'utf8',
    legalComments: 'linked',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['source'],
    plugins: [{ name: 'definitions-only', setup: leaveOutUnused }],
  });
  mkdirSync(dirname(file), { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  const contents = outputFiles.find(({ path }) => path === file).contents;
  return { file, bytes: contents.length, gzip: gzipSync(contents, { level: 9 }).length, limit: gzipLimit };
}

function leaveOutUnused({ onResolve, resolve: find }) {
  const asked = Symbol('asked');
  onResolve({ filter: /^[@.]/ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === asked) return undefined;
    const inPackage = definitionsOnly.test(path) || /node_modules.@peculiar.(?:asn1-|utils)/.test(from.importer);
    if (!inPackage) return undefined;
    const found = await find(path, { ...from, pluginData: asked });
    return found.errors.length > 0 ? found : { ...found, sideEffects: false };
  });
}

await main(import.meta.url, async ([path]) => {
  const { file, bytes, gzip, limit } = await bundleForWeb(path && resolve(path));
  say(`${relative(root, file)}: ${bytes} bytes, ${gzip} in gzip (limit ${limit}).`);
  if (gzip > limit) throw new Failure('The verifier is too large for the web.');
});
