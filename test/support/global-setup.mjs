import { serveResources } from './resources.mjs';

/** Runs before the first test: offers databases and brokers to the workers, which start when somebody asks. */
export default async function globalSetup() {
  const resources = await serveResources();
  process.env.TEST_RESOURCES = resources.url;
  globalThis.testResources = resources;
}
