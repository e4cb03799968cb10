/** Asks the main process of the test run for something that is shared by all tests. */
export async function resource(method: 'POST' | 'DELETE', path: string): Promise<unknown> {
  const base = process.env['TEST_RESOURCES'];
  if (base === undefined) throw new Error('tests run through Jest with the settings of jest.config.mjs');
  const response = await fetch(`${base}/${path}`, { method });
  if (!response.ok) throw new Error(`the test run could not provide ${path}:\n${await response.text()}`);
  return response.json();
}
