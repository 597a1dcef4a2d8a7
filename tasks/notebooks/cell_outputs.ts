import type { CellOutput } from "tasks/notebooks/executed_notebook.ts";

/** A message of a kernel, as far as outputs are concerned. */
export interface KernelMessage {
  readonly header: { readonly msg_type: string; readonly msg_id?: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, unknown>>;
}

/** Keeps what cells show, as an editor does. */
interface OutputKeeper {
  /** Adds a message to the outputs of its cell, or changes what an earlier one showed; gives whether it was an output. */
  add(message: KernelMessage, outputs: CellOutput[]): boolean;
}

/** Makes a keeper for all cells of a notebook: a cell may change what another has shown. */
export function createOutputKeeper(): OutputKeeper {
  const displays = new Map<string, CellOutput[]>();
  return {
    add({ header: { msg_type: type }, content }, outputs) {
      const last = outputs.at(-1);
      const { name, text, data, metadata = {}, execution_count, ename, evalue, traceback } = content;
      const displayId = (content["transient"] as { display_id?: string } | undefined)?.display_id;
      switch (type) {
        case "stream":
          if (last?.output_type === "stream" && last["name"] === name) last.text = `${last.text}${text}`;
          else outputs.push({ output_type: type, name, text: String(text) });
          return true;
        case "display_data":
        case "execute_result": {
          const output = {
            output_type: type,
            data: data as Record<string, unknown>,
            metadata,
            ...(type === "execute_result" ? { execution_count } : {}),
          };
          outputs.push(output);
          if (displayId) displays.set(displayId, [...displays.get(displayId) ?? [], output]);
          return true;
        }
        case "update_display_data":
          for (const output of displays.get(displayId ?? "") ?? []) {
            Object.assign(output, { data, metadata });
          }
          return true;
        case "error":
          outputs.push({ output_type: type, ename: String(ename), evalue: String(evalue), traceback });
          return true;
        default:
          return false;
      }
    },
  };
}
