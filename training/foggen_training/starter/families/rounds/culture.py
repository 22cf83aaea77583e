"""History, books, art, flags, music, sport."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import counts, facts, groups, keys, members, near, numbers, others, pairs, words
from ..wordings import asked, phrased

YEARS = numbers("""
the First World War begin: 1914; the First World War end: 1918; the Second World War begin: 1939
the Second World War end: 1945; the French Revolution begin: 1789; Columbus reach America: 1492
the first people land on the Moon: 1969; the Berlin Wall fall: 1989; Yuri Gagarin fly into space: 1961
the United States declare independence: 1776; Kazakhstan become independent: 1991; the Titanic sink: 1912
the battle of Waterloo take place: 1815; Constantinople fall to the Ottomans: 1453; the Battle of Hastings take place: 1066
the Chernobyl disaster happen: 1986; the United Nations begin its work: 1945; India become independent: 1947
the Berlin Wall go up: 1961; the first Sputnik fly: 1957; the Magna Carta get its seal: 1215
""")
ORDER = words("""
the building of the pyramids of Giza, the first Olympic Games in Greece, the death of Julius Caesar,
the first crusade, the voyage of Columbus, the French Revolution, the first flight of the Wright brothers,
the First World War, the first man on the Moon, the fall of the Berlin Wall
""")
BOOKS = pairs("""
Hamlet: William Shakespeare; War and Peace: Leo Tolstoy; Don Quixote: Miguel de Cervantes; Oliver Twist: Charles Dickens
The Divine Comedy: Dante; Faust: Goethe; Crime and Punishment: Fyodor Dostoevsky; Pride and Prejudice: Jane Austen
The Little Prince: Antoine de Saint-Exupery; 1984: George Orwell; The Hobbit: J. R. R. Tolkien; Moby-Dick: Herman Melville
The Adventures of Tom Sawyer: Mark Twain; Les Miserables: Victor Hugo; The Old Man and the Sea: Ernest Hemingway
Eugene Onegin: Alexander Pushkin; The Odyssey: Homer; Harry Potter: J. K. Rowling; The Metamorphosis: Franz Kafka
Alice in Wonderland: Lewis Carroll; Twenty Thousand Leagues under the Sea: Jules Verne; Robinson Crusoe: Daniel Defoe
""")
HEROES = pairs("""
Sherlock Holmes: Watson; Don Quixote: Sancho Panza; Romeo: Juliet; Robinson Crusoe: Friday; Tom Sawyer: Huckleberry Finn
Peter Pan: Wendy; Hansel: Gretel
""")
PAINTINGS = pairs("""
the Mona Lisa: Leonardo da Vinci; The Starry Night: Vincent van Gogh; Guernica: Pablo Picasso; The Scream: Edvard Munch
The Night Watch: Rembrandt; The Birth of Venus: Botticelli; Girl with a Pearl Earring: Vermeer
the ceiling of the Sistine Chapel: Michelangelo; The Kiss (golden): Gustav Klimt; Water Lilies: Claude Monet
The Persistence of Memory: Salvador Dali
""")
COMPOSERS = pairs("""
the Moonlight Sonata: Beethoven; The Magic Flute: Mozart; The Four Seasons: Vivaldi; Swan Lake: Tchaikovsky
Carmen: Bizet; Aida: Verdi; the Messiah: Handel; the Brandenburg Concertos: Bach; Peter and the Wolf: Prokofiev
Bolero: Ravel; The Barber of Seville: Rossini; The Flying Dutchman: Wagner; Peer Gynt (music): Grieg
""")
FLAGS = pairs("""
blue, white and red in upright stripes: France; black, red and gold: Germany; green, white and red in upright stripes: Italy
white with a red disc: Japan; white over red: Poland; a red maple leaf: Canada; a white cross on red, square: Switzerland
fifty stars and thirteen stripes: the USA; a sun and an eagle on sky blue: Kazakhstan; five yellow stars on red: China
a yellow cross on blue: Sweden; blue over yellow: Ukraine; a white crescent and star on red: Turkey
a blue star of David on white: Israel; a white cross on blue with blue and white stripes: Greece; a blue cross on white: Finland
white, blue and red in level stripes: Russia; a red disc on green: Bangladesh
""")
NOTES = words("do, re, mi, fa, sol, la, ti")
INSTRUMENTS = groups("""
a string instrument: violin, cello, harp, guitar, dombra, viola
a wind instrument: flute, trumpet, clarinet, saxophone, oboe, trombone
a percussion instrument: drum, xylophone, cymbals, triangle, timpani
a keyboard instrument: piano, organ, harpsichord
""")
PLAYERS = numbers("""
football: 11; basketball: 5; volleyball: 6; ice hockey: 6; handball: 7; water polo: 7; baseball: 9; cricket: 11
""")
SPORT_WORDS = pairs("""
offside: football; love and deuce: tennis; slam dunk: basketball; checkmate: chess; knockout: boxing; hole-in-one: golf
puck: ice hockey; strike with ten pins: bowling; butterfly stroke: swimming; pole vault: athletics; home run: baseball
slalom: skiing; wicket: cricket
""")
MYTHS = pairs("""
the king of the gods: Zeus; the god of the sea: Poseidon; the god of war: Ares; the goddess of love: Aphrodite
the goddess of wisdom: Athena; the messenger of the gods: Hermes; the god of the underworld: Hades
the god of wine: Dionysus; the goddess of the hunt: Artemis; the smith of the gods: Hephaestus
""")
WONDERS = pairs("""
the longest river of Europe: the Volga; the deepest lake of the world: Baikal; the driest continent with people: Australia
the largest island: Greenland; the strait between Europe and Africa: Gibraltar; the largest hot desert: the Sahara
the sea with so much salt that one floats: the Dead Sea; the highest mountain of Africa: Kilimanjaro
the city on seven hills with the Vatican in it: Rome; the canal between the Mediterranean and the Red Sea: the Suez Canal
the canal between the Atlantic and the Pacific: the Panama Canal; the mountains between Europe and Asia: the Urals
the mountains along the west of South America: the Andes; the river of London: the Thames; the river of Paris: the Seine
""")
THANKS = pairs("""
French: merci; German: danke; Spanish: gracias; Italian: grazie; Kazakh: рақмет; Russian: спасибо; Japanese: arigato
Portuguese: obrigado; Polish: dziękuję; Turkish: teşekkürler
""")


def _earlier(random: Random) -> Draw:
    chosen = sorted(random.sample(range(len(ORDER)), 4))
    which, answer = random.choice([("first", chosen[0]), ("last", chosen[-1])])
    wrong = [ORDER[n] for n in chosen if n != answer]
    return Draw({"x": which}, ORDER[answer], random.sample(wrong, 3))


def _year(random: Random) -> Draw:
    x = random.choice(list(YEARS))
    pool = list(YEARS.values())
    return Draw({"x": x}, str(YEARS[x]), near(random, YEARS[x], pool, low=900))


def _note(random: Random) -> Draw:
    place = random.randrange(6)
    return Draw({"x": NOTES[place]}, NOTES[place + 1], others(random, NOTES, NOTES[place + 1]))


def _beats(random: Random) -> Draw:
    lengths = {
        "a whole note": 4,
        "a half note": 2,
        "two whole notes": 8,
        "a dotted half note": 3,
        "three half notes": 6,
    }
    x = random.choice(list(lengths))
    return Draw({"x": x}, str(lengths[x]), near(random, lengths[x], list(lengths.values()), low=1))


FAMILIES = (
    Family(
        "law",
        "history_year",
        _year,
        asked(
            "In which year did {x}?",
            "When did {x}?",
            "History: in what year did {x}?",
            "Give the year: when did {x}?",
        ),
    ),
    Family(
        "law",
        "what_was_first",
        _earlier,
        asked(
            "Which of these came {x}?",
            "Which event was the {x} one?",
            "In time, what was {x}?",
            "Put the events in order. Which is {x}?",
        ),
    ),
    facts(
        "kazakh_culture",
        "author",
        BOOKS,
        asked(
            "Who wrote '{x}'?",
            "Who is the author of {x}?",
            "'{x}' was written by ____.",
            "Whose book is {x}?",
        ),
    ),
    keys(
        "kazakh_culture",
        "book_by",
        BOOKS,
        asked(
            "Which work is by {x}?",
            "What did {x} write?",
            "{x} is the author of ____.",
            "Which of these books is by {x}?",
        ),
    ),
    facts(
        "kazakh_culture",
        "companion",
        HEROES,
        asked(
            "Who goes with {x} in the story?",
            "{x} and ____",
            "Whose name belongs to {x} in the book?",
            "In the tale, {x} has which companion?",
        ),
    ),
    facts(
        "kazakh_culture",
        "painter",
        PAINTINGS,
        asked("Who painted {x}?", "{x} is a work of ____.", "Which artist made {x}?")
        + phrased("the name of the painter of {x}"),
    ),
    facts(
        "kazakh_culture",
        "composer",
        COMPOSERS,
        asked("Who composed {x}?", "{x} is music by ____.", "Whose work is {x}?")
        + phrased("the name of the composer of {x}"),
    ),
    facts(
        "kazakh_culture",
        "flag",
        FLAGS,
        asked(
            "Whose flag is it: {x}?",
            "Which country has this flag: {x}?",
            "A flag shows {x}. It belongs to ____.",
            "{x}: the flag of which country?",
        ),
    ),
    Family(
        "kazakh_culture",
        "note_after",
        _note,
        asked(
            "Which note comes after {x} in the scale do, re, mi ...?",
            "Sing on: {x}, ____",
            "In the scale, {x} is followed by ____.",
            "Music: the next note after {x}?",
        ),
    ),
    Family(
        "kazakh_culture",
        "beats",
        _beats,
        asked(
            "How many quarter notes are as long as {x}?",
            "In 4/4 time, how many beats has {x}?",
            "{x} lasts ____ quarter beats.",
            "Music: {x} is how many quarters?",
        ),
    ),
    members(
        "kazakh_culture",
        "instrument_kind",
        INSTRUMENTS,
        asked(
            "Which of these is {x}?",
            "Choose {x}.",
            "____ is {x}.",
            "In the orchestra, which one is {x}?",
        ),
    ),
    counts(
        "kazakh_culture",
        "team_size",
        PLAYERS,
        asked(
            "How many players of one team are on the field in {x}?",
            "A {x} team plays with ____ people at a time.",
            "{x}: how many players a side?",
        )
        + phrased("the number of players of a team in {x}"),
    ),
    facts(
        "kazakh_culture",
        "sport_of_word",
        SPORT_WORDS,
        asked(
            "In which sport does one speak of '{x}'?",
            "'{x}' is a word of which sport?",
            "'{x}' belongs to ____.",
            "Which sport has '{x}'?",
        ),
    ),
    facts(
        "kazakh_culture",
        "greek_god",
        MYTHS,
        asked(
            "Who was {x} of the Greeks?",
            "In Greek myth, {x} is ____.",
            "Which Greek name has {x}?",
            "Greek mythology: {x}?",
        ),
    ),
    facts(
        "science",
        "on_the_map",
        WONDERS,
        asked("What is {x} called?", "Name {x}.", "{x}: ____", "Geography: which is {x}?"),
    ),
    facts(
        "kazakh_culture",
        "thank_you",
        THANKS,
        asked(
            "How do you say 'thank you' in {x}?",
            "'Thanks' in {x} is ____.",
            "Which word is used to thank somebody in {x}?",
            "Thank you, {x}?",
        ),
    ),
)
