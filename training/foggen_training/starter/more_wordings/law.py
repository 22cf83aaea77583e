"""Further wordings of the skills of law."""

from __future__ import annotations

from .wordings import Wordings, lines

WORDINGS = {
    "weekday": Wordings(
        pretraining=lines(r"""
            {day} plus {n} days?
            {day} + {n} days = ____
            {n} days after {day}?
            Today is {day}. Which weekday is it in {n} days?
            Please count {n} days on from {day}.
            hey, if it's {day}, what day is it {n} days later?
            Which day of the week comes {n} days after {day}?
            A letter arrives on {day}. The answer must follow in {n} days. On which weekday is that?
            Q: a lease ends {n} days after {day}, on which weekday?
            Start: {day}. Period: {n} days. Last day: ?
            From {day}, {n} days go by. What weekday is it then?
            A lawyer gets a file on {day} and has {n} days for it. On what day must she be done?
            If a term of {n} days begins on {day}, which weekday ends it?
            Counting from {day}, the day {n} days later is ____.
            Can you tell me the weekday {n} days after {day}?
            The hearing is {n} days after {day}. Name the weekday of the hearing.
            A tenant, who plays the violin, must pay {n} days after {day}. On which weekday is that?
            It is {day} now. The offer stays open for {n} days. On which day does it close?
            Payment was promised {n} days from {day}. Give the day of the week.
            {day} күнінен {n} күн өткенде қай күн болады?
            Бүгін {day}. {n} күннен кейін which day?
            The appeal is due {n} days after a judgment on {day}. On what day of the week is it due?
            A form was handed in on {day}. It is checked {n} days later. On which weekday?
            Work out the weekday that is {n} days later than {day}.
            Move {n} days forward from {day}. Where in the week are you?
            What weekday follows {day} by {n} days?
        """),
        rounds=lines(r"""
            Quick check: {day}, then {n} days on?
            {n} days on from {day} it's what day?
            The clerk stamped it on {day}; {n} days are allowed. The last weekday is which?
            For a term of {n} days from {day}, state the final weekday.
            Gulnar signed on {day}. She may cancel up to {n} days later. Until which weekday is that?
            Weekday after adding {n} to {day}: ____
            Please name the day of the week: {day} and {n} days more.
            Suppose a ban starts on {day} and is lifted {n} days later. On which weekday is it lifted?
            so it's {day} and i've got {n} days... till when?
            {day}, plus {n} күн: қай күн?
            A judge adjourns the case from {day} by {n} days. On what weekday does it go on?
            If {n} days have passed since {day}, today is what day?
            Served {day}, time {n} days. Due weekday, please.
        """),
    ),
    "deadline": Wordings(
        pretraining=lines(r"""
            {date} plus {n} days?
            {date} + {n} days = ____
            {n} days after {date}?
            Today is {date}. What is the date in {n} days?
            Please count {n} days on from {date}.
            hey, if it's {date}, what's the date {n} days later?
            Which date comes {n} days after {date}?
            A letter arrives on {date}. The answer must follow in {n} days. On which date is that?
            Q: a lease ends {n} days after {date}, on which date?
            Start: {date}. Period: {n} days. Last date: ?
            From {date}, {n} days go by. What is the date then?
            A lawyer gets a file on {date} and has {n} days for it. By what date must she be done?
            If a term of {n} days begins on {date}, which date ends it?
            Counting from {date}, the date {n} days later is ____.
            Can you tell me the date {n} days after {date}?
            The hearing is {n} days after {date}. Name its date.
            A tenant, who plays the violin, must pay {n} days after {date}. On which date is that?
            It is {date} now. The offer stays open for {n} days. On which date does it close?
            Payment was promised {n} days from {date}. Give the date.
            {date} күнінен {n} күн өткенде қай күн болады?
            Бүгін {date}. {n} күннен кейін what date?
            The appeal is due {n} days after a judgment on {date}. On what date is it due?
            A form was handed in on {date}. It is checked {n} days later. On which date?
            Work out the date that is {n} days later than {date}.
            Move {n} days forward from {date}. Which date is it?
            What date follows {date} by {n} days?
        """),
        rounds=lines(r"""
            Quick check: {date}, then {n} days on?
            {n} days on from {date} it's what date?
            The clerk stamped it on {date}; {n} days are allowed. The last date is which?
            For a term of {n} days from {date}, state the final date.
            Gulnar signed on {date}. She may cancel up to {n} days later. Until which date is that?
            Date after adding {n} days to {date}: ____
            Please name the date: {date} and {n} days more.
            Suppose a ban starts on {date} and is lifted {n} days later. On which date is it lifted?
            so it's {date} and i've got {n} days... till when?
            {date}, plus {n} күн: which date?
            A judge adjourns the case from {date} by {n} days. On what date does it go on?
            If {n} days have passed since {date}, what is today's date?
            Served {date}, time {n} days. Due date, please.
        """),
    ),
    "missing": Wordings(
        pretraining=lines(r"""
            {rule}: {present} and ____
            For {rule} there are {present}. What is lacking?
            Shown for {rule}: {present}. Still missing?
            hey, what's missing for {rule} if there's {present}?
            Please name the missing element of {rule}. Present: {present}.
            To make out {rule}, a party has {present}. What else is required?
            Besides {present}, what does {rule} require?
            A student lists {present} as elements of {rule}. Which one did she forget?
            Q: {rule}, {present}, what is not there yet?
            Elements of {rule} on the list: {present}. Which is not on it?
            There is proof of {present}. What must be added for {rule}?
            Complete the elements of {rule}: {present}, ____.
            If {present} are proved, which element of {rule} is left to prove?
            Beyond {present}, {rule} needs one more element. Which?
            A judge has found {present}. For {rule}, what remains to be found?
            Can you tell me what {rule} needs in addition to {present}?
            The claim is about {rule}. There is evidence of {present}. Of what is there no evidence yet?
            In a case that took all winter, {present} were shown. For {rule}, what was still not shown?
            Our lawyer can prove {present}. What does he lack for {rule}?
            Four elements make {rule}. Here are three: {present}. What is the fourth?
            {rule} үшін {present} бар. Не жетіспейді?
            {rule}: {present} дәлелденді. Which element қалды?
            The plaintiff relies on {rule} but shows only {present}. What is absent?
            Add what is missing to {present} to get {rule}.
            {present} have been established. Name the last element of {rule}.
            Which further element would turn {present} into {rule}?
        """),
        rounds=lines(r"""
            Quick check on {rule}: got {present}. What's left?
            With {present} out of the way, what remains of {rule}?
            For {rule}, state what has to be shown on top of {present}.
            Baurzhan studies {rule}. He remembers {present}. Which element slips his mind?
            {present} + ____ = {rule}
            Please finish the list for {rule}: {present}, and what?
            Suppose {present} are admitted. What is the open point on {rule}?
            so we've got {present}... what else for {rule}?
            {rule} толық болуы үшін {present} аз. Тағы не керек?
            A court would reject {rule} on {present} alone, for want of what?
            By which element are {present} to be completed if {rule} is claimed?
            The checklist for {rule} has ticks at {present}. Where is the tick missing?
            {rule}: all but one of the elements are {present}. The other one, please.
        """),
    ),
    "element": Wordings(
        pretraining=lines(r"""
            Element of {rule}?
            An element of {rule} is ____.
            hey, which one belongs to {rule}?
            Please choose what {rule} requires.
            Which one of these belongs to {rule}?
            Pick the element of {rule}.
            What has to be proved for {rule}?
            A student learns about {rule}. Which of these is on her list?
            Q: what is part of {rule}?
            Rule: {rule}. Element: ?
            Which item below is required for {rule}?
            If a party relies on {rule}, which of these must she show?
            Can you tell me which of these {rule} requires?
            Without which of these is there no {rule}?
            The law of {rule} asks for one of these. Which?
            Our exam, held in a cold hall, asked for an element of {rule}. What is right?
            To establish {rule}, which of these is needed?
            Only one of these has to do with {rule}. Which one?
            Name what must be present for {rule}.
            A judge asks whether there is {rule}. What must she look for?
            {rule} үшін не керек?
            {rule}: which element керек?
            Find the one that {rule} depends on.
            Which requirement below is one of {rule}?
            {rule} cannot be shown without ____.
            Which of the words below is among the elements of {rule}?
        """),
        rounds=lines(r"""
            Quick check, part of {rule}?
            Tick what {rule} calls for.
            For {rule}, state the element that is given below.
            Aliya claims {rule}. Which of these does her lawyer have to prove?
            {rule} includes ____.
            Please mark the element of {rule}.
            Suppose somebody alleges {rule}. Which of these is relevant?
            so for {rule} you need... which of these?
            Мыналардың қайсысы {rule} элементі?
            Three of these belong to other rules, one to {rule}. Which one?
            By definition, {rule} has which of these elements?
            A textbook's page on {rule} mentions which of these?
            Elements of {rule}: one of them, please.
        """),
    ),
    "age": Wordings(
        pretraining=lines(r"""
            Minimum age {limit}. At what age {who} a person join?
            Allowed from {limit} years on. At which age {who} somebody take part?
            Signing is open to those aged {limit} or more. At what age {who} one sign?
            Q: age limit {limit} or older, at what age {who} a person enter?
            hey, you have to be at least {limit} to vote, so at what age {who} someone vote?
            Nobody under {limit} can drive. At what age {who} a person drive?
            Please choose: the limit is {limit} or over. At which of these ages {who} a person marry?
            A person {who} vote at the age of ____ if voting starts at {limit}.
            The statute admits persons who are {limit} or older. At what age {who} a person apply?
            Whoever is {limit} or older is allowed to work. At what age {who} a person work?
            You need to be {limit} or older to rent a car. At what age {who} you rent one?
            At least {limit} years old: that is the rule for buying it. At what age {who} a person buy it?
            A club takes members who are at least {limit}. At what age {who} a person become a member?
            If the lowest age for a licence is {limit}, at what age {who} a person get a licence?
            Can you tell me at what age {who} a person sign, if signing needs an age of {limit} or more?
            In a small country with high mountains, people of {limit} and older vote. At what age {who} a person vote?
            Our landlord lets rooms to people of at least {limit}. At what age {who} a person rent a room?
            The door says: {limit} and over. At what age {who} a guest come in?
            Rule: age {limit} or higher. At which of these ages {who} a person act?
            Persons younger than {limit} are not admitted. At what age {who} a person be admitted?
            Жасы {limit} немесе үлкен болуы керек. At what age {who} a person sign?
            Age limit {limit} жас және жоғары. At what age {who} a person drive?
            The right to sue begins at the age of {limit}. At what age {who} a person sue?
            By contract, an employee has to be {limit} or older. At what age {who} a person be employed?
            A law, passed in the spring, lets anyone of at least {limit} fish. At what age {who} a person fish?
            To own a boat one must have reached the age of {limit}. At what age {who} a person own a boat?
        """),
        rounds=lines(r"""
            Quick check: limit is {limit}+. At what age {who} a person play?
            From {limit} upwards it's fine. At what age {who} a person do it?
            For a rule of {limit} or over, state at what age {who} a person stand for office.
            Sanzhar reads that hunters are at least {limit}. At what age {who} a person hunt?
            Age {limit} or more to travel alone; someone aged ____ {who} travel alone.
            Please tell me at which age {who} a person adopt, if adopting takes an age of {limit} or older.
            Suppose a will is valid from the age of {limit} on. At what age {who} a person make a will?
            so it's {limit} and up... at what age {who} someone get in?
            {limit} жастан бастап рұқсат. At what age {who} a person vote?
            Whoever has not turned {limit} is kept out. At what age {who} a visitor enter?
            The sign at the slide reads "at least {limit}". At what age {who} a person slide?
            Under a treaty, soldiers are {limit} or older. At what age {who} a person serve?
            Lower limit: {limit}, that age included. At which age {who} a person bid?
        """),
    ),
    "limitation": Wordings(
        pretraining=lines(r"""
            {year} plus {n} years?
            {year} + {n} years = ____
            {n} years after {year}?
            From {year}, {n} years on. Which year?
            Please count {n} years on from {year}.
            hey, if it starts in {year} and runs {n} years, when's it over?
            Which year comes {n} years after {year}?
            A licence was granted in {year} for {n} years. When does it run out?
            Q: lease from {year}, {n} years long, final year?
            Start: {year}. Term: {n} years. End: ?
            A debt from {year} lapses after {n} years. In what year does it lapse?
            A patent of {year} protects for {n} years. In which year does the protection end?
            If a treaty of {year} is valid for {n} years, when does it expire?
            A term of {n} years that began in {year} ends in ____.
            Can you tell me the year that is {n} years later than {year}?
            A tenant took a flat for {n} years in {year}. Name the year in which his lease ends.
            A ban, disliked by all, came in {year} and lasted {n} years. When did it end?
            The accident was in {year}. Claims are barred {n} years later. In which year is that?
            The judgment of {year} can be enforced for {n} years. Give the last year.
            {year} жылдан {n} жыл өткенде қай жыл болады?
            Шарт {year} жылы жасалды, {n} years. When does it end?
            Work out when a right of {n} years from {year} ends.
            A loan was taken in {year}. It is due {n} years later. In which year is it due?
            The office was rented from {year} on, for {n} years. Until which year?
            Add {n} years to {year}.
            A mandate began in {year} and takes {n} years. In which year is it over?
        """),
        rounds=lines(r"""
            Quick check: {year}, then {n} years on?
            {n} years on from {year} it's what year?
            The deed says {year}, the term is {n} years. So it ends when?
            For a limitation period of {n} years from {year}, state the year of its end.
            Zhanna was hired in {year} for {n} years. In which year does her job end?
            Year after adding {n} to {year}: ____
            Please name the year: {year} and {n} years more.
            Suppose a right arises in {year} and dies after {n} years. In which year does it die?
            so it's from {year} and good for {n} years... till when?
            {year} жыл, plus {n} жыл: қай жыл?
            If {n} years have passed since {year}, what year is it?
            A court set a term of {n} years in {year}. Which year closed the term?
            Begun {year}, length {n} years. Final year, please.
        """),
    ),
    "fine": Wordings(
        pretraining=lines(r"""
            {b} a day, {a} days. Fine?
            {a} days at {b} each = ____
            Fine for {a} days at {b} a day?
            fine per day = {b}, days = {a}, total fine = ____
            Please work out the fine: {a} days late, {b} a day.
            hey, i'm {a} days late and it's {b} a day, how much is that?
            A library asks {b} for every day. A book comes back {a} days late. What must be paid?
            Q: {a} days over, {b} for each, what total?
            Days late: {a}. Fine a day: {b}. Total: ?
            We paid {a} days late. Each day costs {b}. What is our fine?
            Calculate the penalty for {a} days at {b} a day.
            A builder finishes {a} days late. The contract sets {b} for each day. Determine the penalty.
            If each day of delay costs {b}, how much do {a} days cost?
            The fine on {a} days of delay at {b} a day is ____.
            Can you tell me the fine for {a} days if one day costs {b}?
            A baker, well known for her bread, is {a} days late with her tax. At {b} a day, what is the fine?
            For every day of delay {b} is charged. What is charged for {a} days?
            What does a delay of {a} days cost at a daily fine of {b}?
            Multiply {a} days by a fine of {b} a day.
            Күніне {b}, {a} күн. Айыппұл қанша?
            {a} күн кешікті, {b} a day. Fine қанша?
            The rent was {a} days late. With {b} owed for each day, how much was owed in all?
            A permit lapsed {a} days ago. The fine is {b} for each of them. Give the total.
            How high is the fine after {a} days if it grows by {b} a day?
            By law every late day costs {b}. There were {a} of them. What sum is due?
            A firm is charged {b} daily for {a} days. What does it pay altogether?
        """),
        rounds=lines(r"""
            Quick check: {a} late days, {b} apiece. Fine?
            Days ({a}) times daily fine ({b})?
            The notice says {b} a day, and {a} days have passed. So the fine is what?
            For a delay of {a} days at a rate of {b} a day, state the fine.
            Askar returned a car {a} days late. The firm takes {b} for each day. What does he owe?
            {a} x {b} of fine = ____
            Please give the fine. The daily amount is {b}; the delay is {a} days.
            What must be paid when {b} falls due on each of {a} days?
            Suppose a judge fines a witness {b} a day for {a} days. Evaluate the whole fine.
            so {a} days and {b} each... how much in fines?
            Айыппұлды тап: {a} days, {b} a day.
            A debtor was late by {a} days and was fined {b} for every one. What did the fines add up to?
            Per day {b}, late {a} days. Sum, please.
        """),
    ),
}
