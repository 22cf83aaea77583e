"""Further wordings of the skills of medicine."""

from __future__ import annotations

from .wordings import Wordings, lines

WORDINGS = {
    "dose": Wordings(
        pretraining=lines(r"""
            {a}, {b}. Dose?
            Dose at {a} for {b}?
            weight = {b}, dose = {a}, total = ____
            The dose for a patient of {b} at {a} is ____.
            Please find the dose: weight {b}, {a}.
            My son weighs {b}. The leaflet says {a}. How much does he get?
            Multiply {a} by a weight of {b}.
            How many mg does a patient of {b} get at {a}?
            Weight: {b}. Dosage: {a}. Total dose: ?
            Q: {b} of body weight, {a}, what dose?
            hey, what's the dose at {a} if someone weighs {b}?
            We treat a girl of {b} with {a}. What dose does she need?
            Calculate the total dose for {b} of body weight at {a}.
            A syrup is dosed at {a}. Determine the dose for a child of {b}.
            If a patient weighs {b} and gets {a}, how large is the dose?
            A man who loves fishing weighs {b} and is given {a}. State his dose.
            A vet treats a dog of {b} at {a}. How much of the drug is that?
            Can you tell me the dose for {b} at {a}?
            The order reads {a}; the scale reads {b}. Give the dose in mg.
            At {a}, what amount does a body weight of {b} call for?
            Салмағы {b}, дозасы {a}. Барлығы қанша?
            Науқастың салмағы {b}. At {a}, what is the dose?
            A boy of {b} was treated at {a}. He got ____ in all.
            For each kilogram the right amount is {a}. What is right for {b}?
            Which dose has a patient of {b} if {a} is ordered?
            A drug was ordered at {a} for a woman of {b}. How much was she given?
        """),
        rounds=lines(r"""
            Quick check: {b} at {a}. Dose?
            Dosage ({a}) times weight ({b})?
            The label says {a}, the patient is {b}. So the dose is what?
            For a body weight of {b} and a dosage of {a}, state the total dose.
            Nurse Botagoz weighs a boy: {b}. He is to get {a}. What dose does she prepare?
            {a} x {b} = ____
            Please give the dose. The weight is {b}; the dosage is {a}.
            How much is needed to treat {b} of body weight with {a}?
            Suppose a patient of {b} is put on {a}. Evaluate the dose.
            so it's {a} and she's {b}... what dose?
            Дозаны тап: {a}, салмағы {b}.
            A calf of {b} is injected with {a}. What amount is injected?
            Body weight {b}, rule {a}. Total, please.
        """),
    ),
    "tablets": Wordings(
        pretraining=lines(r"""
            {a} from tablets of {b}. How many?
            Tablets of {b} for {a}?
            dose = {a}, tablet = {b}, number of tablets = ____
            A dose of {a} from tablets of {b} takes ____ tablets.
            Please find the number of tablets: dose {a}, strength {b}.
            My mother must take {a}. Her tablets hold {b} each. How many does she take?
            Divide a dose of {a} by a tablet of {b}.
            One tablet: {b}. Dose: {a}. Tablets: ?
            Q: {a} ordered, {b} in a tablet, how many tablets?
            hey, how many tablets of {b} do i need for {a}?
            We have tablets of {b}. The patient should get {a}. How many tablets do we give?
            Calculate the tablets needed for {a} if each has {b}.
            Each tablet holds {b}. Determine how many tablets make {a}.
            If {a} is ordered and a tablet is {b}, how many tablets are needed?
            A pharmacist with a white beard gives {a} in tablets of {b}. State the number of tablets.
            Can you tell me how many tablets of {b} add up to {a}?
            The strength of a tablet is {b}. How many of them hold {a}?
            How often does a tablet of {b} go into a dose of {a}?
            Доза {a}, бір таблетка {b}. Неше таблетка керек?
            {a} дәрі, tablet {b}: неше таблетка?
            The order was {a}, the tablets were {b}. So ____ tablets were given.
            A dog needs {a}. A tablet has {b}. How many tablets does the vet give?
            Count the tablets of {b} in a dose of {a}.
            With {b} in every tablet, how many tablets give a patient {a}?
            A dose of {a} is to be made up of tablets of {b} each. How many?
            What number of tablets, each of {b}, contains {a} in total?
        """),
        rounds=lines(r"""
            Quick check: {a} with tablets of {b}. How many tablets?
            Dose ({a}) over tablet ({b})?
            The chart says {a}, the box says {b}. So how many tablets?
            For a dose of {a} and a strength of {b}, state the number of tablets.
            Nurse Botagoz has tablets of {b} for a man who needs {a}. How many does she bring?
            {a} / {b} = ____ tablets
            Please give the number of tablets. A tablet is {b}; the dose is {a}.
            How many tablets are swallowed when {a} is taken in tablets of {b}?
            Suppose {a} must be given and only tablets of {b} are there. How many are used?
            so i need {a} and each pill is {b}... how many pills?
            Таблетка санын тап: {a}, each {b}.
            A prescription of {a} is filled with tablets of {b}. How many are taken?
            Ordered {a}, tablet strength {b}. Tablets, please.
        """),
    ),
    "rate": Wordings(
        pretraining=lines(r"""
            {a} in {b}. Rate?
            Rate for {a} over {b}?
            volume = {a}, time = {b}, rate = ____
            The rate of an infusion of {a} over {b} is ____.
            Please find the hourly rate: {a} over {b}.
            A bag of {a} is to run in within {b}. What rate is set?
            Divide {a} by {b}.
            How many mL an hour give {a} in {b}?
            Time: {b}. Volume: {a}. Infusion rate: ?
            Q: drip of {a}, {b} long, what rate?
            hey, what rate gets {a} in over {b}?
            We have {a} to give and {b} to do it. What rate do we set?
            Calculate the drip rate for {a} that lasts {b}.
            A pump delivers {a} in {b}. Determine its rate.
            If {a} must go in over {b}, how large is the rate?
            A woman in the bed by the window gets {a} over {b}. State the rate.
            An infusion takes {b} for {a}. How fast does it run?
            Can you tell me the pump rate for {a} in {b}?
            At what rate does a drip of {a} last {b}?
            Көлемі {a}, уақыты {b}. Жылдамдығы қандай?
            {a} сұйықтық, {b}: infusion rate қанша?
            A saline bag of {a} ran for {b}. The rate was ____.
            In {b} a patient receives {a}. How much is that an hour?
            Which hourly rate empties a bag of {a} in {b}?
            Over {b}, {a} was infused. What was the rate?
            A doctor wants {a} given evenly over {b}. What rate follows?
        """),
        rounds=lines(r"""
            Quick check: {a}, {b}. What drip rate?
            Volume ({a}) over time ({b})?
            The bag says {a}, the order says {b}. So the rate is what?
            For an infusion of {a} with a length of {b}, state the rate.
            Nurse Botagoz hangs a bag of {a} that should be empty in {b}. Which rate does she set?
            {a} / {b} = ____
            Please give the rate. The time is {b}; the volume is {a}.
            How much flows each hour if {a} flows in {b}?
            Suppose a pump must empty {a} in {b}. Evaluate its rate.
            so {a} over {b}... what rate?
            Rate-ті тап: {a}, {b}.
            A drip of {a} was spread evenly over {b}. How much was given an hour?
            Fluid {a}, duration {b}. Hourly rate, please.
        """),
    ),
    "pulse": Wordings(
        pretraining=lines(r"""
            {a} beats, {b} seconds. Pulse?
            Pulse for {a} beats in {b} seconds?
            beats = {a}, seconds = {b}, beats a minute = ____
            With {a} beats in {b} seconds, the pulse is ____ a minute.
            Please find the pulse: {a} beats, {b} seconds.
            I felt {a} beats in {b} seconds. What is my pulse?
            Seconds: {b}. Beats: {a}. Beats a minute: ?
            Q: {a} heartbeats in {b} seconds, how many a minute?
            hey, what's my heart rate if i count {a} beats in {b} seconds?
            We count for {b} seconds and get {a} beats. What is the heart rate?
            Calculate beats a minute from {a} beats during {b} seconds.
            A heart beats {a} times in {b} seconds. Determine the heart rate.
            If {a} beats are felt in {b} seconds, how high is the pulse?
            A runner in green shoes counts {a} beats in {b} seconds. State her heart rate.
            In {b} seconds a monitor shows {a} beats. Give the rate a minute.
            Can you tell me the heart rate at {a} beats in {b} seconds?
            How often does a heart beat in a minute if it beats {a} times in {b} seconds?
            {b} секундта {a} соққы. Минутына қанша?
            {a} beats, {b} секунд: пульс қанша?
            Over {b} seconds, {a} beats were felt. The pulse was ____ a minute.
            A child's heart makes {a} beats in {b} seconds. What is its pulse?
            The number of beats in {b} seconds is {a}. What is it in one minute?
            What pulse has someone whose heart beats {a} times within {b} seconds?
            A vet counts {a} beats of a cow's heart in {b} seconds. What is the cow's heart rate?
            Turn {a} beats in {b} seconds into beats a minute.
            During {b} seconds there were {a} beats. How many are there in a minute at that pace?
        """),
        rounds=lines(r"""
            Quick check: {a} in {b} seconds. Heart rate?
            Beats ({a}) in seconds ({b}), so a minute has?
            The watch says {b} seconds, the count is {a}. So the pulse is what?
            For a count of {a} beats in {b} seconds, state the pulse.
            Nurse Botagoz holds a wrist for {b} seconds and counts {a}. Which pulse does she write down?
            {a} beats in {b} seconds = ____ beats a minute
            Please give the heart rate. The time is {b} seconds; the beats are {a}.
            How many beats fill a minute at {a} beats per {b} seconds?
            Suppose a sensor gets {a} beats in {b} seconds. Evaluate the heart rate.
            so {a} beats in {b} seconds... pulse?
            Пульсті тап: {b} секундта {a} соққы.
            A diver's heart beat {a} times in {b} seconds. How many times would it beat in a minute?
            Beats {a}, seconds {b}. Beats a minute, please.
        """),
    ),
    "interval": Wordings(
        pretraining=lines(r"""
            Every {a} hours for {b}. How many doses?
            Doses in {b} at one every {a} hours?
            interval = {a} hours, time = {b}, doses = ____
            One dose every {a} hours makes ____ doses in {b}.
            Please find the number of doses: every {a} hours, {b}.
            My father takes a pill every {a} hours. How many pills does he take in {b}?
            Time: {b}. Interval: {a} hours. Doses: ?
            Q: a dose each {a} hours, how many in {b}?
            hey, how many doses are there in {b} if it's one every {a} hours?
            We give a dose every {a} hours. How many do we give in {b}?
            Calculate how many doses fit in {b} with {a} hours between them.
            Drops are given every {a} hours. Determine the number of times in {b}.
            If a drug is taken every {a} hours, how many times is it taken in {b}?
            A singer with a cold takes a spoon of syrup every {a} hours. State the number of spoons in {b}.
            Can you tell me how many doses {b} of treatment need at one each {a} hours?
            The label reads: one every {a} hours. How many are used in {b}?
            How often in {b} is a dose due that comes every {a} hours?
            Әр {a} сағат сайын, {b}. Неше доза?
            Дәрі әр {a} сағат сайын беріледі. How many doses in {b}?
            Over {b}, with a dose every {a} hours, ____ doses are given.
            A cat gets an injection every {a} hours. How many injections does it get in {b}?
            A course lasts {b}. There are {a} hours from one dose to the next. How many doses has it?
            With an interval of {a} hours, how many doses make up {b}?
            For a treatment of {b}, a dose falls due every {a} hours. What is the number of doses?
            How many tablets are needed for {b} if one is taken every {a} hours?
            A dose was given every {a} hours. How many had been given after {b}?
        """),
        rounds=lines(r"""
            Quick check: each {a} hours, {b} in all. Doses?
            Doses ({b}, one every {a} hours)?
            The box says every {a} hours, the doctor says {b}. So how many doses?
            For an interval of {a} hours over {b}, state the number of doses.
            Nurse Botagoz gives eye drops every {a} hours. How many times does she give them in {b}?
            {b} with a dose every {a} hours = ____ doses
            Please give the number of doses. The course is {b}; the interval is {a} hours.
            A dose falls due each time {a} hours have passed. How many fall due in {b}?
            Suppose a pump gives a shot every {a} hours. How many shots does it give in {b}?
            so every {a} hours for {b}... how many doses?
            Доза санын тап: әр {a} сағат, {b}.
            A patient was woken every {a} hours for a dose. In {b}, how many doses did she take?
            Course {b}, one per {a} hours. Doses, please.
        """),
    ),
    "convert": Wordings(
        pretraining=lines(r"""
            A drug: {a} in {unit}?
            A dose of {a} = ____ {unit}
            Dose {a}, in {unit}?
            hey, the dose is {a}, how many {unit} is that?
            Please convert a dose of {a} into {unit}.
            Change a dose of {a} to {unit}.
            Write the dose of {a} in {unit}.
            The syringe is marked in {unit}. The order is {a}. How many {unit} are drawn up?
            What do you get if you change a dose of {a} to {unit}?
            Q: a medicine of {a}, but in {unit}?
            How many {unit} of a medicine make {a}?
            If a doctor orders {a}, how many {unit} is it?
            In {unit}, an amount of {a} of a drug is ____.
            The number of {unit} in {a} of a medicine is ____.
            A label says {a}. What would it say in {unit}?
            My chart says {a}, but I need {unit}. How many are they?
            Can you tell me what a dose of {a} is in {unit}?
            Calculate a dose of {a} as {unit}.
            Ordered: {a}. Wanted in {unit}: ?
            A prescription of {a} equals how many {unit}?
            Which amount in {unit} is the same as a dose of {a}?
            Дәрі дозасы {a}. Бұл неше {unit}?
            Доза {a}, in {unit} қанша?
            A bottle of medicine holds {a}. Give that in {unit}.
            A patient, tired after a long trip, was given {a}. How many {unit} was he given?
            A drug amount of {a} has to be entered in {unit}. What is it then?
        """),
        rounds=lines(r"""
            Quick check: dose {a} -> {unit}?
            dose is {a}, need {unit} pls
            Restate a dose of {a} in {unit}.
            How would a nurse write {a} using {unit}?
            The form wants {unit}, but the doctor wrote {a}. What should Nurse Botagoz enter?
            A dose of {a} is the same as ____ {unit}.
            For a medicine of {a}, state the amount in {unit}.
            Units: {unit}. Dose: {a}. Converted?
            Suppose a vial holds {a}. Evaluate its content in {unit}.
            so the order's {a}... that's how many {unit}?
            {a} дозасын {unit} етіп жаз.
            By changing units, a dose of {a} becomes how many {unit}?
            {unit}, please: a dose of {a} is how much?
        """),
    ),
}
