"""The words that state the answer in a model's reply: those of `answer_words.py` in more languages.

A model answers in the language of the question. Pasted questions are not searched for these words:
compiling so many patterns would take a third of the time that the program needs to start.

Verbs that mean something else in another language are left out, such as Swahili's "ni", which is
"nor" in French: they would make a statement of a text that is none.
"""

from __future__ import annotations

from .answer_words import JOINED, SPACED, Words, noun_pattern, verb_pattern

_MORE_SPACED = {
    "Swedish": Words("svar(?:et)?|rätt (?:svar|alternativ)", verb="är"),
    "Danish, Norwegian": Words("svar(?:et)?|(?:rigtige?|riktige?|korrekte?) svar"),
    "Icelandic": Words("svarið|rétt svar"),
    "Finnish": Words("vastaus|oikea (?:vastaus|vaihtoehto)"),
    "Estonian": Words("vastus|õige (?:vastus|variant)"),
    "Latvian": Words("atbilde|pareizā atbilde"),
    "Lithuanian": Words("atsakymas|teisingas atsakymas", verb="yra"),
    "Czech": Words("odpověď|odpověd"),
    "Slovak": Words("odpoveď"),
    "Slovenian, Croatian, Serbian": Words("odgovor|odgovori|одговор"),
    "Macedonian, Bulgarian": Words("отговор(?:ът|а)?|одговор(?:от)?"),
    "Belarusian": Words("адказ", verb="гэта"),
    "Hungarian": Words("válasz|megfejtés"),
    "Romanian": Words(
        "răspuns(?:ul)?|varianta corectă", after="final|corect|finală|corectă", verb="este"
    ),
    "Greek": Words("απάντηση|σωστή (?:απάντηση|επιλογή)", verb="είναι"),
    "Albanian": Words("përgjigj(?:ja|e|ia)", after="e saktë|përfundimtare|e duhur", verb="është"),
    "Catalan": Words("respost(?:a|es)|opció correcta", after="final|correcta", verb="és"),
    "Basque": Words("erantzun(?:a)?", after="zuzena"),
    "Galician": Words("opción correcta"),
    "Welsh": Words("ateb", after="cywir|terfynol", verb="yw"),
    "Irish": Words("freagra", after="ceart|deiridh"),
    "Afrikaans": Words("korrekte antwoord|regte antwoord"),
    "Esperanto": Words("respondo", verb="estas"),
    "Azerbaijani": Words("cavab(?:ı)?"),
    "Uzbek": Words("javob(?:i)?|жавоб(?:и)?"),
    "Turkmen": Words("jogap|jogaby"),
    "Kyrgyz": Words("жооп|жообу"),
    "Tatar": Words("җавап|җавабы"),
    "Bashkir": Words("яуап|яуабы"),
    "Uyghur": Words("جاۋاب|جاۋابى"),
    "Mongolian": Words("хариулт|хариу", verb="бол"),
    "Tajik": Words("ҷавоб(?:и)?", after="дуруст"),
    "Persian": Words("پاسخ|گزینه صحیح|گزینهٔ صحیح", after="صحیح|درست|نهایی"),
    "Urdu, Pashto": Words("جواب|ځواب|درست جواب"),
    "Kurdish": Words("bersiv|وەڵام", after="rast|dawî|ڕاست"),
    "Hebrew": Words("תשובה|התשובה", after="נכונה|הנכונה|סופית|הסופית", verb="היא|הינה"),
    "Armenian": Words("պատասխան(?:ը)?", verb="է"),
    "Georgian": Words("პასუხი", verb="არის"),
    "Amharic": Words("መልስ|መልሱ"),
    "Bengali, Assamese": Words("উত্তর|উত্তৰ"),
    "Nepali, Marathi": Words("जवाफ|उत्तर", verb="हो"),
    "Gujarati": Words("જવાબ|ઉત્તર"),
    "Punjabi": Words("ਜਵਾਬ|ਉੱਤਰ"),
    "Odia": Words("ଉତ୍ତର"),
    "Tamil": Words("பதில்|விடை"),
    "Telugu": Words("సమాధానం|జవాబు"),
    "Kannada": Words("ಉತ್ತರ"),
    "Malayalam": Words("ഉത്തരം"),
    "Sinhala": Words("පිළිතුර"),
    "Malay": Words(
        "jawapan(?:nya)?", after="akhir|betul|yang betul|yang tepat", verb="ialah|adalah"
    ),
    "Filipino": Words("sagot", verb="ay"),
    "Javanese, Sundanese": Words(
        "wangsulan|jawaban(?:ipun|é)",
        after="pungkasan|ingkang leres|anu bener",
        verb="inggih menika|nyaéta",
    ),
    "Swahili": Words("jibu", after="sahihi|la mwisho|sahihi la mwisho"),
    "Hausa": Words("amsa", after="ta ƙarshe|daidai", verb="ita ce"),
    "Yoruba, Igbo": Words("ìdáhùn|idahun|azịza", after="ikẹhin|ikpeazụ", verb="bụ"),
    "Zulu, Xhosa": Words("impendulo", after="yokugcina|elungile|efanelekileyo"),
    "Somali": Words("jawaabta|jawaab", after="saxda ah|kama dambaysta ah", verb="waa"),
    "Haitian Creole": Words("repons", after="final|kòrèk"),
}
_MORE_JOINED = {  # no space between words
    "Thai": Words("คำตอบ(?:ที่ถูกต้อง|ที่ถูก|สุดท้าย)?|เฉลย", verb="คือ"),
    "Lao": Words("ຄຳຕອບ(?:ທີ່ຖືກຕ້ອງ|ສຸດທ້າຍ)?", verb="ແມ່ນ"),
    "Khmer": Words("ចម្លើយ(?:ត្រឹមត្រូវ|ចុងក្រោយ)?", verb="គឺ"),
    "Burmese": Words("အဖြေ(?:မှန်)?", verb="မှာ"),
}
SPACED_WORDS = SPACED | _MORE_SPACED
JOINED_WORDS = JOINED | _MORE_JOINED

ANSWER = noun_pattern("answer", spaced=SPACED_WORDS, joined=JOINED_WORDS)
VERB = verb_pattern("verb", spaced=SPACED_WORDS, joined=JOINED_WORDS)
