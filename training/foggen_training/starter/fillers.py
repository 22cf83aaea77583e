"""Sentences that have nothing to do with a question: they hold no number, date, weekday, unit or request."""

from __future__ import annotations

from random import Random

SENTENCES = tuple(
    line.strip()
    for line in """
    My cat is asleep on the sofa.
    It is raining outside.
    The bus was late again.
    My phone is almost empty.
    Somebody is playing the piano next door.
    I forgot my umbrella at home.
    The tea has gone cold.
    We are painting the kitchen.
    My neighbour grows tomatoes.
    The wind is strong today.
    I am sitting in a library.
    The radio is on.
    There is a park behind our house.
    My sister is learning to swim.
    The window is open.
    I could not sleep well.
    The street is full of cars.
    Our dog likes snow.
    I have lost my glasses.
    The bread smells good.
    My boss is on holiday.
    The lamp on my desk is broken.
    We moved to a new flat.
    My brother collects stamps.
    The stairs are being cleaned.
    A bird sits on the roof.
    The shop round the corner is closed.
    I like to read in the evening.
    The film last night was boring.
    My shoes are wet.
    The children are playing in the yard.
    Our lift does not work.
    The coffee here is strong.
    I am writing this on a train.
    My grandmother tells good stories.
    The sky is full of clouds.
    A friend lent me this book.
    The teacher wears a long scarf.
    I am a little tired.
    The keys are on the table.
    We had soup for lunch.
    My cousin plays chess.
    The market was crowded.
    The door makes a strange noise.
    I am waiting for the dentist.
    The moon is very bright.
    Our garden needs water.
    The printer is out of paper.
    My uncle drives a lorry.
    The museum has a new roof.
    It smells of paint in here.
    I have a slight cold.
    The river is frozen.
    My classmates are very quiet.
    Nobody has answered the phone.
    The picture on the wall hangs crooked.
    We are planning a trip to the mountains.
    The baby next door is crying.
    My bicycle has a flat tyre.
    The roses are in bloom.
    I never liked mornings.
    The cook sings while he works.
    Our internet is slow.
    The carpet was a present.
    The concert begins soon.
    My pencil is blunt.
    Біздің мысық ұйықтап жатыр.
    Далада жаңбыр жауып тұр.
    Шай суып қалды.
    Автобус кешікті.
    """.splitlines()
    if line.strip()
)

_WHO = (
    "My aunt",
    "Our postman",
    "A girl in my class",
    "The man next door",
    "My old friend",
    "The librarian",
    "Our baker",
    "Her cousin",
)
_DOES = (
    "likes jazz",
    "lives near the station",
    "has a new hat",
    "cannot stand noise",
    "is fond of pears",
    "travels a lot",
    "speaks very softly",
    "used to be a dancer",
    "wants to keep bees",
    "sings in a choir",
)
_ASIDE = ("", ", by the way", ", as you may know", ", I hear", ", it seems", ", of course")


def irrelevant(random: Random) -> str:
    """A sentence beside the point, written by hand or put together."""
    if random.random() < 0.6:
        return random.choice(SENTENCES)
    return f"{random.choice(_WHO)} {random.choice(_DOES)}{random.choice(_ASIDE)}."
