/** Folder of the clips that hold a sound, in the folder of clips. */
export function positivesFolder(event: string): string {
  return `${event}-audio`;
}

/** Folder of the clips that do not hold it. */
export function negativesFolder(event: string): string {
  return `not-${event}-audio`;
}

/** Folder of the clips that a person has to decide on; nothing is trained on it. */
export function candidatesFolder(event: string): string {
  return `${event}-candidates`;
}
