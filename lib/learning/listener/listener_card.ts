import { LISTENER_SOUNDS } from "lib/learning/listener/sounds.ts";

/** The listener's model card. */
export function listenerCard(source: { readonly origin: string; readonly sha256: string }): string {
  const short = LISTENER_SOUNDS.filter(({ name, title }) => name !== title)
    .map(({ name, title, threshold }) => `| ${name} | ${title} | ${threshold} |`);
  return `# listener

YAMNet (Google, Apache-2.0): MobileNet v1 over log-mel spectrograms, 3.7 million weights, trained by its publisher on
the two million videos of AudioSet for ${LISTENER_SOUNDS.length} classes of sound. Nothing in it was trained here.

- Made of ${source.origin} (sha256 ${source.sha256}): its 27 convolutions and its dense layer, weights brought back from
  8 bits to float. The spectrogram is computed in float; the file's own, in 8 bits, takes sea waves for speech.
- A score every 160 ms, each the mean over half a second; both phases of the last stride are computed.
- Scores are uncalibrated: they say how sure the network is of one class, not how probable the sound is. Thresholds are the
  lowest from 0.1 to 0.5 at which one hour of mixed sounds (speech, animals, machines, weather, office) gave at most five
  events; \`deno task tune\` finds better ones for your recordings.
- Names of the classes: AudioSet ontology (Gemmeke et al., 2017), CC BY 4.0.

## Burps

On 19 recorded burps that it had not been shown here, alone over quiet noise, its class "Burping, eructation" was above 0.5
for 16 and above 0.2 for all; \`models/burp\` found 3. Over speech and keyboard, 6 to 20 dB louder: recall .65, .68 and .75
at 1, 5 and 20 false alarms an hour (\`models/burp\`: .05, .14, .42); with everything at once, 0 to 12 dB: .25, .35, .42 (0,
.18, .33). These were measured with the network's scores before it was packed like this. In one hour of other sounds without
a burp, this package gives 2 events at 0.2, 4 at 0.13 and 1 at 0.5. Loud neighbours hide sounds from it: a model trained on
your own clips finds more in a noisy stream.

## Short names

| name | class | threshold |
| --- | --- | --- |
${short.join("\n")}
`;
}
