"""Further wordings of the skills of science."""

from __future__ import annotations

from .wordings import Wordings, lines

WORDINGS = {
    "density": Wordings(
        pretraining=lines(r"""
            Mass {a}, volume {b}. Density?
            Density of {a} in {b}?
            mass = {a}, volume = {b}, density = ____
            The density of a body of {a} and {b} is ____.
            Please find the density: mass {a}, volume {b}.
            A piece of metal weighs {a} and fills {b}. How dense is it?
            Divide a mass of {a} by a volume of {b}.
            How dense is an oil if {b} of it weighs {a}?
            Volume: {b}. Mass: {a}. Density: ?
            Q: {a} of wood takes up {b}, what density?
            hey, what's the density if something weighs {a} and takes up {b}?
            We weigh a cube: {a}. Its volume is {b}. What is its density?
            Calculate the density of a block that has a volume of {b} and a mass of {a}.
            A mass of {a} fills a volume of {b}. Determine its density.
            If {b} of a liquid weighs {a}, how large is the density of the liquid?
            A blue marble has a mass of {a} and a volume of {b}. State its density.
            A student measures {b} and {a} for the volume and the mass of a stone. Give the density.
            Can you tell me the density of a coin of {a} with a volume of {b}?
            What do you get when {a} of mass is divided by {b} of volume?
            Массасы {a}, көлемі {b}. Тығыздығы қандай?
            Mass {a}, volume {b}: тығыздық қанша?
            In the lab, {b} of syrup weighed {a}. Its density was ____.
            Per unit of volume, how much mass has a body with {a} in {b}?
            Which density has a crystal of mass {a} and volume {b}?
            A sample was found to weigh {a} and to fill {b}. How dense was the sample?
            On a scale a ring shows {a}; in water it displaces {b}. What is the ring's density?
        """),
        rounds=lines(r"""
            Quick check: {a} of mass, {b} of volume. Density?
            Mass ({a}) over volume ({b})?
            The label says {b}, the scale says {a}. So the density is what?
            For a substance with mass {a} in a volume of {b}, state the density.
            Madina fills a cup with {b} of milk that weighs {a}. Which density has the milk?
            {a} / {b} = ____
            Please give the density. The volume is {b}; the mass is {a}.
            How much does each unit of volume weigh if {b} weighs {a} in all?
            Suppose a rock has {a} of mass and {b} of volume. Evaluate its density.
            so it weighs {a} and its volume's {b}... density?
            Density-ді тап: масса {a}, көлем {b}.
            A lump of clay that weighs {a} takes up {b}. What is the density of clay?
            Weight of sample {a}, space taken {b}. Density, please.
        """),
    ),
    "voltage": Wordings(
        pretraining=lines(r"""
            Current {a}, resistance {b}. Voltage?
            Voltage at {a} through {b}?
            I = {a}, R = {b}, V = ____
            The voltage across {b} that carries {a} is ____.
            Please find the voltage: {a} flows through {b}.
            A lamp has a resistance of {b} and draws {a}. What is the voltage across it?
            Multiply a current of {a} by a resistance of {b}.
            How many volts drive {a} through {b}?
            Resistance: {b}. Current: {a}. Voltage: ?
            Q: a wire of {b} carries {a}, what voltage?
            hey, what's the voltage if {a} goes through {b}?
            We measure {a} in a resistor of {b}. What voltage lies across it?
            Calculate the voltage over a heater of {b} when the current is {a}.
            A resistor of {b} carries a current of {a}. Determine the voltage.
            If {a} flows in a coil of {b}, how large is the voltage?
            An old radio with a brown case draws {a} and has {b}. State the voltage.
            Use Ohm's law: current {a}, resistance {b}, voltage?
            Can you tell me the voltage for a resistance of {b} and a current of {a}?
            What voltage must a battery have to push {a} through {b}?
            Ток {a}, кедергі {b}. Кернеу қандай?
            Current {a}, resistance {b}: кернеу қанша?
            A fan of {b} was run at {a}. The voltage was ____.
            Across {b} there is which voltage if the current is {a}?
            Which voltage belongs to {a} and {b} by Ohm's law?
            A current of {a} was sent through {b}. What was the voltage?
            How high is the voltage at {a} and {b}?
        """),
        rounds=lines(r"""
            Quick check: {a} and {b}. How many volts?
            Current ({a}) times resistance ({b})?
            The meter shows {a}, the resistor is marked {b}. So the voltage is what?
            For a circuit of {b} with a current of {a}, state the voltage.
            Yerlan connects a bulb of {b}, and {a} flows. Which voltage does his battery have?
            {a} x {b} = ____
            Please give the voltage. The resistance is {b}; the current is {a}.
            What drop in voltage does {a} cause over {b}?
            Suppose {a} runs through a resistor of {b}. Evaluate the voltage.
            so the current's {a} and resistance is {b}... voltage?
            Voltage-ті тап: ток {a}, кедергі {b}.
            To keep {a} flowing in {b}, which voltage is required?
            Amperes: {a}. Ohms: {b}. Volts, please.
        """),
    ),
    "current": Wordings(
        pretraining=lines(r"""
            Voltage {a}, resistance {b}. Current?
            Current at {a} across {b}?
            V = {a}, R = {b}, I = ____
            The current through {b} at {a} is ____.
            Please find the current: {a} across {b}.
            A lamp of {b} is connected to {a}. What current does it draw?
            Divide a voltage of {a} by a resistance of {b}.
            How many amperes flow through {b} at {a}?
            Resistance: {b}. Voltage: {a}. Current: ?
            Q: a battery of {a} on a wire of {b}, what current?
            hey, what's the current if there's {a} across {b}?
            We put {a} on a resistor of {b}. What current flows?
            Calculate the current in a heater of {b} at a voltage of {a}.
            A resistor of {b} lies at {a}. Determine the current.
            If a coil of {b} is connected to {a}, how large is the current?
            An old radio with a brown case has {b} and runs on {a}. State the current.
            Use Ohm's law: voltage {a}, resistance {b}, current?
            Can you tell me the current for a resistance of {b} and a voltage of {a}?
            What current does a battery of {a} push through {b}?
            Кернеу {a}, кедергі {b}. Ток күші қандай?
            Voltage {a}, resistance {b}: ток қанша?
            A fan of {b} was run at {a}. The current was ____.
            Through {b} there flows which current if the voltage is {a}?
            Which current belongs to {a} and {b} by Ohm's law?
            A voltage of {a} was put across {b}. What was the current?
            How strong is the current at {a} and {b}?
        """),
        rounds=lines(r"""
            Quick check: {a} over {b}. How many amperes?
            Voltage ({a}) divided by resistance ({b})?
            The battery says {a}, the resistor is marked {b}. So the current is what?
            For a circuit of {b} at a voltage of {a}, state the current.
            Dina connects a bulb of {b} to a battery of {a}. Which current flows in her bulb?
            {a} / {b} = ____
            Please give the current. The resistance is {b}; the voltage is {a}.
            What flow of current do {a} cause in {b}?
            Suppose {a} lie across a resistor of {b}. Evaluate the current.
            so the voltage's {a} and resistance is {b}... current?
            Ток күшін тап: voltage {a}, resistance {b}.
            With {a} applied to {b}, which current is drawn?
            Volts: {a}. Ohms: {b}. Amperes, please.
        """),
    ),
    "speed": Wordings(
        pretraining=lines(r"""
            Distance {a}, time {b}. Speed?
            Speed for {a} in {b}?
            distance = {a}, time = {b}, speed = ____
            {a} in {b}: how fast?
            The speed of a cyclist who rides {a} in {b} is ____.
            Please find the speed: {a} covered in {b}.
            A dog runs {a} in {b}. How fast is it?
            Divide a distance of {a} by a time of {b}.
            How fast is a ball that rolls {a} in {b}?
            Time: {b}. Distance: {a}. Speed: ?
            Q: a train goes {a} in {b}, what speed?
            hey, how fast am i going if i do {a} in {b}?
            We walk {a}. It takes us {b}. What is our speed?
            Calculate the speed of a boat that needs {b} for {a}.
            A horse needs {b} for a distance of {a}. Determine its speed.
            If a drone flies {a} in {b}, how large is its speed?
            A yellow bus with few passengers drives {a} in {b}. State its speed.
            An athlete's time over {a} is {b}. Give the average speed.
            Can you tell me the speed of something that moves {a} in {b}?
            At what speed does a cart cover {a} in {b}?
            Жол {a}, уақыт {b}. Жылдамдығы қандай?
            Distance {a}, time {b}: жылдамдық қанша?
            A bird flew {a} in {b}. Its speed was ____.
            In {b} a lift rises {a}. What is its speed?
            Which speed takes you {a} in {b}?
            It took a swimmer {b} to swim {a}. What was her average speed?
        """),
        rounds=lines(r"""
            Quick check: {a}, {b}. What speed?
            Distance ({a}) over time ({b})?
            The track is {a} long and the clock says {b}. So the speed is what?
            For a motion of {a} within {b}, state the average speed.
            Arman skates {a} on the ice and stops the clock at {b}. Which speed did he reach on average?
            {a} / {b} = ____
            Please give the speed. The time is {b}; the distance is {a}.
            How far does it get each second if it moves {a} in {b}?
            Suppose a toy car crosses {a} in {b}. Evaluate its speed.
            so it went {a} in {b}... speed?
            Speed-ті тап: {a} жол, {b} уақыт.
            A hare crossed a field of {a} within {b}. How fast was the hare?
            Way {a}, duration {b}. Speed, please.
        """),
    ),
    "force": Wordings(
        pretraining=lines(r"""
            Mass {a}, acceleration {b}. Force?
            Force on {a} at {b}?
            m = {a}, a = {b}, F = ____
            The force that gives {a} an acceleration of {b} is ____.
            Please find the force: {a} accelerated at {b}.
            A cart of {a} speeds up at {b}. What force pushes it?
            Multiply a mass of {a} by an acceleration of {b}.
            How many newtons accelerate {a} at {b}?
            Acceleration: {b}. Mass: {a}. Force: ?
            Q: {a} of mass speeds up at {b}, what force?
            hey, what's the force if {a} is accelerated at {b}?
            We push a box of {a}. It accelerates at {b}. How strong is our push?
            Calculate the net force on a sled of {a} with an acceleration of {b}.
            An object of {a} accelerates at {b}. Determine the force on it.
            If the acceleration is {b} and the mass is {a}, how large is the force?
            A red trolley with small wheels has {a} and accelerates at {b}. State the force.
            Use F = m a: mass {a}, acceleration {b}, force?
            Can you tell me the force for an acceleration of {b} and a mass of {a}?
            What net force must act so that {a} accelerates at {b}?
            Масса {a}, үдеу {b}. Күш қандай?
            Mass {a}, acceleration {b}: күш қанша?
            A ball of {a} was thrown with an acceleration of {b}. The force was ____.
            With which force is {a} accelerated at {b}?
            Which force belongs to {a} and {b} by Newton's second law?
            A puck of {a} was accelerated at {b}. What force acted on it?
            How strong is the force on {a} if it accelerates at {b}?
        """),
        rounds=lines(r"""
            Quick check: {a}, {b}. How many newtons?
            Mass ({a}) times acceleration ({b})?
            The scale says {a}, the sensor says {b}. So the force is what?
            For a body of mass {a} with acceleration {b}, state the resultant force.
            Ruslan pulls a sledge of {a}, and it gains speed at {b}. Which force moves his sledge?
            {a} x {b} = ____
            Please give the force. The acceleration is {b}; the mass is {a}.
            What pull is needed to get {a} moving with an acceleration of {b}?
            Suppose a crate of {a} accelerates at {b}. Evaluate the force.
            so it's {a} and accelerates at {b}... force?
            Force-ты тап: масса {a}, үдеу {b}.
            To accelerate a wagon of {a} at {b}, which force is applied?
            Kilograms: {a}. Acceleration: {b}. Newtons, please.
        """),
    ),
    "convert": Wordings(
        pretraining=lines(r"""
            {a} in {unit}?
            {a} = ? {unit}
            {a} = ____ {unit}
            {a} to {unit}
            {unit} in {a}?
            hey, how many {unit} is {a}?
            Please convert {a} into {unit}.
            Change {a} into {unit}.
            Write {a} in {unit}.
            Turn {a} into {unit}.
            What do you get if you change {a} to {unit}?
            Q: {a}, but in {unit}?
            How many {unit} make {a}?
            If something measures {a}, how many {unit} is it?
            In {unit}, {a} is ____.
            The number of {unit} in {a} is ____.
            A sign says {a}. What would it say in {unit}?
            My notes say {a}, but I need {unit}. How many are they?
            Can you tell me what {a} is in {unit}?
            Calculate {a} as {unit}.
            Given: {a}. Wanted: {unit}. Result: ?
            {a} equals how many {unit}?
            Which amount in {unit} is the same as {a}?
            {a} неше {unit}?
            {a} қанша болады in {unit}?
            A value of {a} has to be given in {unit}. What is it then?
        """),
        rounds=lines(r"""
            Quick check: {a} -> {unit}?
            need {a} in {unit} pls
            Restate {a} in {unit}.
            How would you write {a} using {unit}?
            The form wants {unit}, but Zarina has {a}. What should she enter?
            {a} is the same as ____ {unit}.
            For a reading of {a}, state the value in {unit}.
            Units: {unit}. Amount: {a}. Converted?
            Suppose a reading is {a}. Evaluate it in {unit}.
            so {a}... that's how many {unit}?
            {a} шамасын {unit} етіп жаз.
            By changing units, {a} becomes how many {unit}?
            {unit}, please: {a} is how much?
        """),
    ),
    "kelvin": Wordings(
        pretraining=lines(r"""
            {a} in K?
            {a} = ? K
            {a} = ____ K
            {a} to kelvin
            Kelvin for {a}?
            hey, how much is {a} in kelvin?
            Please convert {a} into kelvin.
            Change {a} into kelvin.
            Write {a} in kelvin.
            A room is at {a}. How many kelvin is it?
            What do you get if you change {a} to kelvin?
            Q: {a}, but in kelvin?
            The temperature {a} on the Kelvin scale is ____.
            If soup has {a}, what is its temperature in kelvin?
            In kelvin, {a} is ____.
            The thermometer shows {a}. What is that in kelvin?
            My oven shows {a}, but I need kelvin. How many are they?
            Can you tell me what {a} is in kelvin?
            Calculate the absolute temperature of {a}.
            Celsius: {a}. Kelvin: ?
            {a} equals how many kelvin?
            Which temperature in kelvin is the same as {a}?
            {a} неше кельвин?
            Температура {a}. In kelvin қанша болады?
            Steam left the pipe at {a}. Give that in kelvin.
            What absolute temperature has a metal plate at {a}?
        """),
        rounds=lines(r"""
            Quick check: {a} -> K?
            need {a} in kelvin pls
            Restate {a} as an absolute temperature.
            How would you write {a} using kelvin?
            The formula wants kelvin, but Kamila measured {a}. What should she put in?
            {a} is the same as ____ kelvin.
            For a reading of {a}, state the temperature in kelvin.
            On the Kelvin scale, where is {a}?
            Suppose an engine runs at {a}. Evaluate its temperature in kelvin.
            so it's {a}... that's how many kelvin?
            {a} температурасын kelvin етіп жаз.
            Counted from absolute zero, {a} is how many kelvin?
            Kelvin, please: {a} is how much?
        """),
    ),
}
