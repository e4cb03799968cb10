import { expect, it } from '@jest/globals';
import { splitBundle } from './bundle.rules.js';

it('a bundle is cut into parts that joined in order are the bundle', () => {
  const parts = splitBundle('abcdefghij', 4);
  expect(parts).toEqual(['abcd', 'efgh', 'ij']);
  expect(splitBundle('abcd', 4)).toEqual(['abcd']);
});
