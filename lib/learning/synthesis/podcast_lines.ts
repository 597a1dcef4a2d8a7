import type { Random } from "lib/base/numbers/random.ts";

const SUBJECTS = [
  ...["my neighbour", "the old library", "our first guest", "this band", "the committee", "a friend of mine"],
  ...["the river", "the second chapter", "that match", "the whole village", "my grandmother", "the museum"],
];
const VERBS = [
  ...[
    "never really explained",
    "kept talking about",
    "found",
    "forgot",
    "wrote a letter about",
    "was afraid of",
  ],
  ...["rebuilt", "laughed about", "lost", "described", "could not stand", "slowly got used to"],
];
const OBJECTS = [
  ...[
    "the storm of that winter",
    "an empty train station",
    "the rules of the game",
    "the colour of the walls",
  ],
  ...[
    "a very long walk home",
    "the mistake on page nine",
    "the sound of the bells",
    "three hundred photographs",
  ],
  ...["the last question", "what happened in the kitchen", "a map without names", "the end of the season"],
];
const TALK = [
  ...["Yeah, exactly.", "I am not so sure about that.", "Wait, say that again?", "And what did you do then?"],
  ...[
    "Right.",
    "That is what I thought, too.",
    "Let us come back to that in a moment.",
    "Oh, that is lovely.",
  ],
];

const MAKERS = [
  ...[
    "Greenbox",
    "Nightowl Mattress",
    "Parcelly",
    "Fernwood Coffee",
    "Clearbank",
    "Hoppla Shoes",
    "Tidewater",
  ],
  ...["Sunnyside Insurance", "Brightdesk", "Mellow Tea", "Quickmeal", "Northern Razor"],
];
const PITCHES = [
  ...[
    "Are you tired of waiting?",
    "Good things should be simple.",
    "It arrives at your door within two days.",
  ],
  ...[
    "More than two million people trust it already.",
    "Try it free for thirty days.",
    "Cancel at any time.",
  ],
  ...["It tastes as good as it looks.", "No hidden fees, no small print.", "Save up to forty percent today."],
  ...["You will wonder how you lived without it.", "Made with care from the best materials."],
];

/** Something that a host of a show says. */
export function sayTalk(random: Random): string {
  if (random.next() < 0.25) return random.pick(TALK);
  return `${random.pick(["So ", "And ", "You know, ", "I think ", ""])}${random.pick(SUBJECTS)} ` +
    `${random.pick(VERBS)} ${random.pick(OBJECTS)}${
      random.next() < 0.4 ? `, and ${random.pick(TALK)}` : "."
    }`;
}

/** Sentences of an advertisement. */
export function writeAd(random: Random, sentences: number): string[] {
  const maker = random.pick(MAKERS);
  const code = random.pick(["show", "podcast", "listen", "hello"]);
  return [
    random.pick([`This episode is brought to you by ${maker}.`, `Have you heard of ${maker}?`, `${maker}.`]),
    ...random.shuffle(PITCHES).slice(0, Math.max(1, sentences - 2)),
    `Go to ${maker.toLowerCase().replaceAll(" ", "")} dot com and use the code ${code}.`,
  ];
}
