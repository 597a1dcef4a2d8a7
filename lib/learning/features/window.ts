/**
 * Periodic Hann window of `winLength` samples, centred in `nFft` with zeros on both sides, as librosa and SciPy
 * (`fftbins=True`) make it. Shape [nFft].
 */
export function hannWindow(nFft: number, winLength: number = nFft): Float64Array {
  const window = new Float64Array(nFft);
  const start = Math.floor((nFft - winLength) / 2);
  for (let i = 0; i < winLength; i++) window[start + i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / winLength);
  return window;
}
