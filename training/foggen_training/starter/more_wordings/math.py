"""Further wordings of the skills of math."""

from __future__ import annotations

from .wordings import Wordings, lines

WORDINGS = {
    "largest": Wordings(
        pretraining=lines(r"""
            The {which} number?
            Which is {which}?
            The {which} one is ____.
            Pick the {which} number.
            Please choose the {which} number.
            hey, which one's the {which}?
            Which one of these numbers is the {which}?
            Look at the numbers below. Which is the {which}?
            Q: the {which} of these?
            Wanted: the {which} number.
            Can you tell me which number here is the {which}?
            Four children each drew a number. Which number is the {which}?
            Mark the {which} number in the list.
            Out of all these, the {which} number is which?
            Name the {which} of these numbers.
            If you put these numbers in order, which is the {which}?
            Which of the listed values is {which}?
            On an old blackboard stand some numbers. Which is the {which}?
            Give the {which} value among these.
            My sister asks for the {which} number. What do I say?
            Қай сан the {which}?
            Мына сандардың which one is the {which}?
            These are scores. Which score is the {which}?
            Decide which number is {which}.
            The winner has the {which} number. Which is it?
            Which option shows the {which} number?
        """),
        rounds=lines(r"""
            Quick check: {which}?
            {which} one, please
            Compare the numbers and give the {which}.
            Tick the {which} of the four.
            For the numbers below, state the {which}.
            Kanat may take the {which} number. Which does he take?
            Among the given numbers ____ is the {which}.
            Suppose you sort them. The {which} is what?
            so which of them is {which}...
            {which} санды тап.
            By size, which of these numbers is the {which}?
            No other number here is a candidate for {which}. Which one is meant?
            A list of prices follows. The {which} price is which?
        """),
    ),
    "add": Wordings(
        pretraining=lines(r"""
            {a}+{b}
            {a} plus {b}?
            {a} + {b} = ____
            {b} more than {a}?
            Please add {a} and {b}.
            hey, what's {a} plus {b}?
            Which number is {b} more than {a}?
            A bus has {a} passengers. At the next stop {b} get on. How many are on the bus now?
            Q: {a} and {b} together?
            First: {a}. Second: {b}. Sum: ?
            Put {a} and {b} together. What do you get?
            We have {a} eggs and find {b} more. How many eggs are in the basket?
            Calculate {a} plus {b}.
            If you add {b} to {a}, what is the result?
            The sum of {a} and {b} is ____.
            Can you tell me how much {a} plus {b} is?
            A shelf with a blue lamp holds {a} books, and {b} are put beside them. How many books does it hold?
            Increase {a} by {b}.
            My sister picked {a} flowers, I picked {b}. How many did we pick in all?
            {a} қосу {b} қанша болады, in numbers?
            {a} + {b} қанша?
            What number do you reach when you count on {b} from {a}?
            There were {a} ducks on a lake and {b} more flew in. How many were there then?
            {a} is added to {b}. What is the total?
            Total of {a} and {b}?
            A farmer sells {a} melons on one day and {b} on the next. Find how many he sells in both days.
        """),
        rounds=lines(r"""
            Quick check: {a} and {b} make?
            {b}+{a}=?
            Sum ({a}, {b})?
            What does {a} become when {b} is added?
            For the numbers {a} and {b}, state the sum.
            Mira saved {a} coins and her aunt gives her {b}. How many coins has Mira now?
            ____ is {a} plus {b}.
            Please total {a} and {b}.
            Suppose a team scores {a} points, then {b}. Evaluate its points in all.
            so {a} and then {b} more... that's?
            {a} мен {b} санын қос.
            A train of {a} wagons gets {b} extra wagons. How long is it, in wagons?
            Add up: {a}, {b}.
        """),
    ),
    "subtract": Wordings(
        pretraining=lines(r"""
            {a}-{b}
            {a} minus {b}?
            {a} - {b} = ____
            {b} less than {a}?
            Please take {b} from {a}.
            hey, what's {a} minus {b}?
            Which number is {b} less than {a}?
            A bus has {a} passengers. At the next stop {b} get off. How many stay on?
            Q: {a} take away {b}?
            From: {a}. Taken: {b}. Left: ?
            Take {b} away from {a}. What is left?
            We have {a} eggs and use {b} for a cake. How many eggs do we still have?
            Calculate {a} minus {b}.
            If you subtract {b} from {a}, what is the result?
            The difference of {a} and {b} is ____.
            Can you tell me how much {a} minus {b} is?
            A shelf with a blue lamp holds {a} books, and {b} are lent out. How many books stay?
            Decrease {a} by {b}.
            I am reading a book of {a} pages and have read {b}. How many pages are to go?
            {a} алу {b} қанша болады?
            {a} - {b} қанша?
            How much must be added to {b} to get {a}?
            There were {a} ducks on a lake and {b} flew off. How many were there then?
            {b} is taken off {a}. What remains?
            How much more is {a} than {b}?
            A farmer brings {a} melons to market and sells {b}. Find how many he takes home.
        """),
        rounds=lines(r"""
            Quick check: {a} without {b}?
            {a}-{b}=?
            Difference ({a}, {b})?
            What does {a} become when {b} is removed?
            For the numbers {a} and {b}, state the difference.
            Mira had {a} coins and spent {b}. How many coins has Mira now?
            ____ is {a} minus {b}.
            Please reduce {a} by {b}.
            Suppose a team leads with {a} points to {b}. By how many points does it lead?
            so there's {a} and {b} are gone... that leaves?
            {a} санынан {b} санын ал.
            A train of {a} wagons loses {b} of them. How long is it then, in wagons?
            How far is it from {b} up to {a}?
        """),
    ),
    "multiply": Wordings(
        pretraining=lines(r"""
            {a}*{b}
            {a} x {b}?
            {a} x {b} = ____
            {a} times {b} is how much?
            Please multiply {a} by {b}.
            hey, what's {a} times {b}?
            Which number is {a} times {b}?
            A cinema has {a} rows of {b} seats. How many seats is that?
            Q: {a} lots of {b}?
            Factors: {a} and {b}. Product: ?
            Take {b} a total of {a} times. What do you get?
            We buy {a} packs of {b} eggs. How many eggs do we buy?
            Calculate {a} times {b}.
            If you multiply {a} by {b}, what is the result?
            The product of {a} and {b} is ____.
            Can you tell me how much {a} times {b} is?
            A garden with a tall fence has {a} rows of {b} trees. How many trees are in it?
            Multiply {b} and {a}.
            A book costs {b} coins. What do {a} such books cost?
            {a} көбейту {b} қанша болады?
            {a} * {b} қанша?
            How many legs do {a} creatures with {b} legs each have?
            Each of {a} teams has {b} players. How many players are there?
            {a} is multiplied by {b}. What comes out?
            A floor is {a} tiles long and {b} tiles wide. How many tiles has it?
            A farmer fills {a} crates with {b} melons each. Find how many melons he packs.
        """),
        rounds=lines(r"""
            Quick check: {a} by {b}?
            {a}*{b}=?
            Product ({a}, {b})?
            What does {b} become when taken {a} times?
            For the numbers {a} and {b}, state the product.
            Mira gets {b} coins a week. How many coins does she get in {a} weeks?
            ____ is {a} times {b}.
            Please find what {a} groups of {b} make.
            Suppose {a} cars carry {b} people each. How many people are carried?
            so {a} times {b}... that's?
            {a} санын {b} санына көбейт.
            A train has {a} wagons with {b} doors each. How many doors has it?
            Area of a rectangle of {a} by {b}?
        """),
    ),
    "remainder": Wordings(
        pretraining=lines(r"""
            {a} % {b}
            {a} mod {b}?
            {a} mod {b} = ____
            {a} divided by {b}: remainder?
            Please find what is left over when {a} is divided by {b}.
            hey, what's left over if i divide {a} by {b}?
            Divide {a} by {b}. Which remainder do you get?
            A baker packs {a} rolls in bags of {b}. How many rolls are not in a full bag?
            Q: remainder of {a} by {b}?
            Divide: {a}. By: {b}. Remainder: ?
            What is the rest of {a} after division by {b}?
            We put {a} eggs into boxes of {b}. How many eggs do not fill a box?
            Calculate the rest when {a} is divided by {b}.
            If you divide {a} by {b}, how much is left over?
            The remainder of {a} divided by {b} is ____.
            Can you tell me the remainder of {a} over {b}?
            A class with a kind teacher has {a} pupils. In groups of {b}, how many are left without a group?
            Take {b} away from {a} as often as you can. What is left?
            How much is left of {a} when as many groups of {b} as possible are made?
            {a} санын {b} санына бөлгенде қалдық қанша?
            {a} mod {b} қанша?
            By how much is {a} above the largest multiple of {b} that fits in it?
            {a} divided by {b} leaves which remainder?
            A rope of {a} m is cut into pieces of {b} m. How many metres are left over?
            {a} is divided by {b}. Give only the remainder.
            Cards, {a} in number, are dealt evenly to {b} players. How many cards are left?
        """),
        rounds=lines(r"""
            Quick check: {a} over {b}, what's the rest?
            {a}%{b}=?
            Remainder ({a} by {b})?
            What is over when {a} is split into parts of {b}?
            For {a} divided by {b}, state the remainder.
            Mira shares {a} coins fairly among {b} friends. How many coins remain?
            ____ is the remainder of {a} by {b}.
            Please give the rest of the division of {a} by {b}.
            Suppose {a} seats are set in rows of {b}. How many seats are outside a full row?
            so {a} into groups of {b}... how many left?
            {a} санын {b} санына бөл, remainder қандай?
            A wheel of {b} places turns {a} places from 0. On which place does it stop?
            Modulo {b}, the number {a} is what?
        """),
    ),
    "gcd": Wordings(
        pretraining=lines(r"""
            gcd {a} {b}
            GCD of {a} and {b}?
            gcd({a}, {b}) = ____
            Greatest common divisor: {a}, {b}?
            Please find the greatest common factor of {a} and {b}.
            hey, what's the gcd of {a} and {b}?
            Which number is the greatest divisor that {a} and {b} share?
            Ribbons of {a} cm and {b} cm are cut into equal pieces with nothing left. How many cm is the longest possible piece?
            Q: greatest common factor of {a} and {b}?
            Numbers: {a} and {b}. Greatest common divisor: ?
            By which largest number can both {a} and {b} be divided?
            We pack {a} pears and {b} plums into equal bags with none left. At most how many bags can we fill?
            Calculate the greatest common divisor for {a} and {b}.
            If a number divides {a} as well as {b}, how large can it be?
            The greatest common divisor of {a} and {b} is ____.
            Can you tell me the largest common factor of {a} and {b}?
            On a rainy day a class looks for the greatest number that divides {a} and {b}. What does it find?
            Name the highest common factor of {a} and {b}.
            How large is the greatest common measure of {a} and {b}?
            {a} және {b} сандарының ең үлкен ортақ бөлгіші қанша?
            gcd({a}, {b}) қанша?
            What is the largest whole number that goes into {a} and {b} without a remainder?
            A fraction has {a} above and {b} below. By what number must both be divided to reduce it fully?
            The common divisors of {a} and {b} end with which largest one?
            {a} and {b}: highest common factor?
            Determine gcd of {b} and {a}.
        """),
        rounds=lines(r"""
            Quick check: gcd for {a}, {b}?
            gcd({b}, {a}) = ?
            HCF ({a}, {b})?
            What is the greatest number that both {a} and {b} are multiples of?
            For the numbers {a} and {b}, state the greatest common divisor.
            Mira puts {a} red and {b} white beads into like rows, one colour a row. How many beads can a row have at most?
            ____ is the greatest common divisor of {a} and {b}.
            Please give the biggest shared factor of {a} and {b}.
            Suppose d divides {a} and d divides {b}. What is the largest d?
            so {a} and {b}... biggest number that divides both?
            Ең үлкен ортақ бөлгішті тап: {a}, {b}.
            A floor of {a} by {b} is laid with square tiles of one size. How wide can a tile be at most?
            Euclid's algorithm, run on {a} and {b}, ends with which divisor?
        """),
    ),
    "part": Wordings(
        pretraining=lines(r"""
            {part} of {a}?
            {part} of {a} = ____
            Please work out {part} of {a}.
            hey, what's {part} of {a}?
            Take {part} of {a}. What do you get?
            A class has {a} pupils, and {part} of them are ill. How many are ill?
            Q: {part} of {a}, how much?
            Whole: {a}. Wanted: {part} of it. Result: ?
            If {part} of {a} is taken, how much is that?
            We have {a} eggs and boil {part} of them. How many do we boil?
            Calculate {part} of {a}.
            The number that is {part} of {a} is ____.
            Can you tell me what {part} of {a} is?
            A shop with a new door sells {part} of its {a} hats. How many hats does it sell?
            What number do you get by taking {part} of {a}?
            Of {a} tickets, {part} are sold. How many are sold?
            My uncle gives me {part} of his {a} stamps. How many stamps do I get?
            How large is {part} of {a}?
            {a} санының бөлігі: {part}. How much is it?
            {part} of {a} қанша?
            A tank holds {a} buckets of water. When {part} of it is full, how many buckets are in it?
            Determine {part} of {a}.
            A walk of {a} steps: after {part} of it, how many steps are done?
            Give the value of {part} of {a}.
            Among {a} birds, {part} are geese. Find the number of geese.
            {a} coins lie here. I take {part} of them. How many is that?
        """),
        rounds=lines(r"""
            Quick check: {part} of {a} is?
            {a}: and {part} of that?
            {part} of {a}=?
            What is the size of {part} of {a}?
            For the number {a}, state {part} of it.
            Mira has {a} coins and saves {part} of them. How many coins does she save?
            ____ is {part} of {a}.
            Please tell me how many make up {part} of {a}.
            Suppose {part} of {a} seats are free. How many seats are free?
            so {part} of {a}... that's?
            {a} санынан {part} ал, қанша болады?
            A train has {a} wagons, and {part} of them carry coal. How many carry coal?
            If {a} is the whole, {part} of it is what?
        """),
    ),
}
