/** A recording's name for a title: the last part of its path, the middle left out where it is long. */
export function shortName(recording: string): string {
  return shorten(lastParts(recording, 1));
}

/** Names of several recordings, each with as many folders as tell it from the others; by what was given. */
export function shortNames(recordings: readonly string[]): ReadonlyMap<string, string> {
  const all = [...new Set(recordings)];
  return new Map(all.map((recording) => {
    const depths = recording.split(/[\\/]/).length;
    for (let count = 1; count < depths; count++) {
      const name = lastParts(recording, count);
      if (all.filter((other) => lastParts(other, count) === name).length === 1) {
        return [recording, shorten(name)];
      }
    }
    return [recording, recording];
  }));
}

function lastParts(path: string, count: number): string {
  return path.split(/[\\/]/).filter(Boolean).slice(-count).join("/") || path;
}

function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 28)}…${name.slice(-11)}` : name;
}
