/** A model folder that cannot be used or written; the message names it and says what to do. */
export class ModelPackageError extends Error {
  override readonly name = "ModelPackageError";

  /**
   * @param dir The model folder.
   * @param problem What is wrong and what to do about it.
   */
  constructor(readonly dir: string, readonly problem: string, options?: ErrorOptions) {
    super(`Cannot use the model ${dir}: ${problem}`, options);
  }
}
