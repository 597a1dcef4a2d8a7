import { freeFolder } from "lib/base/system/free_folder.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";

/**
 * The folder that a new model goes to: the one that was asked for, else `models/<name>` or the first of `models/<name>-2`,
 * `models/<name>-3` and so on that is free.
 *
 * @throws {ModelPackageError} If the one that was asked for exists; better now than after an hour of training.
 */
export async function outputFolder(given: string | undefined, name: string): Promise<string> {
  if (given === undefined) return await freeFolder(`models/${name}`);
  if (await freeFolder(given) !== given) {
    throw new ModelPackageError(
      given,
      "the folder exists already; name a new one with --output, or delete it",
    );
  }
  return given;
}
