/**
 * A manifest of version 1 as one of version 2: it had the features of its only input, the sound, beside everything else.
 * Anything else is left as it is, for the schema to say what is wrong with it.
 */
export function fromVersion1(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!("formatVersion" in value) || value.formatVersion !== 1) return value;
  if (!("features" in value && "featureFingerprint" in value) || "inputs" in value) return value;
  const { features, featureFingerprint: fingerprint, ...others } = value;
  return { ...others, formatVersion: 2, inputs: [{ stream: "sound", features, fingerprint }] };
}
