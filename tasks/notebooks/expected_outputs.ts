/**
 * What each notebook must show when it runs on its demo data.
 *
 * `outputs` lists everything that cells show, in order: a kind (`figure`, `player`, `picture`, `table`, `html`) and, after a
 * blank, how its title or caption begins. A gallery in one piece of HTML counts as each player, picture and table in it. A
 * missing output fails, and so does one more than listed. Text (`showText()`, `console.log()`, is passed over but
 * where it is listed: `text Kept` wants a text that begins so, at that place. `deno task notebooks NAME` prints what was
 * shown when it does not agree, to be copied here.
 *
 * A notebook must show the same outputs with small settings (`quick` of `notebooks/demo_data.ts`), with which the tests run it.
 */
interface NotebookExpectation {
  /** Longest time that a cell may take, in seconds, on two slow cores; with small settings, too. */
  readonly cellSeconds: number;
  readonly outputs: readonly string[];
  /** How the title of its main plot begins, which the README shows. */
  readonly picture?: string;
}

/** By the notebook's name, without its ending. */
export const EXPECTED_OUTPUTS: Readonly<Record<string, NotebookExpectation>> = {
  "01_harvest": {
    cellSeconds: 300,
    outputs: [
      "table Messages",
      "table Chat around the first mention",
      "figure Mentions in demo-300s-7.wav",
      "text Added",
      "figure Mentions in demo-300s-7",
      "figure Delay from a burp to the first message",
      "table Candidates of each mention",
      ...["figure Candidate at", "player Candidate at"],
      ...["figure Candidate at", "player Candidate at"],
      ...["figure Candidate at", "player Candidate at"],
      "table How often it is right",
    ],
    picture: "Mentions in demo",
  },
  "02_label": {
    cellSeconds: 300,
    outputs: [
      "table The first labels",
      "figure Clips of each label",
      "table Undecided clips, most worth first",
      ...["figure Undecided:", "player Undecided:"],
      ...["figure Undecided:", "player Undecided:"],
      "table What was decided",
      "text Labels of a person before, after an undo, and after taking that back:",
      "figure Clips of each label, decided",
      "table What the doctor finds",
      "table Shortcuts",
      "table Average precision of a simple classifier",
      "text Open http://127.0.0.1:",
      "table What you said last",
    ],
    picture: "Clips of each label",
  },
  "03_train": {
    cellSeconds: 600,
    outputs: [
      "table Clips to learn from",
      "player",
      "figure",
      "text Training from",
      "figure Training of burp",
      "figure Clips of burp at threshold 0.5",
      "figure Scores of burp on validation windows",
      "text Kept",
      "figure Clips of burp at threshold 0.3",
      "figure Training of 2 runs",
      "table Earlier runs:",
      "figure Training of 2 runs",
      "table burp",
      "figure Learning curve of burp",
      "text From",
    ],
    picture: "Training of 2 runs",
  },
  "04_tune_threshold": {
    cellSeconds: 300,
    outputs: [
      "table Choices of a threshold",
      "figure What a threshold costs: burp",
      "figure Precision and recall of burp on recordings",
      "figure What changes side as the threshold of burp moves",
      "html 1 ·",
      ...times(2, "figure"),
      "figure How scores of burp become events:",
      "figure What a score of burp is worth",
      "text burp:",
      "table On an unseen recording",
      "table Choices kept with the model",
    ],
    picture: "What a threshold costs: burp",
  },
  "05_review_errors": {
    cellSeconds: 300,
    outputs: [
      "table Clips to review",
      "figure Scores of burp and of other clips",
      "table The most suspicious labels",
      "html 1 ·",
      "table Misplaced clips among the suspects",
      "table Relabelled clips",
      "figure Clips of burp at threshold",
      "html 1 ·",
      "table Both models, which agree on",
      "text F1 differs by",
    ],
    picture: "Scores of burp and of other clips",
  },
  "06_bot_replay": {
    cellSeconds: 300,
    outputs: [
      "figure The bot on demo-stream.wav",
      "table Heard, and nothing said",
      "table Answers by cooldown",
    ],
    picture: "The bot on",
  },
  "10_separation": {
    cellSeconds: 300,
    outputs: [
      ...["figure Sound", "figure Voice", "figure Game"],
      "figure Voice and game of talk.wav",
      ...["player Voice", "player Game"],
      "table Ratio of signal to distortion",
    ],
    picture: "Voice and game of",
  },
};

/** The same output several times: `...times(6, "player Candidate")`. */
function times(count: number, output: string): string[] {
  return Array.from({ length: count }, () => output);
}
