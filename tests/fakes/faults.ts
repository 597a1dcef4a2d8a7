import type { Random } from "lib/base/numbers/random.ts";

/** What a server may do instead of answering properly. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** Closes the connection in the middle of the body. */
  | { readonly kind: "drop" }
  /** Sends half of the body and then nothing. */
  | { readonly kind: "stall" }
  /** Sends half of the body as if it were all. */
  | { readonly kind: "truncate" }
  /** Sends all of the body with some bytes changed. */
  | { readonly kind: "corrupt" };

/** What is asked of the server. */
export type RequestKind = "gql" | "chat" | "usher" | "playlist" | "segment";

/** Decides what happens to a request; `path` is without its query. */
export type FaultPlan = (kind: RequestKind, path: string) => Fault | undefined;

const FAULTS: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 503, retryAfter: "1" },
  { kind: "status", status: 429, retryAfter: "2" },
  { kind: "drop" },
  { kind: "stall" },
  { kind: "truncate" },
  { kind: "corrupt" },
  { kind: "status", status: 401 },
  { kind: "status", status: 403 },
  { kind: "status", status: 404 },
];

/** The faults after which another try is always right, whatever was asked for. */
const PASSING_FAULTS = FAULTS.slice(0, 5);

/** Faults for a part `rate` of the requests, at most two for each path, so that whoever tries again gets through. */
export function createSeededFaults(random: Random, rate: number): FaultPlan & { readonly done: string[] } {
  const counts = new Map<string, number>();
  const done: string[] = [];
  const plan = (kind: RequestKind, path: string): Fault | undefined => {
    const count = counts.get(path) ?? 0;
    if (count >= 2 || random.next() >= rate) return undefined;
    counts.set(path, count + 1);
    const fault = random.pick(kind === "segment" ? FAULTS : PASSING_FAULTS);
    done.push(`${kind} ${path}: ${fault.kind}${fault.kind === "status" ? ` ${fault.status}` : ""}`);
    return fault;
  };
  return Object.assign(plan, { done });
}

/** Breaks an answer as the fault says. */
export function applyFault(fault: Fault, bytes: Uint8Array<ArrayBuffer>, headers: Headers): Response {
  const half = bytes.slice(0, bytes.length >> 1);
  switch (fault.kind) {
    case "status": {
      const init = {
        status: fault.status,
        headers: fault.retryAfter ? { "retry-after": fault.retryAfter } : {},
      };
      return new Response("no", init);
    }
    case "truncate":
      return new Response(half, { headers });
    case "corrupt": {
      const changed = bytes.slice();
      for (let i = 0; i < 5; i++) {
        const at = Math.floor((changed.length - 1) * (0.2 + 0.15 * i));
        changed[at] = changed[at]! ^ 0xff;
      }
      return new Response(changed, { headers });
    }
    case "drop":
    case "stall": {
      headers.set("content-length", String(bytes.length));
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(half),
        pull: (controller) => {
          if (fault.kind === "drop") controller.error(new Error("dropped on purpose"));
        },
      });
      return new Response(body, { headers });
    }
  }
}
