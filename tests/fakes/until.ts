/**
 * Waits until something is so, for things that other parts of this process do in their own time.
 * @throws {Error} after two minutes of real time, with what was waited for: machines that build may be very busy.
 */
export async function until(isSo: () => boolean): Promise<void> {
  const startMs = performance.now();
  while (!isSo()) {
    if (performance.now() - startMs > 120_000) throw new Error(`It never came to be that ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
