"""The rules that people agree to before they join a group. Own words; with a change of meaning the clinic raises
`together.groups.rules_version`.
"""

from services.interventions.catalogue import Text

RULES: tuple[Text, ...] = (
    Text(
        en="What is said in the group stays in the group. Please tell no one who else takes part.",
        es="Lo que se dice en el grupo se queda en el grupo. No diga a nadie quién más participa.",
    ),
    Text(
        en="Everybody's pain is real here. We listen, and we do not compare.",
        es="Aquí el dolor de cada persona es real. Escuchamos y no comparamos.",
    ),
    Text(
        en="You may share as much or as little as you like. You can always say: not today.",
        es="Puede contar mucho o poco, como quiera. Siempre puede decir: hoy no.",
    ),
    Text(
        en="Stand, lie down, move or leave the room whenever your body asks for it.",
        es="Póngase de pie, túmbese, muévase o salga de la sala cuando su cuerpo lo pida.",
    ),
    Text(
        en="We give no advice on medicines. Please ask your own doctor about those.",
        es="No damos consejos sobre medicinas. Pregunte sobre ellas a su médico o médica.",
    ),
    Text(
        en="Nobody takes pictures or records what is said.",
        es="Nadie hace fotos ni graba lo que se dice.",
    ),
    Text(
        en="A group is no help in an emergency. If you are in danger, call the numbers on the help page.",
        es="Un grupo no es ayuda en una emergencia. Si está en peligro, llame a los números de la página de ayuda.",
    ),
    Text(
        en="If you cannot come, let us know. You are welcome again the next time.",
        es="Si no puede venir, avísenos. La próxima vez será bienvenida su presencia.",
    ),
)
