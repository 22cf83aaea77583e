"""Language and customs: the years of the animals, Kazakh plurals, young animals, saints' days, proverbs."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from .parts import of_facts, others

# The Kazakh cycle of twelve years; the first is that of 2020.
ANIMALS = (
    "тышқан", "сиыр", "барыс", "қоян", "ұлу", "жылан", "жылқы", "қой", "мешін", "тауық", "ит", "доңыз",
)  # fmt: skip
# Each noun under its ending of the plural.
PLURALS = {
    "лар": ("бала", "қала", "тау", "ай", "оқушы", "су", "апа", "аға", "дала", "ара"),
    "лер": ("үй", "терезе", "жер", "кеме", "көше", "дәптер", "әже"),
    "дар": ("адам", "қалам", "қыз", "жыл", "орман", "қол", "жұлдыз", "қоян", "аң", "арыстан"),
    "дер": ("көл", "гүл", "өзен", "сөз", "күн", "мұғалім", "көз"),
    "тар": ("кітап", "дос", "ат", "ағаш", "құс", "тас", "балық", "қазақ", "қасық", "бұлт"),
    "тер": ("мектеп", "ит", "есік", "сурет", "түлек", "көйлек", "жеміс", "ет", "жүрек"),
}  # fmt: skip
YOUNG = {
    "түйе": "бота", "жылқы": "құлын", "қой": "қозы", "ешкі": "лақ", "сиыр": "бұзау", "ит": "күшік",
    "қасқыр": "бөлтірік", "аю": "қонжық", "қоян": "көжек", "тауық": "балапан", "есек": "қодық",
    "шошқа": "торай",
}  # fmt: skip
# Feasts of the Roman calendar.
SAINTS = {
    "Agnes": "21 January", "Thomas Aquinas": "28 January", "Blaise": "3 February", "Valentine": "14 February",
    "David of Wales": "1 March", "Patrick": "17 March", "Joseph": "19 March", "George": "23 April",
    "Mark": "25 April", "Catherine of Siena": "29 April", "John the Baptist (his birth)": "24 June",
    "Jerome": "30 September", "Benedict": "11 July", "Mary Magdalene": "22 July", "James the Greater": "25 July",
    "Lawrence": "10 August", "Bartholomew": "24 August", "Matthew": "21 September", "Michael": "29 September",
    "Francis of Assisi": "4 October", "Teresa of Avila": "15 October", "Luke": "18 October",
    "Martin of Tours": "11 November", "Cecilia": "22 November", "Andrew": "30 November", "Barbara": "4 December",
    "Nicholas": "6 December", "Lucy": "13 December", "Stephen": "26 December", "Sylvester": "31 December",
}  # fmt: skip
PROVERBS = {
    "Отан отбасынан ...": "басталады", "Көз қорқақ, қол ...": "батыр",
    "Білекті бірді жығар, білімді ... жығар": "мыңды", "Жеті рет өлшеп, бір рет ...": "кес",
    "Айрылғанды аю жер, бөлінгенді ... жер": "бөрі", "Ағаш тамырымен, адам ... мықты": "досымен",
    "Тіл тас жарады, тас жармаса ... жарады": "бас", "Сабыр түбі сары ...": "алтын",
    "Әке көрген оқ жонар, шеше көрген ... пішер": "тон", "Ұяда не көрсең, ... соны ілерсің": "ұшқанда",
    "Жақсы сөз - жарым ...": "ырыс", "Су ішкен құдығыңа ...": "түкірме", "Ер есімі - ел ...": "есінде",
    "Туған жердей жер болмас, туған ... ел болмас": "елдей", "Денсаулық - зор ...": "байлық",
    "Кең болсаң, ... болмайсың": "кем", "Оқу инемен ... қазғандай": "құдық",
    "Еңбектің наны тәтті, жалқаудың ... тәтті": "жаны", "Көп түкірсе ...": "көл",
    "Бірлік болмай, ... болмас": "тірлік",
}  # fmt: skip


def _years(random: Random) -> Draw:
    year = random.randint(1925, 2040)
    answer = ANIMALS[(year - 2020) % 12]
    return Draw({"year": year}, answer, others(random, ANIMALS, answer, count=random.randint(3, 5)))


def _plurals(random: Random) -> Draw:
    ending = random.choice(list(PLURALS))
    noun = random.choice(PLURALS[ending])
    wrong = [noun + other for other in others(random, list(PLURALS), ending)]
    return Draw({"noun": noun}, noun + ending, wrong)


FAMILIES = (
    Family("kazakh_culture", "animal_years", _years, (
        "In the Kazakh cycle of twelve animals 2020 was the year of the mouse (тышқан). Whose year is {year}?",
        "{year} жыл мүшел бойынша қай жануардың жылы?",
        "Мүшел: 2020 - тышқан жылы. Ал {year} жыл ше?",
        "A child is born in the summer of {year}. Its animal in the Kazakh calendar (мүшел) is",
    )),
    Family("kazakh_culture", "plurals", _plurals, (
        "What is the Kazakh plural of {noun}?",
        "\"{noun}\" сөзінің көпше түрі қайсы?",
        "Көптік жалғауын таңда: {noun} + ?",
        "One {noun}, two or more of them. How does the ending go in Kazakh?",
    )),
    of_facts("kazakh_culture", "young", YOUNG, (
        "{cue}: төлі қалай аталады?",
        "Which Kazakh word names the young of this animal: {cue}?",
        "Балаңызға сұрақ: \"{cue}\" дегеннің баласын не дейміз?",
        "The mother is called {cue}. And her little one, in Kazakh?",
        "Find the pair: {cue} and its young one.",
        "Төл атауы. {cue} - ?",
    )),
    of_facts("kazakh_culture", "saints", SAINTS, (
        "On which day is the feast of Saint {cue}?",
        "Name day! Saint {cue} is celebrated on",
        "When does the Roman calendar honour Saint {cue}?",
        "The church of Saint {cue} holds its yearly fair on the saint's own day. Which is it?",
    )),
    of_facts("kazakh_culture", "proverbs", PROVERBS, (
        "Complete the Kazakh proverb: {cue}",
        "Мақалды аяқта: {cue}",
        "Which word is missing? {cue}",
        "Әжем айтады: \"{cue}\". Қай сөз түсіп қалды?",
    )),
)  # fmt: skip
