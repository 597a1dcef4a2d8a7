/** Whether there is something at a path, be it a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** Whether a path leads to something: a link that leads nowhere does not. */
export async function leadsSomewhere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
