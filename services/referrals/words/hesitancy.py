"""Words for whoever hesitates: why, how they wish to hear from us, and why somebody says "not now" or no.

Staff read about the person; the person reads what they said, in the first person, so that a choice and its echo match.
Nobody is blamed, and no answer shuts a door.
"""

from shared.contracts.referrals import Language

UNDECIDED_FOR_STAFF: dict[Language, dict[str, str]] = {
    "en": {
        "needs_time": "Needs more time.",
        "pain_is_physical": "Feels that the pain is in the body and is not sure how this helps.",
        "worried_what_others_think": "Is worried about what others may think.",
        "bad_experience_before": "Has had a bad experience with care of this kind.",
        "fear_of_being_judged": "Is afraid of being judged, or of not being believed.",
        "does_not_see_how_it_helps": "Does not see yet how this could help.",
        "practical": "Time, travel or something else practical stands in the way.",
        "other": "Another reason.",
    },
    "es": {
        "needs_time": "Necesita más tiempo.",
        "pain_is_physical": "Siente que el dolor está en el cuerpo y no sabe bien cómo ayuda esto.",
        "worried_what_others_think": "Le preocupa lo que otros puedan pensar.",
        "bad_experience_before": "Ha tenido una mala experiencia con este tipo de atención.",
        "fear_of_being_judged": "Teme que le juzguen o que no le crean.",
        "does_not_see_how_it_helps": "Todavía no ve cómo podría ayudar esto.",
        "practical": "El tiempo, el viaje u otra cosa práctica lo dificulta.",
        "other": "Otro motivo.",
    },
}

UNDECIDED_FOR_PATIENTS: dict[Language, dict[str, str]] = {
    "en": {
        "needs_time": "I just need more time.",
        "pain_is_physical": "My pain is in my body, and I am not sure how this can help.",
        "worried_what_others_think": "I am worried about what others may think.",
        "bad_experience_before": "I have had help like this before, and it was not good.",
        "fear_of_being_judged": "I am afraid that somebody will judge me or not believe me.",
        "does_not_see_how_it_helps": "I do not see yet how this could help me.",
        "practical": "Time, travel or something else is in the way.",
        "other": "Something else.",
    },
    "es": {
        "needs_time": "Solo necesito más tiempo.",
        "pain_is_physical": "Mi dolor está en el cuerpo y no sé bien cómo puede ayudar esto.",
        "worried_what_others_think": "Me preocupa lo que otros puedan pensar.",
        "bad_experience_before": "Ya tuve una ayuda así antes y no fue buena.",
        "fear_of_being_judged": "Me da miedo que me juzguen o que no me crean.",
        "does_not_see_how_it_helps": "Todavía no veo cómo podría ayudarme esto.",
        "practical": "El tiempo, el viaje u otra cosa lo dificulta.",
        "other": "Otra cosa.",
    },
}

CONTACT_FOR_STAFF: dict[Language, dict[str, str]] = {
    "en": {
        "call": "Would like a call.",
        "message": "Would like a message.",
        "at_next_visit": "Would like to be asked at the next visit.",
        "no_contact_until_date": "Would like to hear nothing about this until the agreed day.",
    },
    "es": {
        "call": "Prefiere una llamada.",
        "message": "Prefiere un mensaje.",
        "at_next_visit": "Prefiere que se le pregunte en la próxima cita.",
        "no_contact_until_date": "Prefiere no saber nada de esto hasta el día acordado.",
    },
}

CONTACT_FOR_PATIENTS: dict[Language, dict[str, str]] = {
    "en": {
        "call": "Please call me.",
        "message": "Please send me a message.",
        "at_next_visit": "Please ask me at my next visit.",
        "no_contact_until_date": "Please leave me in peace about this until the day we agreed.",
    },
    "es": {
        "call": "Llámenme, por favor.",
        "message": "Envíenme un mensaje, por favor.",
        "at_next_visit": "Pregúntenme en mi próxima cita, por favor.",
        "no_contact_until_date": "No me hablen de esto hasta el día acordado, por favor.",
    },
}

NOT_NOW_FOR_STAFF: dict[Language, dict[str, str]] = {
    "en": {
        "life_is_full": "Has too much else to carry at the moment.",
        "other_treatment_first": "Would like to finish another treatment first.",
        "travel_or_health": "Is away, or not well enough at the moment.",
        "other": "Another reason.",
    },
    "es": {
        "life_is_full": "Ahora tiene demasiadas otras cosas.",
        "other_treatment_first": "Prefiere terminar antes otro tratamiento.",
        "travel_or_health": "Está fuera, o ahora no se encuentra lo bastante bien.",
        "other": "Otro motivo.",
    },
}

NOT_NOW_FOR_PATIENTS: dict[Language, dict[str, str]] = {
    "en": {
        "life_is_full": "My life is full right now.",
        "other_treatment_first": "I would like to finish another treatment first.",
        "travel_or_health": "I am away, or not well enough right now.",
        "other": "Something else.",
    },
    "es": {
        "life_is_full": "Ahora mismo tengo demasiadas cosas.",
        "other_treatment_first": "Prefiero terminar antes otro tratamiento.",
        "travel_or_health": "Estoy fuera, o ahora no me encuentro lo bastante bien.",
        "other": "Otra cosa.",
    },
}

NO_FOR_STAFF: dict[Language, dict[str, str]] = {
    "en": {
        "does_not_want_psychology": "Does not want psychological support.",
        "has_help_elsewhere": "Has help somewhere else.",
        "pain_is_better": "The pain is better, so it is not needed now.",
        "other": "Another reason.",
    },
    "es": {
        "does_not_want_psychology": "No quiere apoyo psicológico.",
        "has_help_elsewhere": "Tiene ayuda en otro lugar.",
        "pain_is_better": "El dolor va mejor y ahora no hace falta.",
        "other": "Otro motivo.",
    },
}

NO_FOR_PATIENTS: dict[Language, dict[str, str]] = {
    "en": {
        "does_not_want_psychology": "I do not want this kind of support.",
        "has_help_elsewhere": "I have help somewhere else.",
        "pain_is_better": "My pain is better.",
        "other": "Something else.",
    },
    "es": {
        "does_not_want_psychology": "No quiero este tipo de apoyo.",
        "has_help_elsewhere": "Tengo ayuda en otro lugar.",
        "pain_is_better": "Mi dolor va mejor.",
        "other": "Otra cosa.",
    },
}
