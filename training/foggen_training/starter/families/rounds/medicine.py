"""Facts of medicine: drugs, anatomy, normal values, terms, first aid."""

from __future__ import annotations

from ...family import Family
from ..drawing import facts, groups, members, pairs
from ..wordings import asked, phrased

DRUGS = groups("""
an antibiotic: amoxicillin, azithromycin, ciprofloxacin, doxycycline, penicillin G
a pain reliever of the NSAID kind: ibuprofen, naproxen, diclofenac
a beta blocker: metoprolol, atenolol, bisoprolol, propranolol
an ACE inhibitor: enalapril, lisinopril, ramipril, captopril
a statin: atorvastatin, simvastatin, rosuvastatin
a diuretic: furosemide, hydrochlorothiazide, spironolactone
an anticoagulant: warfarin, heparin, rivaroxaban, apixaban
an antihistamine: loratadine, cetirizine, diphenhydramine
a proton pump inhibitor: omeprazole, pantoprazole, lansoprazole
an opioid: morphine, fentanyl, codeine, oxycodone
an antidepressant: fluoxetine, sertraline, citalopram
a drug against diabetes: metformin, insulin glargine, glibenclamide
""")
CLASS = {drug: kind for kind, drugs in DRUGS.items() for drug in drugs}
BONES = pairs("""
the thigh: femur; the upper arm: humerus; the shin: tibia; the collar: clavicle; the shoulder blade: scapula; the knee cap: patella
the lower jaw: mandible; the breastbone: sternum; the heel: calcaneus; the skull's forehead: frontal bone; the thin bone beside the shin: fibula
the forearm on the thumb's side: radius; the forearm on the little finger's side: ulna; the fingers: phalanges
""")
VALUES = pairs("""
the resting heart rate of an adult: 60 to 100 beats a minute; the body temperature: about 36.5 to 37.5 degrees Celsius
the breathing rate of an adult: 12 to 20 a minute; the pH of arterial blood: 7.35 to 7.45; oxygen saturation: 95 to 100%
fasting blood sugar: 3.9 to 5.5 mmol/L; potassium in blood: 3.5 to 5.0 mmol/L; sodium in blood: 135 to 145 mmol/L
systolic blood pressure: about 90 to 120 mmHg; the body mass index: 18.5 to 24.9
""")
GERMS = groups("""
a disease caused by a virus: influenza, measles, rabies, chickenpox, mumps, polio, AIDS
a disease caused by bacteria: tuberculosis, cholera, plague, tetanus, diphtheria, typhoid fever
a disease caused by parasites: malaria, sleeping sickness, scabies
a disease that cannot be caught from others: diabetes, scurvy, asthma, haemophilia
""")
TERMS = pairs("""
inflammation of the liver: hepatitis; inflammation of the joints: arthritis; inflammation of the skin: dermatitis
a high blood pressure: hypertension; a low blood sugar: hypoglycaemia; a slow heart beat: bradycardia; a fast heart beat: tachycardia
pain of the head: cephalalgia; removal of the appendix: appendectomy; fear of narrow rooms: claustrophobia
inflammation of the stomach lining: gastritis; a heart attack: myocardial infarction; short sight: myopia; long sight: hyperopia
inflammation of the brain's covers: meningitis; trouble with swallowing: dysphagia; a stop of breathing: apnoea
""")
PRESCRIPTION = pairs("""
b.i.d.: twice a day; t.i.d.: three times a day; q.i.d.: four times a day; q.d.: once a day; p.o.: by mouth; i.v.: into a vein
i.m.: into a muscle; s.c.: under the skin; p.r.n.: when needed; a.c.: before meals; p.c.: after meals; h.s.: at bedtime
stat: at once; q6h: every six hours
""")
HORMONES = pairs("""
insulin: pancreas; thyroxine: thyroid; adrenaline: adrenal gland; oestrogen: ovary; testosterone: testis; melatonin: pineal gland
growth hormone: pituitary gland; renin: kidney; parathormone: parathyroid gland; gastrin: stomach
""")
SENSES = pairs("""
retina: eye; cochlea: ear; cornea: eye; eardrum: ear; alveoli: lungs; nephron: kidney; enamel: tooth; villi: small intestine
aorta: heart; cerebellum: brain; bile: liver; ventricle with the mitral valve: heart
""")


def _facts(name: str, table: dict[str, str], *questions: str, of: str = "") -> Family:
    return facts("medical", name, table, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _facts(
        "drug_class",
        CLASS,
        "Which class of drugs does {x} belong to?",
        "{x} is ____.",
        "What kind of drug is {x}?",
        of="the class of the drug {x}",
    ),
    members(
        "medical",
        "drug_of_class",
        DRUGS,
        asked(
            "Which of these is {x}?",
            "Choose {x}.",
            "____ is {x}.",
            "The doctor looks for {x}. Which one is it?",
        ),
    ),
    _facts(
        "bone",
        BONES,
        "What is the medical name of the bone of {x}?",
        "The bone of {x} is the ____.",
        "Which bone is in or at {x}?",
        "Anatomy: {x}, which bone?",
    ),
    _facts(
        "normal_value",
        VALUES,
        "What is normal for {x}?",
        "The usual range of {x} is ____.",
        "{x}: which range is healthy?",
        "Which is the reference range for {x}?",
    ),
    members(
        "medical",
        "cause_of_disease",
        GERMS,
        asked("Which of these is {x}?", "Choose {x}.", "____ is {x}.", "Find {x}."),
    ),
    _facts(
        "medical_term",
        TERMS,
        "What is the medical term for {x}?",
        "Doctors call {x} ____.",
        "{x}: which term?",
        "How is {x} named in a report?",
    ),
    _facts(
        "prescription",
        PRESCRIPTION,
        "What does '{x}' mean on a prescription?",
        "The doctor writes {x}. It means ____.",
        "'{x}' stands for what in medicine?",
        "Prescription: {x}?",
    ),
    _facts(
        "hormone_gland",
        HORMONES,
        "Which organ makes {x}?",
        "{x} comes from the ____.",
        "Where in the body is {x} made?",
        of="the source of {x}",
    ),
    _facts(
        "part_of_organ",
        SENSES,
        "To which organ does it belong: {x}?",
        "{x} is found in or at the ____.",
        "Where is the {x}?",
        "{x}: a part or product of which organ?",
    ),
)
