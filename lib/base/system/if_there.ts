/** What is done to a path gives; undefined where there is nothing. Any other error is thrown. */
export async function ifThere<T>(doing: Promise<T>): Promise<T | undefined> {
  try {
    return await doing;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The bytes of a file; undefined where there is none. Any other reason why it cannot be read is thrown. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return await ifThere(Deno.readFile(path));
}
