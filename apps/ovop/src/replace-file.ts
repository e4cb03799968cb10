import { open, rename, rm } from 'node:fs/promises';
import { UsageError } from './usage.js';

/**
 * Written beside it and renamed: a reader, or a crash, finds the old content or the new.
 * @param mode who may read a file that was not there before
 */
export async function replaceFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new UsageError(`${path} can not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
