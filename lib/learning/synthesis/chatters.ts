import { eventDuration, type SoundEvent } from "lib/base/events/sound_event.ts";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";

/** Who chats, and how. */
interface ChatOptions {
  readonly seed: number | string;
  /** Length of the recording, in seconds. */
  readonly durationSeconds: number;
  /** What people type when they hear the event; `!burp` by default. */
  readonly command?: string;
  /** Number of people; 15 by default. */
  readonly chatters?: number;
  /** Mean number of people who type the command after an event; 3 by default. */
  readonly votesPerEvent?: number;
  /** Commands per hour that follow no event; 2 by default. */
  readonly falseAlarmsPerHour?: number;
  /** Messages about anything else per minute; 6 by default. */
  readonly messagesPerMinute?: number;
  /** Login of a bot that repeats the command itself, as this project's does; without a bot if absent. */
  readonly bot?: string;
}

const NAME_STARTS = [
  "pixel",
  "frosty",
  "lazy",
  "turbo",
  "salty",
  "captain",
  "tiny",
  "grumpy",
  "neon",
  "witty",
] as const;
const NAME_ENDS = [
  "otter",
  "goblin",
  "noodle",
  "panda",
  "wizard",
  "toast",
  "badger",
  "comet",
  "pickle",
  "moth",
] as const;
const SMALL_TALK = [
  "hi chat",
  "lol",
  "LUL",
  "what game is this?",
  "gg",
  "nice shot",
  "how long have you been live",
  "that was close",
  "the music is a bit loud",
  "first time here, hello",
  "wait what",
  "left, go left!",
  "brb",
  "no way",
] as const;

/**
 * The chat of a recording whose events are known: people who type the command two to fifteen seconds after an event, some
 * of them wrongly, several at once, some with a count or for nothing at all, between small talk; and a bot, if wanted,
 * whose own messages are no witness. Times are whole seconds, as in the chats of recordings.
 * @returns Messages in order of time.
 */
export function synthesizeChat(truth: readonly SoundEvent[], options: ChatOptions): ChatMessage[] {
  const { seed, durationSeconds, command = "!burp", chatters = 15, votesPerEvent = 3 } = options;
  const { falseAlarmsPerHour = 2, messagesPerMinute = 6, bot } = options;
  const random = createRandom(seed).fork("chat");
  const people = Array.from({ length: chatters }, (_, i) => drawPerson(random, i));
  const messages: ChatMessage[] = [];
  const say = (time: number, userName: string, message: string) => {
    if (time < durationSeconds) messages.push({ time: Math.floor(time), userName, message });
  };
  for (const [index, event] of truth.entries()) {
    // A long event is answered from its end on, a short one from its beginning.
    const heard = event.onset + Math.min(1, eventDuration(event));
    for (const person of people) {
      if (random.next() * chatters >= votesPerEvent * person.eagerness) continue;
      const delay = Math.min(15, 2 + person.slowness * random.uniform(0.3, 2));
      say(heard + delay, person.name, drawCommand(random, command));
      if (random.next() < 0.05) say(heard + delay + random.uniform(1, 4), person.name, command);
    }
    if (bot !== undefined && random.next() < 0.7) {
      const time = heard + random.uniform(1, 6);
      say(time, bot, `[bot] That was number ${index + 1}!`);
      say(time + 1, bot, command);
    }
  }
  const alone = (perHour: number, write: (person: string) => string) => {
    for (
      let count = Math.round(perHour * durationSeconds / 3600 * random.uniform(0.8, 1.2));
      count > 0;
      count--
    ) {
      const { name } = random.pick(people);
      say(random.uniform(0, durationSeconds), name, write(name));
    }
  };
  if (people.length > 0) {
    alone(falseAlarmsPerHour, () => command);
    alone(60 * messagesPerMinute, () => random.pick(SMALL_TALK));
  }
  // The sort is stable: of two messages in one second, the announcement of the bot stays before its command.
  return messages.sort((a, b) => a.time - b.time);
}

interface Person {
  readonly name: string;
  /** Factor on the probability of answering; 1 on average. */
  readonly eagerness: number;
  /** Typical time to type, in seconds. */
  readonly slowness: number;
}

function drawPerson(random: Random, index: number): Person {
  return {
    name: `${random.pick(NAME_STARTS)}_${random.pick(NAME_ENDS)}${10 + index}`,
    eagerness: 2 * random.next(),
    slowness: random.uniform(1, 7),
  };
}

/** The command as people type it: in capitals, with a count, with words around it, or misspelt. */
function drawCommand(random: Random, command: string): string {
  const kind = random.next();
  if (kind < 0.6) return command;
  if (kind < 0.7) return command.toUpperCase();
  if (kind < 0.78) return `${command} lol`;
  if (kind < 0.84) return `omg ${command}`;
  if (kind < 0.9) return `${command} ${1 + random.integer(3)}`;
  const at = 1 + random.integer(Math.max(1, command.length - 2));
  // Two neighbouring letters swapped, one left out, or one doubled.
  const [first, second] = [command.charAt(at), command.charAt(at + 1)];
  const slip = random.pick([second + first, first, first + first + second]);
  return command.slice(0, at) + slip + command.slice(at + 2);
}
