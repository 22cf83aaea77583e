"""The words that announce an answer or its explanation, in many languages.

They are defined only here: `foggen` uses them to find answer keys in pasted questions, and
`letters.py` to find the answer in the cloud's replies. Each entry holds alternatives of a regular
expression in which a space matches any run of spaces and tabs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of one language, as alternatives separated by `|`.

    answer: nouns for the answer. key: nouns that mean the answer in a question bank, but may mean
    something else in a model's reasoning ("Solution: first we ..."). explanation: nouns for the
    explanation. before, after: words that may surround the noun ("correct answer", "bonne réponse",
    "respuesta correcta"). verb: words between the noun and the label. right: words that say that an
    option is right ("B is correct").
    """

    answer: str
    key: str = ""
    explanation: str = ""
    before: str = ""
    after: str = ""
    verb: str = ""
    right: str = ""


# Languages with spaces between the words.
SPACED = {
    "English": Words(
        answer="answers?|ans|(?:correct|right|best|true) (?:option|choice|alternative|response|letter)",
        key="answers? key|key|solutions?|sol|response",
        explanation="explanations?|expl|rationale|reason|reasoning|justification|feedback|discussion",
        before="the|a|final|correct|right|true|best|official|suggested|model|expected|actual|so|hence"
        "|thus|therefore|detailed|brief|short|and|your|my",
        after="key|keys|option|choice|letter",
        verb="is|are|was|would be|should be|must be|will be",
        right="correct|right|the answer|the best",
    ),
    "German": Words(
        answer="antwort(?:en)?|richtige (?:option|lösung)",
        key="lösung(?:en)?|lösungsschlüssel",
        explanation="erklärung|begründung|erläuterung",
        before="die|der|das|richtige|korrekte|endgültige|beste",
        verb="ist|sind|lautet",
        right="richtig|korrekt|die richtige",
    ),
    "French": Words(
        answer="réponses?|(?:bonne|option|proposition) (?:correcte|option|proposition)",
        key="corrigé|solutions?|correction",
        explanation="explications?|justification",
        before="la|les|bonnes?|l['’]",
        after="finale|correctes?|exactes?|juste|attendue",
        verb="est|sont",
        right="correcte?|juste|exacte?|la bonne",
    ),
    "Spanish": Words(
        answer="respuestas?|(?:opción|alternativa) correcta",
        key="solución|clave|soluciones",
        explanation="explicación|justificación",
        before="la|las|el",
        after="final|correctas?",
        verb="es|son",
        right="correct[ao]|la correcta|la respuesta",
    ),
    "Portuguese": Words(
        answer="respostas?|(?:opção|alternativa) (?:correta|certa)",
        key="gabarito|solução",
        explanation="explicação|justificativa|resolução|comentário",
        before="a|o|as",
        after="final|corretas?|certas?",
        verb="é|são",
        right="corret[ao]|cert[ao]|a correta",
    ),
    "Italian": Words(
        answer="rispost[ae]|opzione corretta",
        key="soluzion[ei]",
        explanation="spiegazione|motivazione",
        before="la|le|l['’]",
        after="finale|corrett[ae]|esatt[ae]|giust[ae]",
        verb="è|sono",
        right="corrett[ao]|esatt[ao]|giust[ao]|la risposta",
    ),
    "Dutch": Words(
        answer="antwoord(?:en)?",
        key="oplossing|sleutel",
        explanation="uitleg|toelichting|verklaring",
        before="het|de|juiste|goede|correcte",
        right="juist|goed|correct|het juiste",
    ),
    "Polish": Words(
        answer="odpowied(?:ź|zi)|odp",
        key="rozwiązanie|klucz",
        explanation="wyjaśnienie|uzasadnienie",
        before="prawidłow[ae]|poprawn[ae]|ostateczna",
        verb="jest",
        right="poprawn[ae]|prawidłow[ae]",
    ),
    "Turkish": Words(
        answer="cevap(?:lar)?|cevabı|yanıt(?:lar)?|yanıtı|doğru (?:seçenek|şık)",
        key="çözüm(?:ü)?|cevap anahtarı",
        explanation="açıklama(?:sı)?|gerekçe",
        before="doğru|son|nihai",
        right="doğru|doğrudur",
    ),
    "Russian": Words(
        answer="ответы?|отв|(?:правильный|верный) вариант",
        key="ключи?|решение",
        explanation="объяснение|пояснение|обоснование|комментарий|разбор",
        before="правильные|правильный|верный|верные|окончательный|итоговый|финальный",
        verb="это",
        right="верно|правильно|верный ответ|правильный ответ|верен|правилен",
    ),
    "Ukrainian": Words(
        answer="відповід[ьі]|(?:правильний|вірний) варіант",
        key="розв['’ʼ]язання|ключ",
        explanation="пояснення|обґрунтування",
        before="правильна|вірна|остаточна|кінцева",
        verb="це",
        right="правильно|вірно|правильна відповідь",
    ),
    "Kazakh": Words(
        answer="жауап|жауабы|жауаптары?|жауаптар|дұрыс нұсқа(?:сы)?",
        key="шешуі|шешімі|кілт(?:і)?|дұрысы",
        explanation="түсіндірме(?:сі)?|түсініктеме(?:сі)?|түсіндіру|негіздеме(?:сі)?",
        before="дұрыс|соңғы|ақырғы|нақты",
        right="дұрыс|дұрыс жауап",
    ),
    "Vietnamese": Words(
        answer="đáp án|câu trả lời|trả lời|phương án đúng",
        key="lời giải|hướng dẫn giải|chọn",
        explanation="giải thích|lý giải",
        after="đúng|cuối cùng|chính xác",
        verb="là",
        right="đúng|đáp án đúng",
    ),
    "Indonesian": Words(
        answer="jawaban|jawab|jawabannya",
        key="kunci|kunci jawaban",
        explanation="pembahasan|penjelasan|alasan",
        after="yang benar|benar|yang tepat|akhir|akhirnya",
        verb="adalah|ialah|yaitu",
        right="benar|jawaban yang benar",
    ),
    "Arabic": Words(
        answer="الإجابة|الاجابة|إجابة|الجواب|جواب|الخيار الصحيح",
        key="الحل|مفتاح الإجابة",
        explanation="التفسير|تفسير|الشرح|شرح|التوضيح|التعليل",
        after="الصحيحة|الصحيح|النهائية|النهائي",
        verb="هو|هي",
        right="صحيح|صحيحة|الصحيح|الصحيحة",
    ),
    "Hindi": Words(
        answer="उत्तर|जवाब|सही विकल्प",
        key="हल|कुंजी",
        explanation="व्याख्या|स्पष्टीकरण",
        before="सही|अंतिम|सटीक",
        right="सही|सही उत्तर",
    ),
}
# Languages without spaces, in which a word may touch its neighbours.
JOINED = {
    "Chinese": Words(
        answer="答案|正确选项|正確選項|正确的是|正確的是",
        key="答|故选|故選|应选|應選|本题选|選|选",
        explanation="解析|解释|解釋|解说|解說|说明|說明|详解|詳解|分析|点评|點評|解答",
        before="最终|最終|正确|正確|参考|參考|标准|標準|本题|所以|因此|故",
        verb="应该是|應該是|应为|應為|是|为|為|选|選",
        right="正确|正確",
    ),
    "Japanese": Words(
        answer="答え|正解|正答|回答|解答",
        explanation="解説|説明|理由",
        before="最終的な|最終|正しい",
        verb="は",
        right="正解|正しい",
    ),
    "Korean": Words(
        answer="정답|답안|답변|답",
        explanation="해설|설명|풀이",
        before="최종|올바른",
        verb="은|는|이|:",
        right="정답|맞다|맞습니다",
    ),
}


