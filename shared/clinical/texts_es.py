"""The questionnaires in Spanish.

PHQ-9, PHQ-4 and GAD-7 are the Spanish versions their authors distribute (United States); PHQ-2 is the first two
questions of PHQ-9. PEG is this project's own translation: no published Spanish PEG was at hand, so a clinic replaces it
with a validated one where it has one. NRS and PGIC are questions in general use, in this project's own words.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from shared.clinical.credits import credit
from shared.clinical.questionnaire import FunctionQuestion, Wording

_STEM = "Durante las últimas 2 semanas, ¿qué tan seguido ha tenido molestias debido a los siguientes problemas?"
_PERIOD = "Las últimas 2 semanas"
_HOW_OFTEN = ((0, "Ningún día"), (1, "Varios días"), (2, "Más de la mitad de los días"), (3, "Casi todos los días"))
_INTERFERENCE = ("No ha interferido", "Ha interferido por completo")

_PHQ_9_ITEMS = (
    "Poco interés o placer en hacer cosas",
    "Se ha sentido decaído(a), deprimido(a) o sin esperanzas",
    "Ha tenido dificultad para quedarse o permanecer dormido(a), o ha dormido demasiado",
    "Se ha sentido cansado(a) o con poca energía",
    "Sin apetito o ha comido en exceso",
    "Se ha sentido mal con usted mismo(a) – o que es un fracaso o que ha quedado mal con usted mismo(a) o con su "
    "familia",
    "Ha tenido dificultad para concentrarse en ciertas actividades, tales como leer el periódico o ver la televisión",
    "¿Se ha movido o hablado tan lento que otras personas podrían haberlo notado? o lo contrario – muy inquieto(a) o "
    "agitado(a) que ha estado moviéndose mucho más de lo normal",
    "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera",
)
_GAD_7_ITEMS = (
    "Se ha sentido nervioso(a), ansioso(a) o con los nervios de punta",
    "No ha sido capaz de parar o controlar su preocupación",
    "Se ha preocupado demasiado por motivos diferentes",
    "Ha tenido dificultad para relajarse",
    "Se ha sentido tan inquieto(a) que no ha podido quedarse quieto(a)",
    "Se ha molestado o irritado fácilmente",
    "Ha tenido miedo de que algo terrible fuera a pasar",
)


_two_weeks = partial(Wording, language="es", period=_PERIOD, options=_HOW_OFTEN)

_PEG = Wording(
    measure="PEG",
    language="es",
    title="Su dolor esta semana",
    period="La última semana",
    stem="En cada pregunta, elija el número del 0 al 10 que mejor le describa.",
    items=(
        "¿Qué número describe mejor su dolor, en promedio, durante la última semana?",
        "¿Qué número describe mejor cuánto ha interferido el dolor en su disfrute de la vida durante la última semana?",
        "¿Qué número describe mejor cuánto ha interferido el dolor en su actividad general durante la última semana?",
    ),
    anchors=(("Ningún dolor", "El peor dolor que pueda imaginar"), _INTERFERENCE, _INTERFERENCE),
    **credit("PEG"),
)

_NRS = Wording(
    measure="NRS",
    language="es",
    title="Qué tan fuerte es su dolor",
    period="La última semana",
    stem="Piense en toda la última semana, con sus días mejores y sus días más difíciles.",
    items=("Del 0 al 10, ¿qué tan fuerte fue su dolor en promedio?",),
    anchors=(("Ningún dolor", "El peor dolor que pueda imaginar"),),
    **credit("NRS"),
)

_PGIC = Wording(
    measure="PGIC",
    language="es",
    title="Cómo han cambiado las cosas para usted",
    period="Desde que empezó su tratamiento aquí",
    stem="Piense en cómo estaba cuando empezó su tratamiento aquí y en cómo está ahora.",
    items=("En general, ¿cómo se encuentra hoy?",),
    options=(
        (1, "Muchísimo mejor"),
        (2, "Mucho mejor"),
        (3, "Un poco mejor"),
        (4, "Sin cambios"),
        (5, "Un poco peor"),
        (6, "Mucho peor"),
        (7, "Muchísimo peor"),
    ),
    **credit("PGIC"),
)

_FUNCTION = FunctionQuestion(
    text="Si marcó cualquiera de los problemas, ¿qué tanta dificultad le han dado estos problemas para hacer su "
    "trabajo, encargarse de las tareas del hogar, o llevarse bien con otras personas?",
    options=((0, "No ha sido difícil"), (1, "Un poco difícil"), (2, "Muy difícil"), (3, "Extremadamente difícil")),
)

SPANISH: Mapping[str, Wording] = MappingProxyType(
    {
        "PEG": _PEG,
        "NRS": _NRS,
        "PGIC": _PGIC,
        "PHQ-2": _two_weeks(
            measure="PHQ-2",
            title="Su ánimo últimamente",
            stem=_STEM,
            items=_PHQ_9_ITEMS[:2],
            **credit("PHQ-2"),
        ),
        "PHQ-4": _two_weeks(
            measure="PHQ-4",
            title="Cómo se ha sentido",
            stem=_STEM,
            items=(*_GAD_7_ITEMS[:2], *_PHQ_9_ITEMS[:2]),
            **credit("PHQ-4"),
        ),
        "PHQ-9": _two_weeks(
            measure="PHQ-9",
            title="Su ánimo, su sueño y su energía",
            stem=_STEM,
            items=_PHQ_9_ITEMS,
            function_question=_FUNCTION,
            **credit("PHQ-9"),
        ),
        "GAD-7": _two_weeks(
            measure="GAD-7",
            title="Preocupaciones y nervios",
            stem=_STEM,
            items=_GAD_7_ITEMS,
            **credit("GAD-7"),
        ),
    }
)
