"""First words of Kazakh: numbers, colours, the family, greetings, days, and Kazakh questions."""

from __future__ import annotations

from random import Random

from ...domains.kazakh import numeral
from ...family import Family
from ...skills import Draw
from ..drawing import facts, groups, keys, members, near, ordered, others, pairs
from ..wordings import asked, phrased

COLOURS = pairs("""
ақ: white; қара: black; қызыл: red; көк: blue; жасыл: green; сары: yellow; қоңыр: brown; сұр: grey
""")
FAMILY = pairs("""
ана: mother; әке: father; ата: grandfather; әже: grandmother; аға: older brother; іні: younger brother
әпке: older sister; ұл: son; қыз: daughter; бала: child; отбасы: family; дос: friend
""")
GREETINGS = pairs("""
Сәлем: Hello; Рақмет: Thank you; Иә: Yes; Жоқ: No; Сау болыңыз: Goodbye; Қайырлы таң: Good morning
Қайырлы түн: Good night; Кешіріңіз: Excuse me; Қош келдіңіз: Welcome; Қалыңыз қалай: How are you
Қайырлы кеш: Good evening; Құттықтаймын: Congratulations
""")
DAYS = pairs("""
дүйсенбі: Monday; сейсенбі: Tuesday; сәрсенбі: Wednesday; бейсенбі: Thursday; жұма: Friday; сенбі: Saturday
жексенбі: Sunday
""")
MONTHS = pairs("""
қаңтар: January; ақпан: February; наурыз: March; сәуір: April; мамыр: May; маусым: June; шілде: July
тамыз: August; қыркүйек: September; қазан: October; қараша: November; желтоқсан: December
""")
SEASONS = pairs("қыс: winter; көктем: spring; жаз: summer; күз: autumn")
ANIMALS = pairs("""
ит: dog; мысық: cat; ат: horse; сиыр: cow; қой: sheep; ешкі: goat; түйе: camel; тауық: hen; аю: bear
қасқыр: wolf; түлкі: fox; қоян: hare; арыстан: lion; бүркіт: eagle; балық: fish
""")
OPPOSITES = pairs("""
үлкен: кіші; ақ: қара; жақсы: жаман; ыстық: суық; жаңа: ескі; ұзын: қысқа; алыс: жақын; көп: аз
биік: аласа; күн: түн; кең: тар; ауыр: жеңіл; бай: кедей; қыс: жаз; ертең: кеше
""")
FOOD = pairs("""
нан: bread; су: water; сүт: milk; шай: tea; ет: meat; алма: apple; тұз: salt; қант: sugar; жұмыртқа: egg
күріш: rice; картоп: potato; сәбіз: carrot; бал: honey; балмұздақ: ice cream
""")
PRONOUNS = pairs(
    "мен: I; сен: you (to a friend); ол: he or she; біз: we; олар: they; сіз: you (polite)"
)
KINDS = groups("""
түс: қызыл, сары, жасыл, көк, қоңыр
жануар: ит, мысық, ат, түйе, қой, сиыр
тағам: нан, ет, балмұздақ, күріш
апта күні: дүйсенбі, сәрсенбі, жұма, сенбі
ай аты: қаңтар, сәуір, мамыр, шілде, тамыз
""")
QUESTIONS = pairs("""
Аптада неше күн бар?: жеті; Жылда неше ай бар?: он екі; Жылда неше мезгіл бар?: төрт
Бір қолда неше саусақ бар?: бес; Иттің неше аяғы бар?: төрт; Құстың неше аяғы бар?: екі
Үшбұрыштың неше бұрышы бар?: үш; Өрмекшінің неше аяғы бар?: сегіз; Домбыраның неше ішегі бар?: екі
Тәулікте неше сағат бар?: жиырма төрт; Адамның неше көзі бар?: екі; Сағатта неше минут бар?: алпыс
""")
_TRANSLATE = (
    "What does '{x}' mean in English?",
    "'{x}' is Kazakh for ____.",
    "Which English word is '{x}'?",
    "Translate from Kazakh: {x}.",
    "'{x}' ағылшынша қалай?",
)
_BACK = (
    "How do you say '{x}' in Kazakh?",
    "'{x}' in Kazakh is ____.",
    "Which Kazakh word means '{x}'?",
    "Translate into Kazakh: {x}.",
    "'{x}' қазақша қалай?",
)


def _numeral(random: Random) -> Draw:
    number = random.choice(
        [random.randint(1, 10), random.randint(1, 10), 10 * random.randint(1, 9)]
    )
    pool = [numeral(n) for n in (*range(1, 11), 20, 30, 40, 50, 60, 70, 80, 90)]
    return Draw({"x": number}, numeral(number), others(random, pool, numeral(number)))


