/** Runs after the last test: stops what was started for them. */
export default async function globalTeardown() {
  await globalThis.testResources.stop();
}
