"""Capitals, continents, languages, directions, famous places."""

from __future__ import annotations

from ..drawing import TRUE_FALSE, facts, groups, judged, keys, members, pairs
from ..wordings import asked, phrased

CAPITALS = pairs("""
France: Paris; Germany: Berlin; Italy: Rome; Spain: Madrid; Portugal: Lisbon; Greece: Athens
Poland: Warsaw; Austria: Vienna; Hungary: Budapest; Sweden: Stockholm; Norway: Oslo; Finland: Helsinki
Denmark: Copenhagen; Ireland: Dublin; Belgium: Brussels; Ukraine: Kyiv; Russia: Moscow; Turkey: Ankara
Egypt: Cairo; Kenya: Nairobi; China: Beijing; Japan: Tokyo; India: New Delhi; Thailand: Bangkok
South Korea: Seoul; Mongolia: Ulaanbaatar; Uzbekistan: Tashkent; Kyrgyzstan: Bishkek; Iran: Tehran
Tajikistan: Dushanbe; Georgia: Tbilisi; Azerbaijan: Baku; Canada: Ottawa; Mexico: Mexico City
Cuba: Havana; Argentina: Buenos Aires; Peru: Lima; Chile: Santiago; Australia: Canberra
the United Kingdom: London; the USA: Washington; Kazakhstan: Astana; the Czech Republic: Prague
""")
COUNTRIES = groups("""
Europe: France, Germany, Italy, Spain, Poland, Sweden, Greece, Norway, Austria, Portugal, Finland, Ireland
Asia: China, Japan, India, Mongolia, Thailand, Vietnam, Iran, South Korea, Uzbekistan, Saudi Arabia
Africa: Egypt, Kenya, Nigeria, Morocco, Ethiopia, Ghana, South Africa, Algeria, Tanzania
North America: Canada, Mexico, the USA, Cuba, Panama
South America: Brazil, Argentina, Peru, Chile, Colombia, Bolivia, Ecuador
""")
LANGUAGE = pairs("""
France: French; Germany: German; Italy: Italian; Spain: Spanish; Japan: Japanese; Poland: Polish
Brazil: Portuguese; Mexico: Spanish; Egypt: Arabic; China: Chinese; Turkey: Turkish; Greece: Greek
Kazakhstan: Kazakh; Argentina: Spanish; Sweden: Swedish; Hungary: Hungarian; Austria: German
Portugal: Portuguese; England: English; Australia: English; Saudi Arabia: Arabic; Mongolia: Mongolian
""")
SIGHTS = pairs("""
the Eiffel Tower: France; the pyramids of Giza: Egypt; the Great Wall: China; the Colosseum: Italy
the Taj Mahal: India; the Statue of Liberty: the USA; Big Ben: the United Kingdom; Red Square: Russia
Mount Fuji: Japan; Machu Picchu: Peru; the Brandenburg Gate: Germany; the Acropolis: Greece
the Bayterek tower: Kazakhstan; the Registan of Samarkand: Uzbekistan; Niagara Falls: Canada
the Sydney Opera House: Australia
""")
DIRECTION = pairs("""
the opposite of north: south; the opposite of east: west; the opposite of south: north
the opposite of west: east; where the sun rises: east; where the sun sets: west
on your right hand when you face north: east; on your left hand when you face north: west
behind you when you face north: south; at the top of most maps: north; at the bottom of most maps: south
""")
CONTINENT_OF = {country: place for place, countries in COUNTRIES.items() for country in countries}
PLACES = groups("""
a continent: Asia, Africa, Europe, Antarctica
an ocean: the Pacific, the Atlantic, the Arctic Ocean
a country: France, China, Egypt, Canada, Kazakhstan, Peru
a capital city: Paris, Tokyo, London, Cairo, Astana, Madrid
a river: the Nile, the Amazon, the Volga, the Danube, the Syr Darya
a mountain: Everest, Kilimanjaro, Elbrus, Mont Blanc
""")

FAMILIES = (
    facts(
        "kazakh_culture",
        "capital",
        CAPITALS,
        asked(
            "What is the capital of {x}?",
            "Which city is the capital of {x}?",
            "The capital of {x} is ____.",
            "{x}: capital?",
            "capital of {x}",
            "What's the capital city of {x}?",
        )
        + phrased("the capital of {x}", "the capital city of {x}"),
    ),
    keys(
        "kazakh_culture",
        "country_of_capital",
        CAPITALS,
        asked(
            "{x} is the capital of which country?",
            "Which country has the capital {x}?",
            "{x} is the capital of ____.",
            "Of which country is {x} the capital?",
            "In which country is {x}?",
        )
        + phrased("the country whose capital is {x}"),
    ),
    facts(
        "kazakh_culture",
        "continent_of",
        CONTINENT_OF,
        asked(
            "On which continent is {x}?",
            "Which continent is {x} in?",
            "{x} is in ____.",
            "In which part of the world is {x}?",
            "{x}: which continent?",
        )
        + phrased("the continent of {x}"),
    ),
    members(
        "kazakh_culture",
        "country_in",
        COUNTRIES,
        asked(
            "Which of these countries is in {x}?",
            "Which country lies in {x}?",
            "Choose a country in {x}.",
            "____ is in {x}.",
            "Which is a country of {x}?",
        )
        + phrased("the country in {x}"),
    ),
    facts(
        "kazakh_culture",
        "language_of",
        LANGUAGE,
        asked(
            "Which language do most people speak in {x}?",
            "What language is spoken in {x}?",
            "In {x} people speak ____.",
            "{x}: which language?",
        )
        + phrased("the main language of {x}"),
    ),
    facts(
        "kazakh_culture",
        "sight",
        SIGHTS,
        asked(
            "In which country can you see {x}?",
            "Where is {x}?",
            "{x}: in which country?",
            "To which country do I travel to see {x}?",
        )
        + phrased("the country of {x}"),
    ),
    facts(
        "science",
        "direction",
        DIRECTION,
        asked(
            "Which direction is {x}?",
            "{x}: north, south, east or west?",
            "Which way is {x}?",
            "The direction that is {x} is ____.",
            "Name the direction that is {x}.",
        ),
    ),
    members(
        "kazakh_culture",
        "place_kind",
        PLACES,
        asked(
            "Which of these is {x}?",
            "Choose {x}.",
            "____ is {x}.",
            "Which one is {x}?",
            "Find {x} in the list.",
        )
        + phrased("{x} among these"),
    ),
    judged(
        "kazakh_culture",
        "true_capital",
        CAPITALS,
        asked(
            "True or false: {y} is the capital of {x}.",
            "{y} is the capital of {x}. True or false?",
            "The capital of {x} is {y}. Is this true or false?",
            "Say true or false: the capital city of {x} is {y}.",
            "{x} has the capital {y}: true or false?",
        ),
        TRUE_FALSE,
    ),
)
