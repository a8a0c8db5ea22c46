"""What a person reads about their next step. Every text stands in both languages side by side."""

from services.interventions.catalogue import Text
from services.interventions.domain.schedule import TaskState
from shared.contracts.interventions import Occasion

STEPS: dict[str, tuple[Text, Text]] = {
    "waiting_to_start": (
        Text(en="Your programme is ready for you", es="Su programa está listo"),
        Text(
            en="It starts when you say yes. Take the time you need, and ask us anything.",
            es="Empieza cuando usted diga que sí. Tómese el tiempo que necesite y pregunte lo que quiera.",
        ),
    ),
    "wait": (
        Text(en="Time to practise", es="Tiempo para practicar"),
        Text(
            en="Your next part opens soon. Until then, try out what you learned, at your own pace.",
            es="Su próxima parte se abre pronto. Hasta entonces, practique lo que aprendió, a su ritmo.",
        ),
    ),
    "wait_for_group": (
        Text(en="Your group meets soon", es="Su grupo se reúne pronto"),
        Text(
            en="Your next part opens when your group goes through it together.",
            es="Su próxima parte se abre cuando su grupo la vea en común.",
        ),
    ),
    "getting_ready": (
        Text(en="We are getting your next step ready", es="Estamos preparando su próximo paso"),
        Text(en="Please look again in a minute.", es="Vuelva a mirar en un minuto, por favor."),
    ),
    "await_clinician": (
        Text(en="You have done every part", es="Ha hecho todas las partes"),
        Text(
            en="Well done. Your clinician will look at how it went and talk with you about what comes next.",
            es="Muy bien. Su profesional verá cómo le fue y hablará con usted sobre lo que viene después.",
        ),
    ),
    "finished": (
        Text(en="Your programme has ended", es="Su programa ha terminado"),
        Text(
            en="Thank you for the work you put in. You can still read the parts that you opened.",
            es="Gracias por su esfuerzo. Todavía puede leer las partes que abrió.",
        ),
    ),
    "cancelled": (
        Text(en="Your programme was stopped", es="Su programa se detuvo"),
        Text(
            en="If you want to start again, please talk with your pain team. The door is open.",
            es="Si quiere empezar de nuevo, hable con su equipo del dolor. La puerta está abierta.",
        ),
    ),
}
"""Heading and explanation of each kind of step that has no text of its own."""

QUESTIONS: dict[Occasion, tuple[Text, Text]] = {
    "start": (
        Text(en="A few questions before you begin", es="Algunas preguntas antes de empezar"),
        Text(
            en="Your answers show where you stand now. You can stop and go on later.",
            es="Sus respuestas muestran cómo está ahora. Puede parar y seguir más tarde.",
        ),
    ),
    "middle": (
        Text(en="You are halfway. How are you doing?", es="Va por la mitad. ¿Cómo está?"),
        Text(
            en="The same questions as at the start help us see what has changed. You can stop and go on later.",
            es="Las mismas preguntas del principio nos ayudan a ver qué ha cambiado. Puede parar y seguir más tarde.",
        ),
    ),
    "end": (
        Text(en="The last questions", es="Las últimas preguntas"),
        Text(
            en="They show what has changed for you since the start. You can stop and go on later.",
            es="Muestran qué ha cambiado para usted desde el principio. Puede parar y seguir más tarde.",
        ),
    ),
}

MODULE = Text(
    en="Part {number} of {total}. About {minutes} minutes.", es="Parte {number} de {total}. Unos {minutes} minutos."
)
"""Stands before what the module is about."""

TASKS: dict[TaskState, Text] = {
    "not_yet_open": Text(
        en="This is not open yet. It opens by itself, and we will tell you.",
        es="Esto aún no está abierto. Se abre solo, y le avisaremos.",
    ),
    "due": Text(en="This is ready for you.", es="Esto está listo para usted."),
    "in_progress": Text(
        en="You have begun this. You can go on where you stopped.",
        es="Ya empezó esto. Puede seguir donde lo dejó.",
    ),
    "done": Text(
        en="You have done this. You can read it again at any time.",
        es="Ya hizo esto. Puede volver a leerlo cuando quiera.",
    ),
    "expired": Text(
        en="The time for this has passed, and that is all right. Just go on with what comes next.",
        es="El tiempo para esto ya pasó, y no pasa nada. Siga con lo que viene.",
    ),
}
"""What somebody reads who comes to something that they may, might or did do."""

WELCOME = Text(
    en="Good to see you. One small step is enough for today, and there is no hurry.",
    es="Qué bueno verle. Hoy basta con un paso pequeño, y no hay prisa.",
)
"""Greets whoever comes back after a while. Never a word on what was not done."""

MEETING = Text(en="Meeting, {clinic}", es="Reunión, {clinic}")
"""What a calendar calls a meeting of a group: others may see a person's calendar."""
