"""Kazakhstan and Kazakh: geography, holidays, writers, khans, and sentences to translate."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...domains.kazakh import numeral
from ...family import Family
from ...skills import Draw
from ..drawing import counts, facts, keys, near, numbers, others, pairs
from ..wordings import asked, phrased

CENTRES = pairs("""
the Atyrau region: Atyrau; the Mangystau region: Aktau; the Kostanay region: Kostanay; the Pavlodar region: Pavlodar
the Karaganda region: Karaganda; the Zhambyl region: Taraz; the Kyzylorda region: Kyzylorda; the Aktobe region: Aktobe
the West Kazakhstan region: Oral; the North Kazakhstan region: Petropavl; the East Kazakhstan region: Oskemen
the Akmola region: Kokshetau; the Almaty region: Konaev; the Turkistan region: Turkistan; the Abai region: Semey
the Zhetisu region: Taldykorgan; the Ulytau region: Zhezkazgan
""")
RIVERS = pairs("""
Atyrau: the Zhaiyk (Ural); Astana: the Esil (Ishim); Pavlodar: the Ertis (Irtysh); Kyzylorda: the Syr Darya; Kostanay: the Tobyl (Tobol)
Taraz: the Talas
""")
NATURE = pairs("""
the canyon east of Almaty on the river of the same name: Charyn; the lake with a drowned spruce forest: Kaindy
the famous high-mountain skating rink near Almaty: Medeu; the ski resort above it: Shymbulak
the mountain range south of Almaty: Trans-Ili Alatau; the national park with lakes and pines north of Astana: Burabay
the shrunken sea shared with Uzbekistan: the Aral Sea; the national park with the singing dune: Altyn-Emel
the mountains in the far east of the country: Altai; the plateau between the Caspian and the Aral: Ustyurt
the great steppe lake with flamingos south-west of Astana: Korgalzhyn
""")
NEIGHBOURS = pairs("""
in the north: Russia; in the east: China; just south of Almaty, with Bishkek: Kyrgyzstan; in the south, with Tashkent: Uzbekistan
in the south-west, on the Caspian: Turkmenistan
""")
HOLIDAYS = pairs("""
Nauryz: 21 to 23 March; Independence Day: 16 December; Republic Day: 25 October; Women's Day: 8 March; Victory Day: 9 May
the Day of the Capital: 6 July; the Day of Unity of the People: 1 May; New Year: 1 January
Defender of the Fatherland Day: 7 May; Orthodox Christmas: 7 January
""")
WRITERS = pairs("""
Abai Zholy: Mukhtar Auezov; Koshpendiler (The Nomads): Ilyas Esenberlin; Kara sozder: Abai Kunanbaiuly; Az i Ya: Olzhas Suleimenov
Menin atym Kozha: Berdibek Sokpakbayev; Qan men ter (Blood and Sweat): Abdizhamil Nurpeisov; Ulpan: Gabit Musrepov
Batyr Bayan: Magzhan Zhumabayev; Bakytsyz Zhamal: Mirzhakyp Dulatov; Oyan, Kazakh: Mirzhakyp Dulatov
Qyz Zhibek (the libretto of the opera): Gabit Musrepov
""")
PEOPLE = pairs("""
Kurmangazy: composer of kuis; Abai: poet of the Kara sozder; Kanysh Satbayev: geologist; Shokan Ualikhanov: scholar and traveller
Ybyrai Altynsarin: teacher and founder of schools; Akhmet Baitursynuly: linguist who reformed the alphabet
Ablai: khan; Kabanbai: batyr; Tole bi: judge of the Great Zhuz; Kazybek bi: judge of the Middle Zhuz; Aiteke bi: judge of the Little Zhuz
Roza Baglanova: singer; Talgat Musabayev: cosmonaut; Al-Farabi: philosopher; Serik Sapiyev: boxer
Aliya Moldagulova: sniper in the Second World War; Denis Ten: figure skater
""")
SENTENCES = pairs("""
Менің атым Асель: My name is Asel; Мен мектепке барамын: I go to school; Бүгін ауа райы жақсы: The weather is good today
Мен қазақша сөйлеймін: I speak Kazakh; Бұл кітап қанша тұрады?: How much does this book cost?; Сен қайда тұрасың?: Where do you live?
Менің екі балам бар: I have two children; Мен Астанада тұрамын: I live in Astana; Ол дәрігер: He is a doctor
Маған су беріңізші: Please give me water; Мен шаршадым: I am tired; Біз киноға бардық: We went to the cinema
Кеше жаңбыр жауды: It rained yesterday; Мен түсінбеймін: I do not understand; Сағат неше болды?: What time is it?
Ертең кездесейік: Let us meet tomorrow; Мен сені жақсы көремін: I love you; Ол кітап оқып отыр: He is reading a book
Бізге көмек керек: We need help; Балалар далада ойнап жүр: The children are playing outside
""")
CASES = pairs("""
in Almaty: Алматыда; to Almaty: Алматыға; from Almaty: Алматыдан; in Astana: Астанада; to Astana: Астанаға
from Astana: Астанадан; in the school: мектепте; to the school: мектепке; from the school: мектептен; in the house: үйде; to the house: үйге
from the house: үйден
""")
KINSHIP = pairs("""
келін: daughter-in-law; күйеу бала: son-in-law; немере: grandchild; нағашы: relative on the mother's side; жиен: child of a daughter or sister
құда: father of a child's wife or husband; қайын ене: mother-in-law; жеңге: wife of an older brother; бөле: cousin by the mothers
шөбере: great-grandchild
""")
CUSTOMS = pairs("""
suyinshi: a gift for good news; shashu: sweets thrown at a joyful event; tusau kesu: cutting the cord at a child's first steps
betashar: unveiling the bride; bata: a blessing by an elder; kudalyk: matchmaking between two families; shildekhana: a feast for a newborn
korimdik: a gift for seeing something new for the first time; asar: building or working together without pay
besikke salu: the first laying of a baby in the cradle
""")
DATES = numbers("""
the Kazakh Khanate was founded: 1465; Kazakhstan became independent: 1991; the tenge was introduced: 1993; Abai was born: 1845
the capital moved from Almaty: 1997; Almaty saw the December protests: 1986; Gagarin started from Baikonur: 1961
the Semipalatinsk test site was closed: 1991; Kazakhstan joined the United Nations: 1992; Astana held the EXPO: 2017
the first Constitution of the independent republic was adopted: 1993
""")
_TRANSLATE = (
    "Translate into English: {x}",
    "What does '{x}' mean?",
    "'{x}' is in English: ____",
    "Ағылшыншаға аудар: {x}",
)
_BACK = (
    "Translate into Kazakh: {x}",
    "How do you say '{x}' in Kazakh?",
    "'{x}' is in Kazakh: ____",
    "Қазақшаға аудар: {x}",
)


def _product(random: Random) -> Draw:
    a, b = random.randint(2, 9), random.randint(2, 9)
    pool = [numeral(n) for n in (a + b, a * b + a, a * b + 1, a * b - 1, a * b + 10, a * b - b)]
    values = {"a": numeral(a), "b": numeral(b)}
    return Draw(values, numeral(a * b), others(random, filter(None, pool), numeral(a * b)))


def _mushel(random: Random) -> Draw:
    n = random.randint(1, 6)
    pool = [str(12 * k + 1) for k in range(1, 8)] + [str(12 * n), str(12 * n - 1)]
    return Draw({"x": n}, str(12 * n + 1), others(random, pool, str(12 * n + 1)))


def _tiyn(random: Random) -> Draw:
    tenge = random.randint(2, 90)
    return Draw(
        {"x": tenge},
        str(100 * tenge),
        near(random, 100 * tenge, [10 * tenge, tenge, 1000 * tenge], low=1, step=100),
    )


def _family(name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family("kazakh_culture", name, draw, asked(*questions))


def _facts(name: str, table: dict[str, str], *questions: str, of: str = "") -> Family:
    return facts("kazakh_culture", name, table, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _facts(
        "kazakh_region",
        CENTRES,
        "Which city is the centre of {x}?",
        "The main city of {x} is ____.",
        "{x}: which city governs it?",
        of="the administrative centre of {x}",
    ),
    _facts(
        "kazakh_river",
        RIVERS,
        "On which river lies {x}?",
        "{x} stands on ____.",
        "Which river flows through {x}?",
        of="the river at {x}",
    ),
    _facts(
        "kazakh_landscape",
        NATURE,
        "In Kazakhstan, what is {x} called?",
        "Name {x}.",
        "{x}: ____ (Kazakhstan)",
        "Geography of Kazakhstan: {x}?",
    ),
    _facts(
        "kazakh_neighbour",
        NEIGHBOURS,
        "Which neighbour does Kazakhstan have {x}?",
        "Kazakhstan borders {x} on ____.",
        "Neighbours of Kazakhstan: which is {x}?",
        "Which country lies next to Kazakhstan {x}?",
    ),
    _facts(
        "kazakh_holiday",
        HOLIDAYS,
        "When is {x} in Kazakhstan?",
        "{x} is kept on ____.",
        "On which date is {x} in Kazakhstan?",
        of="the date of {x} in Kazakhstan",
    ),
    _facts(
        "kazakh_writer",
        WRITERS,
        "Who wrote '{x}'?",
        "'{x}' was written by ____.",
        "Whose work is '{x}'?",
        "'{x}' шығармасының авторы кім?",
    ),
    _facts(
        "kazakh_person",
        PEOPLE,
        "Who was or is {x}?",
        "{x} is known as: ____",
        "What is {x} known for?",
        "{x} кім?",
    ),
    _facts("kazakh_sentence", SENTENCES, *_TRANSLATE),
    keys("kazakh_culture", "sentence_in_kazakh", SENTENCES, asked(*_BACK)),
    _facts(
        "kazakh_case",
        CASES,
        "How do you say '{x}' in Kazakh?",
        "'{x}' is in Kazakh ____.",
        "Which Kazakh form means '{x}'?",
        "Translate with the right case: {x}.",
    ),
    _facts(
        "kazakh_kinship",
        KINSHIP,
        "What does the Kazakh word '{x}' mean?",
        "In a Kazakh family, '{x}' is the ____.",
        "Who is a '{x}' among Kazakhs?",
        "'{x}' кім болады? (in English)",
    ),
    _facts(
        "kazakh_custom",
        CUSTOMS,
        "What is the Kazakh custom '{x}'?",
        "'{x}' is ____.",
        "Kazakhs speak of '{x}'. What is it?",
        "The tradition '{x}' means what?",
    ),
    counts(
        "kazakh_culture",
        "kazakh_date",
        DATES,
        asked(
            "In which year was it that {x}?",
            "The year when {x}: ____",
            "History of Kazakhstan: in what year was it that {x}?",
            "When was it that {x}?",
        ),
    ),
    _family(
        "kazakh_product",
        _product,
        "{a} көбейту {b} қанша болады?",
        "{a} жерде {b} неше?",
        "{a} мен {b} көбейтіндісі қанша?",
        "What is {a} times {b} in Kazakh words?",
    ),
    _family(
        "mushel_age",
        _mushel,
        "One's first müshel is at 13, and each later one 12 years on. At which age is müshel number {x}?",
        "13, then every 12 years: which age is number {x}?",
        "Müshel number {x} is at the age of ____ (the first is 13, then add 12).",
        "Count 13, 25, ...: the age at place {x}?",
    ),
    _family(
        "tiyn",
        _tiyn,
        "How many tiyn are {x} tenge?",
        "{x} tenge = ____ tiyn",
        "{x} теңге неше тиын?",
        "Change {x} tenge into tiyn.",
    ),
)
