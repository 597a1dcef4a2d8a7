/** What the C library is called where it can be asked to move a file descriptor. */
const C_LIBRARIES: Readonly<Record<string, string>> = {
  linux: "libc.so.6",
  darwin: "/usr/lib/libSystem.B.dylib",
};
const STDERR = 2;
const WRITE_ONLY = 1;

/**
 * Runs `action` while nothing that the process writes to standard error is shown. Native libraries write notes for
 * their developers there before they can be told not to. Standard error comes back whatever happens; `action` must
 * not be asynchronous, so that no message of the program itself is lost. Where descriptors cannot be moved (Windows,
 * or foreign functions are not allowed) it just runs.
 */
export function withMutedStderr<T>(action: () => T): T {
  const restore = mute();
  try {
    return action();
  } finally {
    restore?.();
  }
}

function mute(): (() => void) | undefined {
  const library = openLibrary();
  if (!library) return undefined;
  const { dup, dup2, open, close } = library.symbols;
  const kept = dup(STDERR);
  const nowhere = open(new TextEncoder().encode("/dev/null\0"), WRITE_ONLY);
  const release = (): void => {
    if (kept >= 0) close(kept);
    if (nowhere >= 0) close(nowhere);
    library.close();
  };
  if (kept < 0 || nowhere < 0 || dup2(nowhere, STDERR) < 0) {
    release();
    return undefined;
  }
  return () => {
    dup2(kept, STDERR);
    release();
  };
}

function openLibrary() {
  const path = C_LIBRARIES[Deno.build.os];
  if (path === undefined) return undefined;
  try {
    return Deno.dlopen(path, {
      dup: { parameters: ["i32"], result: "i32" },
      dup2: { parameters: ["i32", "i32"], result: "i32" },
      open: { parameters: ["buffer", "i32"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    });
  } catch {
    // Notes are no reason to ask for a permission, or to stop.
    return undefined;
  }
}
