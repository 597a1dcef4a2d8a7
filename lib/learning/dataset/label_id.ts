// Without I, L, O and U, which are mistaken for others when an id is read out or typed.
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_DIGITS = 10;

/**
 * A new id: the time in ten digits, so that ids sort by time, then eighty random bits, so that programs that write at
 * the same time need not agree on anything.
 *
 * @param nowMs In milliseconds since 1970.
 * @param randomBytes Ten random bytes.
 */
export function createLabelId(nowMs: number, randomBytes: Uint8Array): string {
  let rest = Math.floor(nowMs);
  let time = "";
  for (let i = 0; i < TIME_DIGITS; i++) {
    time = DIGITS[rest % 32]! + time;
    rest = Math.floor(rest / 32);
  }
  let bits = 0n;
  for (const byte of randomBytes.subarray(0, 10)) bits = bits << 8n | BigInt(byte);
  let random = "";
  for (let i = 0; i < 16; i++) {
    random = DIGITS[Number(bits & 31n)]! + random;
    bits >>= 5n;
  }
  return time + random;
}
