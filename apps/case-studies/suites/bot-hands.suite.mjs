// 10,000 hands of six players, one JSON object a line; they become a table of a row for each player of each hand.
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

const cardsOf = (text) => text.match(/../g) ?? [];

async function playersOfHands({ folder, temporaryFolder }) {
  const rows = ["session,hand,hand_in_session,seat,player,is_bot,stack_before,stack_after,net,actions,repeated_cards"];
  for await (const line of createInterface({ input: createReadStream(join(folder, "bot", "pluribus_hands.jsonl")) })) {
    if (line.trim() === "") continue;
    const hand = JSON.parse(line);
    const dealt = hand.actions
      .filter((action) => action.startsWith("d "))
      .flatMap((action) => cardsOf(action.split(" ").at(-1)));
    const repeated = dealt.length - new Set(dealt).size;
    for (const [index, player] of hand.players.entries()) {
      const [before, after] = [hand.starting_stacks[index], hand.finishing_stacks[index]];
      const actions = hand.actions.filter((action) => action.startsWith(`p${index + 1} `)).length;
      const session = `s${hand.session}`;
      const place = [session, hand.hand, hand.hand_in_session, index + 1, player, player === "Pluribus" ? 1 : 0];
      rows.push([...place, before, after, after - before, actions, repeated].join(","));
    }
  }
  const path = join(temporaryFolder, "bot-players.csv");
  await writeFile(path, `${rows.join("\n")}\n`);
  return { file: path };
}

export default {
  name: "bot hands",
  description: "10,000 hands of six-player no-limit hold'em; the player named Pluribus is a bot.",
  key: ["session", "hand_in_session", "seat"],
  data: playersOfHands,
  expectations: [
    { kind: "rowCountEquals", count: 60_000 },
    { kind: "primaryKey", columns: ["session", "hand_in_session", "seat"] },
    { kind: "uniqueTogether", columns: ["session", "hand_in_session", "player"], because: "nobody sits on two chairs" },
    { kind: "groupRowCountBetween", by: ["session", "hand_in_session"], min: 6, max: 6 },
    {
      kind: "groupSumBetween",
      by: ["session", "hand_in_session"],
      column: "net",
      min: 0,
      max: 0,
      because: "what one wins another loses; there is no rake",
    },
    {
      kind: "groupSumBetween",
      by: ["session", "hand_in_session"],
      column: "is_bot",
      min: 1,
      max: 1,
      because: "the bot plays in every hand, once",
    },
    { kind: "equalTo", column: "stack_before", value: 10_000 },
    { kind: "between", column: "stack_after", min: 0, max: 60_000 },
    { kind: "equalTo", column: "repeated_cards", value: 0, because: "a card is dealt once" },
    { kind: "distinctCountBetween", column: "player", min: 14, max: 14 },
    {
      kind: "groupMinBetween",
      by: ["session"],
      column: "hand_in_session",
      min: 0,
      max: 0,
      because: "a session that begins later is the rest of another: a split by session leaks",
    },
    {
      kind: "uniqueTogether",
      columns: ["hand", "player"],
      severity: "warning",
      because: "hand numbers begin again with each session, so they are no key",
    },
  ],
};
