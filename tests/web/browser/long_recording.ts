const RATE = 16_000;

/**
 * Writes a WAV of any length at once: silence that takes no room on the disk, with a burst of tone every ten minutes.
 * @param seconds At most 37 hours, which 32 bits can count.
 */
export async function writeLongRecording(path: string, seconds: number): Promise<void> {
  const bytes = seconds * RATE * 2;
  const header = new DataView(new ArrayBuffer(44));
  const text = (at: number, word: string) =>
    [...word].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  header.setUint32(4, 36 + bytes, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, RATE, true);
  header.setUint32(28, RATE * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, "data");
  header.setUint32(40, bytes, true);
  const burst = Int16Array.from({ length: RATE }, (_, i) => 9_000 * Math.sin(2 * Math.PI * 440 * i / RATE));
  using file = await Deno.open(path, { write: true, create: true });
  await file.write(new Uint8Array(header.buffer));
  await file.truncate(44 + bytes);
  for (let second = 30; second + 1 < seconds; second += 600) {
    await file.seek(44 + second * RATE * 2, Deno.SeekMode.Start);
    await file.write(new Uint8Array(burst.buffer));
  }
}
