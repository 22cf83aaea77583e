"""Games: chess, dominoes, tricks of cards, tournaments, tennis."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from .parts import near

FILES = "abcdefgh"
RANKS = ("2", "3", "4", "5", "6", "7", "8", "9", "10", "jack", "queen", "king", "ace")
SUITS = ("clubs", "diamonds", "hearts", "spades")
POINTS = ("love", "15", "30", "40")


def _reaches(piece: str, files: int, ranks: int) -> bool:
    """Whether a piece moves this far on an empty board; both distances are 0 or more."""
    if piece == "knight":
        return {files, ranks} == {1, 2}
    if piece == "bishop":
        return files == ranks > 0
    return (files == 0) != (ranks == 0)  # a rook


def _chess(random: Random) -> Draw:
    piece = random.choice(["knight", "bishop", "rook"])
    column, row = random.randrange(8), random.randrange(8)
    reached: list[str] = []
    missed: list[str] = []
    for file in range(8):
        for rank in range(8):
            distance = abs(file - column), abs(rank - row)
            if 0 < max(distance) <= 3:
                squares = reached if _reaches(piece, *distance) else missed
                squares.append(f"{FILES[file]}{rank + 1}")
    values = {"piece": piece, "square": f"{FILES[column]}{row + 1}"}
    return Draw(values, random.choice(reached), random.sample(missed, 3))


def _dominoes(random: Random) -> Draw:
    end, start = random.sample(range(7), 2)
    rest = [pips for pips in range(7) if pips not in (end, start)]
    right = random.choice(rest)
    wrong = [f"{low}-{high}" for low in rest for high in rest if low <= high]
    answer = f"{min(end, right)}-{max(end, right)}"
    return Draw({"end": end, "start": start}, answer, random.sample(wrong, 4))


def _tricks(random: Random) -> Draw:
    cards = random.sample([(rank, suit) for rank in RANKS for suit in SUITS], 4)
    trump, led = random.choice(SUITS), cards[0][1]
    strength = {card: (card[1] == trump, card[1] == led, RANKS.index(card[0])) for card in cards}
    best = max(cards, key=lambda card: strength[card])
    names = [f"{rank} of {suit}" for rank, suit in cards]
    answer = names[cards.index(best)]
    return Draw(
        {"cards": ", ".join(names), "trump": trump},
        answer,
        [name for name in names if name != answer],
    )


def _tournament(random: Random) -> Draw:
    players = random.randint(5, 120)
    return Draw({"n": players}, str(players - 1), near(random, players - 1, players, players // 2))


def _tennis(random: Random) -> Draw:
    server, receiver = random.randrange(4), random.randrange(4)
    winner = random.choice(["server", "receiver"])
    if server == receiver == 3:
        server = receiver = 2  # forty all is never called
    before = _call(server, receiver)
    after = _call(server + (winner == "server"), receiver + (winner == "receiver"))
    calls = {_call(a, b) for a in range(4) for b in range(4)} | {f"game to the {winner}"}
    calls -= {before, after}
    return Draw({"before": before, "winner": winner}, after, random.sample(sorted(calls), 3))


def _call(server: int, receiver: int) -> str:
    """What the umpire calls, the server's points first."""
    if server == receiver == 3:
        return "deuce"
    if max(server, receiver) == 4:
        return "game to the server" if server == 4 else "game to the receiver"
    if server == receiver:
        return f"{POINTS[server]} all"
    return f"{POINTS[server]}-{POINTS[receiver]}"


FAMILIES = (
    Family("math", "chess", _chess, (
        "On an otherwise empty chessboard a {piece} stands on {square}. Which square can it reach in one move?",
        "Chess: {piece} on {square}, no other piece on the board. One move takes it to",
        "My {piece} is on {square} and the board is empty. Where may it go next?",
        "Pick the square that is attacked by a {piece} on {square} (nothing stands in between).",
    )),
    Family("math", "dominoes", _dominoes, (
        "The two open ends of a row of dominoes show {end} and {start}. Which tile can be laid?",
        "Dominoes. Open ends: {start} and {end}. You hold these tiles, and only one fits. Which?",
        "It is your turn at dominoes; the chain begins with a {start} and ends with a {end}. What do you play?",
        "A domino chain can be continued at a {end} or at a {start}. Find the matching tile.",
    )),
    Family("math", "tricks", _tricks, (
        "Four cards are played to a trick in this order: {cards}. Trumps are {trump}. Which card wins?",
        "Whist, {trump} are trumps. On the table, first card led: {cards}. The trick goes to the",
        "We play with {trump} as the trump suit. The trick was {cards}. Who takes it, that is, which card?",
        "Cards in the order played: {cards}. Trump suit: {trump}. Name the winning card.",
    )),
    Family("math", "tournament", _tournament, (
        "{n} players enter a knock-out tournament; whoever loses a match is out. How many matches until there is a winner?",
        "A cup with {n} teams: every match throws one team out, no draws. Matches in all?",
        "Our table tennis club has {n} members and plays single elimination. How many games must be scheduled?",
        "In a knock-out contest of {n} chess players, how many games does it take to find the champion?",
    )),
    Family("law", "tennis", _tennis, (
        "Tennis: the score is {before} (server first), and the {winner} wins the next point. What does the umpire call?",
        "At {before} the {winner} wins the rally. New score in this game of tennis?",
        "The server's points are said first. It stands {before}. Then the point goes to the {winner}. Now it is",
        "You keep score at a tennis match. It was {before}; the {winner} has just won a point. Write down the new score.",
    )),
)  # fmt: skip
