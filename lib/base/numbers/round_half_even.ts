/**
 * Rounds to `digits` decimals as Python's `round` does: to the nearest, and exactly in the middle to the even
 * neighbour. `toFixed` rounds the middle up, so that 0.25 would become 0.3 where the reference scorer prints 0.2.
 */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return value;
  // toFixed works on the exact value; 100 decimals are its limit and are enough to tell a middle from its neighbours.
  const exact = Math.abs(value).toFixed(100);
  const cut = exact.length - 100 + digits;
  if (!/^50*$/.test(exact.slice(cut))) return Number(value.toFixed(digits));
  const down = exact.slice(0, cut).replace(/\.$/, "");
  const isEven = Number(down.at(-1)) % 2 === 0;
  return isEven ? Math.sign(value) * Number(down) : Number(value.toFixed(digits));
}