def _alternatives(words: dict[str, Words], field: str) -> str:
    """All alternatives of a field, the longest first, as a space may follow a shorter one."""
    found = {part for entry in words.values() for part in _split(getattr(entry, field))}
    return "|".join(sorted(found, key=lambda part: (-len(part), part))).replace(" ", r"[ \t]+")


def _split(alternatives: str) -> list[str]:
    """Split into alternatives. Those in brackets belong to one of them."""
    return re.findall(r"(?:\([^()]*\)|\[[^\]]*\]|[^|()\[])+", alternatives)


def noun_pattern(
    *fields: str, spaced: dict[str, Words] = SPACED, joined: dict[str, Words] = JOINED
) -> str:
    """A pattern for a noun of `fields` as a whole word and what may follow ("réponse finale")."""
    noun, touching = (
        "|".join(filter(None, (_alternatives(words, field) for field in fields)))
        for words in (spaced, joined)
    )
    after = _alternatives(spaced, "after")
    return rf"(?:(?<!\w)(?:{noun})(?!\w)(?:[ \t]+(?:{after})(?!\w)){{0,2}}|(?:{touching}))"


def verb_pattern(
    field: str, spaced: dict[str, Words] = SPACED, joined: dict[str, Words] = JOINED
) -> str:
    """A pattern for the words of `field` between a noun and a label."""
    return rf"(?:(?:{_alternatives(spaced, field)})(?!\w)|{_alternatives(joined, field)})"


BEFORE = (  # words before a noun; a search for the nouns does not need them
    rf"(?:(?:{_alternatives(SPACED, 'before')})(?:,?[ \t]+|(?<=['’]))){{0,4}}"
    rf"(?:(?:{_alternatives(JOINED, 'before')}){{0,2}}的?)"
)
ANSWER = noun_pattern("answer")
KEY = noun_pattern("answer", "key")
# 选B, chọn B: these words need no punctuation before the label.
CHOSEN = rf"(?:{_alternatives(JOINED, 'key')}|(?<!\w)chọn(?!\w))"
EXPLANATION = noun_pattern("explanation")
VERB = verb_pattern("verb")
RIGHT = verb_pattern("right")
OPTION = (
    r"(?:option|choice|letter|alternative|opción|opção|opzione|opcja|letra|lettre|lettera|litera|buchstabe"
    r"|вариант|буква|варіант|літера|нұсқа|seçenek|şık|phương án|đáp án|pilihan|选项|選項|الخيار|विकल्प)"
)