def _number(random: Random) -> Draw:
    number = random.choice(
        [random.randint(1, 10), random.randint(1, 10), 10 * random.randint(1, 9)]
    )
    step = 10 if number > 10 else 1
    return Draw({"x": numeral(number)}, str(number), near(random, number, low=1, step=step))


def _after(random: Random) -> Draw:
    number = random.randint(1, 19)
    answer = numeral(number + 1)
    pool = [numeral(n) for n in range(max(1, number - 4), number + 7) if n != number]
    return Draw({"x": numeral(number)}, answer, others(random, pool, answer))


def _small_sum(random: Random) -> Draw:
    a, b = random.randint(1, 9), random.randint(1, 9)
    return Draw({"a": a, "b": b}, str(a + b), near(random, a + b, [abs(a - b), a * b]))


def _both(name: str, table: dict[str, str]) -> tuple[Family, Family]:
    """From Kazakh into English, and back."""
    return (
        facts("kazakh_culture", f"kazakh_{name}", table, asked(*_TRANSLATE)),
        keys("kazakh_culture", f"{name}_in_kazakh", table, asked(*_BACK)),
    )


FAMILIES = (
    *_both("colour", COLOURS),
    *_both("family", FAMILY),
    *_both("greeting", GREETINGS),
    *_both("day", DAYS),
    *_both("month", MONTHS),
    *_both("season", SEASONS),
    *_both("animal", ANIMALS),
    *_both("food", FOOD),
    *_both("pronoun", PRONOUNS),
    Family(
        "kazakh_culture",
        "kazakh_numeral",
        _numeral,
        asked(
            "How do you say {x} in Kazakh?",
            "{x} in Kazakh is ____.",
            "Which Kazakh word is the number {x}?",
            "{x} саны қазақша қалай?",
        )
        + phrased("the number {x} in Kazakh"),
    ),
    Family(
        "kazakh_culture",
        "number_of_kazakh_word",
        _number,
        asked(
            "Which number is '{x}' in Kazakh?",
            "The Kazakh word '{x}' is the number ____.",
            "'{x}' қай сан?",
            "'{x}' цифрмен қалай жазылады?",
            "What number is {x}?",
        ),
    ),
    Family(
        "kazakh_culture",
        "kazakh_number_after",
        _after,
        asked(
            "{x} санынан кейін қай сан келеді?",
            "{x}, содан кейін ____",
            "Which Kazakh number comes after '{x}'?",
            "Санайық: {x}, ____",
        ),
    ),
    Family(
        "kazakh_culture",
        "kazakh_small_sum",
        _small_sum,
        asked(
            "{a} мен {b} қосындысы неше?",
            "{a} қосу {b} неше болады?",
            "{a} + {b} неше?",
            "{a} алма және тағы {b} алма. Барлығы неше алма?",
            "Менде {a} кітап бар, тағы {b} кітап алдым. Енді неше кітап бар?",
        ),
    ),
    ordered(
        "kazakh_culture",
        "kazakh_day_after",
        tuple(DAYS),
        1,
        asked(
            "{x} күнінен кейін қай күн келеді?",
            "Бүгін {x}. Ертең қай күн?",
            "Which day comes after '{x}' in Kazakh?",
            "{x}, содан кейін ____",
            "Бүгін {x}, ертең ____.",
        ),
        cyclic=True,
    ),
    ordered(
        "kazakh_culture",
        "kazakh_month_after",
        tuple(MONTHS),
        1,
        asked(
            "{x} айынан кейін қай ай келеді?",
            "Қазір {x}. Келесі ай қандай?",
            "Which month comes after '{x}' in Kazakh?",
            "{x} айынан кейін ____ келеді.",
        ),
        cyclic=True,
    ),
    facts(
        "kazakh_culture",
        "kazakh_opposite",
        {**OPPOSITES, **{value: key for key, value in OPPOSITES.items()}},
        asked(
            "'{x}' сөзінің қарсы мағынасы қандай?",
            "'{x}' сөзіне қарама-қарсы сөз: ____",
            "What is the opposite of '{x}' in Kazakh?",
            "Which Kazakh word is the opposite of {x}?",
            "Антонимін тап: {x}.",
        ),
    ),
    members(
        "kazakh_culture",
        "kazakh_kind",
        KINDS,
        asked(
            "Қайсысы {x}?",
            "Мына сөздердің қайсысы {x}?",
            "____ - {x}.",
            "Тізімнен тап: {x}.",
            "{x} қайсы?",
        ),
    ),
    facts(
        "kazakh_culture",
        "kazakh_how_many",
        QUESTIONS,
        asked("{x}", "Сұрақ: {x}", "Жауап бер. {x}", "{x} Дұрыс жауабын таңда.", "Айтшы, {x}"),
    ),
)
