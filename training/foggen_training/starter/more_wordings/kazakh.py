"""Further wordings of the skills of Kazakh culture, in English, in Kazakh and mixed."""

from __future__ import annotations

from .wordings import Wordings, lines

WORDINGS = {
    "word": Wordings(
        pretraining=lines(r"""
            '{word}' in {language}?
            '{word}' = ____ ({language})
            {language} for '{word}'?
            hey, what's '{word}' in {language}?
            Please translate '{word}' to {language}.
            How do you say '{word}' in {language}?
            Which {language} word is the same as '{word}'?
            A guest does not know the word '{word}'. Tell it to her in {language}.
            Q: '{word}', but in {language}?
            Word: '{word}'. Language: {language}. Translation: ?
            Give the {language} for '{word}'.
            If a sign says '{word}', what would it say in {language}?
            In {language}, '{word}' is ____.
            Can you tell me what '{word}' is in {language}?
            My grandmother, who makes the best tea, asked what '{word}' is in {language}. What do I answer?
            Find the {language} translation of '{word}'.
            The {language} word for '{word}' is ____.
            What would a speaker of {language} call '{word}'?
            Turn '{word}' into {language}.
            Write '{word}' in {language}.
            '{word}' сөзі {language} тілінде қалай айтылады?
            '{word}' деген сөзді аудар: {language}.
            '{word}' деген не, in {language}?
            {language} тіліне аудар: '{word}'.
            By which word is '{word}' rendered in {language}?
            A dictionary is opened at '{word}'. What does it give in {language}?
        """),
        rounds=lines(r"""
            Quick check: '{word}', {language}?
            '{word}' -> {language}?
            need '{word}' in {language} pls
            What do people say for '{word}' when they speak {language}?
            For the word '{word}', state the {language} equivalent.
            Aida learns {language}. She wants to say '{word}'. Which word does she need?
            ____ is {language} for '{word}'.
            Please put '{word}' in {language}.
            Suppose a child asks for '{word}' in {language}. What do you reply?
            so '{word}'... in {language} that's?
            '{word}' сөзінің {language} тіліндегі баламасын тап.
            '{word}' сөзі, {language}: қайсысы дұрыс?
            On a card stands '{word}'. On its back is the {language} word. What is it?
        """),
    ),
    "fact": Wordings(
        pretraining=lines(r"""
            {subject}?
            {subject}: ____
            {subject} = ____
            Q: {subject}?
            {ask} {subject}, please?
            Quiz! {ask} {subject}?
            Please name {subject}.
            hey, do you know {subject}?
            Can you tell me {subject}?
            Pick {subject}.
            Give {subject}.
            Find {subject}.
            Which one is {subject}?
            Which of the names below is {subject}?
            The clue is: {subject}. What is meant?
            A traveller wants to know {subject}. What do you tell him?
            In a quiz on a long train ride came: {subject}. What is right?
            Which word stands for {subject}?
            What do you call {subject}?
            Our teacher asks for {subject}. What should we say?
            {subject} қайсы?
            {subject} қалай аталады?
            Айтыңызшы: {subject}?
            {subject}, қазақша қалай аталады?
            Сұрақ: {subject}?
            If you hear "{subject}", what comes to mind?
        """),
        rounds=lines(r"""
            Quick check: {subject}?
            {subject}, please
            {subject} -> ?
            By what name is {subject} known?
            For the clue "{subject}", state the name.
            Aida fills in a crossword. The clue reads: {subject}. Which word fits?
            ____ ({subject})
            Please tick {subject}.
            Suppose a tourist asks about {subject}. What do you say?
            so {subject}... that's?
            Атаңыз: {subject}.
            Мыналардың қайсысы: {subject}?
            A page in a book is headed "{subject}". What is it about?
        """),
    ),
    "number": Wordings(
        pretraining=lines(r"""
            {number}?
            {number} = ____
            '{number}' = ?
            Q: which number is '{number}'?
            hey, what number is '{number}'?
            Please match the number '{number}'.
            Which of these is equal to '{number}'?
            Which is the same as {number}?
            A price tag says '{number}'. Which number is that?
            Number: {number}. The same number: ?
            Give the number '{number}' in the other form.
            If a child counts up to '{number}', which number is reached?
            '{number}' and ____ are the same number.
            Can you tell me which number '{number}' is?
            On the door of an old house stands '{number}'. Which number is it?
            Write '{number}' the other way.
            How else can '{number}' be written?
            Between digits and Kazakh words: '{number}' is which?
            Which number below means '{number}'?
            Pick what stands for '{number}'.
            '{number}' неше?
            '{number}' дегеніміз қай сан?
            Сан: {number}. Дәл осы сан қайсы?
            '{number}' санын басқаша жаз.
            '{number}' қандай сан, in the other form?
            The number '{number}' is printed in two ways. Which is the second?
        """),
        rounds=lines(r"""
            Quick check: '{number}'?
            '{number}' -> ?
            {number}, the same one please
            Digits for words or words for digits: '{number}'?
            For '{number}', state the equal number.
            Aida sees '{number}' on a bus. Which number is it?
            ____ is the number '{number}'.
            Please tick the number '{number}'.
            Suppose somebody says '{number}'. Which number do they mean?
            so '{number}'... which one's that?
            '{number}' санын тап.
            Мыналардың қайсысы '{number}'?
            Two clocks show one number; the first shows '{number}'. What does the second show?
        """),
    ),
    "sum": Wordings(
        pretraining=lines(r"""
            {a} + {b}?
            {a} + {b} = ____
            {a} + {b} қанша болады?
            {a} және {b} қосындысы қандай?
            {a} қосу {b} = ?
            Q: {a} + {b}?
            hey, how much is {a} plus {b}?
            Please add {a} and {b}.
            Қосыңыз: {a} және {b}.
            {a} санына {b} санын қосса, қанша болады?
            {a} саны мен {b} санының қосындысы неше?
            Бірінші сан {a}, екінші сан {b}. Қосындысы қанша?
            What do {a} and {b} make?
            Add the numbers {a} and {b}.
            Үстелде {a} алма бар еді, тағы {b} алма қойылды. Барлығы неше алма?
            Айданада {a} кітап, Асқарда {b} кітап бар. Екеуінде барлығы неше кітап?
            The total of {a} and {b} is ____.
            Can you tell me what {a} and {b} give together?
            If {a} is added to {b}, what is the result?
            Есепте: {a} + {b}.
            {a} плюс {b} неше?
            {a} және {b} бірге қанша?
            How much do you get from {a} қосу {b}?
            At a noisy market a boy adds {a} and {b}. What should he get?
            Қорада {a} қой бар еді, тағы {b} қой келді. Енді неше қой?
            Calculate {a} plus {b}.
        """),
        rounds=lines(r"""
            Quick check: {a} + {b}?
            {b} мен {a} бірге неше болады?
            {a} + {b}, нәтижесі?
            Тап: {a} қосу {b}.
            For {a} and {b}, state the sum.
            Айдана {a} теңге, сосын {b} теңге тапты. Барлығы неше теңге?
            ____ = {a} + {b}
            Please total {a} and {b}.
            Suppose {a} is followed by {b} more. How many are there?
            so {a} plus {b}... that's?
            {a} санын {b} санымен қосыңыз.
            Автобуста {a} адам бар еді, {b} адам мінді. Енді неше адам?
            The numbers are {a} and {b}. Together, they are what?
        """),
    ),
}
